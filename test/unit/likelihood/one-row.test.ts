/** What a likelihood of a number says of one row and of a column: each against a definition of its own. */
import { describe, expect, it } from 'vitest';
import { likelihoodOf, outputsFor, unitsOf, type NumberLikelihood, type TargetCells } from '../../../src/likelihood/index.js';
import { Stream } from '../../../src/random.js';
import type { RowFacts, Target, Targets, Task } from '../../../src/types.js';

const numberOf = (task: Task): NumberLikelihood => {
  const likelihood = likelihoodOf(task);
  if (likelihood.kind !== 'number') throw new Error(`${task} is no number`);
  return likelihood;
};

/** A column of numbers as a likelihood sees it. */
const cellsOf = (values: readonly number[], facts: Partial<TargetCells> = {}): TargetCells => {
  const levels = [...new Set(values)].sort((a, b) => a - b);
  const places = Int32Array.from(values, (value) => levels.indexOf(value));
  return {
    name: 'y', rows: values.length, numeric: true, declared: false, levels: levels.map(String), levelsAreNumbers: true,
    numbers: () => Float64Array.from(values), codes: () => places, places: () => places, place: () => ({ file: 'y.csv' }),
    ...facts,
  };
};

const all = (values: readonly number[]): Int32Array => Int32Array.from(values.keys());

/** What is kept of a column of these numbers. @param rows the training rows; absent: all */
const fitted = <K extends keyof Targets>(
  task: K, values: readonly number[], facts: Partial<TargetCells> = {}, rows = all(values),
): Targets[K] =>
  numberOf(task).fit(cellsOf(values, facts), rows) as Targets[K];

const number = { name: 'y', mean: 20, scale: 4 };
const TARGETS: Target[] = [
  { ...number, task: 'regression' }, { ...number, task: 'student', degrees: 10 },
  { name: 'y', task: 'log-regression', mean: 1.2, scale: 0.6 },
  { name: 'y', task: 'weibull', scale: 12 }, { name: 'y', task: 'log-normal', scale: 12 },
  { name: 'y', task: 'poisson', rate: 3 }, { name: 'y', task: 'counts', rate: 3 },
];
const [F, NOISE] = [0.4, 0.35];

describe.each(TARGETS)('$task', (target) => {
  const likelihood = numberOf(target.task);
  const outputs = outputsFor(
    { task: target.task, draws: 1, rows: 1, outputs: 1, values: Float32Array.of(F), noiseVariance: NOISE }, target);
  const { scale, shift } = unitsOf(target);

  it('the standard deviation is that of its quantiles, and nothing is unknown of one network', () => {
    const count = 20_000;
    const drawn = Array.from({ length: count }, (_, n) => likelihood.quantiles(outputs, (n + 0.5) / count)[0]);
    const mean = drawn.reduce((sum, y) => sum + y, 0) / count;
    const sd = Math.sqrt(drawn.reduce((sum, y) => sum + (y - mean) ** 2, 0) / count);
    const { aleatoric, epistemic } = likelihood.uncertainty(outputs, target);
    // The last quantile is not the end of a tail.
    expect(aleatoric[0] / (sd * scale)).toBeCloseTo(1, 1.5);
    expect(epistemic[0]).toBe(0);
  });

  it('the export predicts what the likelihood expects', () => {
    const layer = { inputs: 1, outputs: 1, weight: Float32Array.of(0.5), bias: Float32Array.of(F - 0.5 * 3) };
    const { weight, bias, activation } = likelihood.head(layer, target, NOISE);
    const affine = weight[0] * 3 + bias[0];
    const said = likelihood.expected(outputs)[0] * scale + shift;
    expect((activation === 'exp' ? Math.exp(affine) : affine) / said).toBeCloseTo(1, 5);
    const script = typeof likelihood.script === 'string' ? likelihood.script : likelihood.script(NOISE);
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    const run = new Function('f', 'target', `return ${script}`) as (f: number, target: Target) => number;
    expect(run(F, target) / said).toBeCloseTo(1, 5);
  });

  it('a weight of two is a row twice, in the null model and its likelihood', () => {
    const y = Float32Array.of(2, 1, 7, 3, 4, 1);
    const weights = Float32Array.of(1, 2, 1, 3, 1, 2);
    const twice = Float32Array.from([...y].flatMap((value, n) => Array.from({ length: weights[n] }, () => value)));
    const known = { target } as never as RowFacts;
    const [weighted, repeated] = [
      likelihood.nullModel(y, target, { weights }), likelihood.nullModel(twice, target),
    ];
    expect(weighted.output[0]).toBeCloseTo(repeated.output[0], 5);
    expect(weighted.noiseVariance / repeated.noiseVariance).toBeCloseTo(1, 4);
    const [own, rows] = [y, twice].map((values) => likelihood.response(values, 1, known));
    expect(likelihood.nullLogLikelihood({ ...own, weights })).toBeCloseTo(likelihood.nullLogLikelihood(rows), 4);
  });

  it('no other output or noise has more likelihood than the null model', () => {
    const y = Float32Array.from(Stream.fromSeed('null model').normals(40), (z) => Math.round(Math.exp(1.5 + 0.8 * z)) + 1);
    const { data, rows, cols } = likelihood.response(y, 1, { target });
    const at = (f: number, noise: number): number => Array.from({ length: rows }, (_, n) =>
      likelihood.logDensity([f], data.subarray(n * cols, (n + 1) * cols), noise)).reduce((sum, each) => sum + each, 0);
    const { output: [f], noiseVariance } = likelihood.nullModel(y, target);
    for (const by of [-0.004, 0.004]) {
      expect(at(f + by, noiseVariance)).toBeLessThan(at(f, noiseVariance));
      if (likelihood.learnsNoise) expect(at(f, noiseVariance * (1 + 4 * by))).toBeLessThan(at(f, noiseVariance));
    }
  });
});

describe('what is kept of a column', () => {
  const values = [1, 2, 4, 8, 16, 32, 64, 100];
  const weights = Float32Array.of(1, 1, 1, 1, 2, 2, 2, 0);

  it('of a number are its mean and standard deviation over the training rows', () => {
    const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - 28.375) ** 2, 0) / 8);
    const kept = { name: 'y', task: 'regression', mean: expect.closeTo(28.375, 10), scale: expect.closeTo(sd, 10) };
    expect(fitted('regression', values)).toEqual(kept);
    expect(fitted('regression', [...values, 1e6], {}, all(values))).toEqual(kept);
  });

  it('of a number with outliers are its median and the spread of its quartiles', () => {
    const uniform = Array.from({ length: 101 }, (_, n) => (37 * n) % 101);
    const { mean, scale, degrees } = fitted('student', uniform);
    expect({ mean, degrees }).toEqual({ mean: 50, degrees: 4 });
    expect(scale).toBeCloseTo(50 / (2 * 0.6745), 10);
    // Quartiles that are the same have no spread.
    const most = [...Array.from({ length: 20 }, () => 5), 1, 9];
    expect(fitted('student', most).scale).toBeCloseTo(Math.sqrt(32 / 22), 10);
    const target = { name: 'y', task: 'student', mean, scale } as const;
    const variants = [2.5, 3, 4, 6, 10, 30].map((each) => ({ ...target, degrees: each }));
    expect(numberOf('student').variants!({ ...target, degrees })).toEqual(variants);
  });

  it.each(['weibull', 'log-normal'] as const)('of a time (%s) is its geometric mean, weighted', (task) => {
    const { scale } = fitted(task, values, { weights });
    expect(Math.log2(scale)).toBeCloseTo((0 + 1 + 2 + 3 + 2 * (4 + 5 + 6)) / 10, 6);
    const plain = fitted(task, values, {}, all(values.slice(0, 7)));
    expect(plain.scale).toBeCloseTo(8, 6);
    const events = new Uint8Array(8).fill(1, 7);
    expect(() => fitted(task, values, { events }, all(values.slice(0, 7)))).toThrow(/no training row has an event/);
    expect(() => fitted(task, values, { events })).not.toThrow();
  });

  it.each(['poisson', 'counts'] as const)('of a count (%s) is its rate in the exposure', (task) => {
    const exposure = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 1);
    const rate = (facts: Partial<TargetCells>, cells = values): number => fitted(task, cells, facts).rate;
    expect(rate({})).toBeCloseTo(227 / 8, 10);
    expect(rate({ exposure })).toBeCloseTo(227 / 29, 10);
    expect(rate({ exposure, weights })).toBeCloseTo((15 + 2 * 112) / (10 + 2 * 18), 10);
    // Without an event there is half of one.
    expect(rate({}, [0, 0, 0, 0])).toBeCloseTo(1 / 8, 10);
  });

  it('names the fault of a cell that has no density', () => {
    expect(numberOf('weibull').fault!(0)).toMatch(/not above 0/);
    expect(numberOf('weibull').fault!(0.1)).toBeUndefined();
    expect(numberOf('counts').fault!(-1)).toMatch(/negative/);
    expect(numberOf('counts').fault!(1.5)).toMatch(/no whole number/);
    expect(numberOf('counts').fault!(0)).toBeUndefined();
    expect(() => numberOf('counts').check(cellsOf([1, 2, -3]))).toThrow(/target -3 is negative/);
    expect(() => numberOf('regression').check(cellsOf([2, 2, 2]))).toThrow(/same value in every row/);
    expect(() => numberOf('regression').check(cellsOf([2, 2, 3]))).not.toThrow();
    expect(() => fitted('regression', [2, 2, 3], {}, all([2, 2]))).toThrow(/same value in the training rows/);
  });
});
