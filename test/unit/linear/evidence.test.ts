import { describe, expect, it } from 'vitest';
import { enumerateModels, factorModel, singleEffects, type LinearProblem } from '../../../src/linear/index.js';
import { likelihoodOf } from '../../../src/likelihood/index.js';
import { Stream } from '../../../src/random.js';
import { finished, planted } from './tables.js';

const V = 0.7;
const column = ({ x }: LinearProblem, c: number): Float64Array =>
  Float64Array.from({ length: x.rows }, (_, n) => x.data[n * x.cols + c]);

/** log of the integral of e^f over a grid, by the trapezoidal rule. */
function logIntegral(f: (...at: number[]) => number, ranges: readonly (readonly [number, number])[], steps: number): number {
  let [top, sum] = [-Infinity, 0];
  const walk = (at: number[]): void => {
    if (at.length < ranges.length) {
      const [low, high] = ranges[at.length];
      for (let step = 0; step <= steps; step++) walk([...at, low + (high - low) * step / steps]);
      return;
    }
    const value = f(...at);
    sum = value > top ? sum * Math.exp(top - value) + 1 : sum + Math.exp(value - top);
    top = Math.max(top, value);
  };
  walk([]);
  return top + Math.log(sum * ranges.reduce((product, [low, high]) => product * (high - low) / steps, 1));
}

describe('evidence of a number', () => {
  const table = planted('regression', { rows: 15, inputs: 3, twins: [[2, 0, 0.6]], effects: { 0: [0.8] } }, 'evidence');
  const [x, z] = [column(table, 0), column(table, 2)];
  const centred = (values: ArrayLike<number>): number[] => {
    const all = Array.from(values);
    return all.map((value) => value - all.reduce((sum, each) => sum + each, 0) / all.length);
  };
  const y = centred(table.y.data);
  const density = (f: (n: number) => number, t: number): number => {
    const squares = y.reduce((sum, value, n) => sum + (value - f(n)) ** 2, 0);
    // The flat intercept takes a degree of freedom; inverse gamma (1/2, .005).
    return -(y.length - 1) / 2 * t - squares / 2 * Math.exp(-t) - 0.5 * t - 0.005 * Math.exp(-t);
  };
  const normal = (b: number): number => -b * b / (2 * V) - Math.log(2 * Math.PI * V) / 2;
  const nothing = logIntegral((t) => density(() => 0, t), [[-6, 4]], 400);

  it('of one input is the integral over coefficient and variance', () => {
    const own = centred(x);
    const brute = logIntegral((b, t) => density((n) => b * own[n], t) + normal(b), [[-5, 5], [-6, 4]], 400) - nothing;
    const model = factorModel(table, [V]);
    expect(model.beside([]).log[0]).toBeCloseTo(brute, 3);
    expect(model.joint([0])).toBeCloseTo(brute, 3);
  });

  it('of an input beside another, in either order', () => {
    const [own, other] = [centred(x), centred(z)];
    const brute = logIntegral((b, c, t) => density((n) => b * own[n] + c * other[n], t) + normal(b) + normal(c),
      [[-4, 4], [-4, 4], [-6, 4]], 100) - nothing;
    const model = factorModel(table, [V]);
    expect(model.joint([0, 2])).toBeCloseTo(brute, 3);
    expect(model.joint([0]) + model.beside([0]).log[2]).toBeCloseTo(brute, 3);
    expect(model.joint([2]) + model.beside([2]).log[0]).toBeCloseTo(brute, 3);
  });

  it('is averaged over the prior variances', () => {
    const each = [0.1, 3].map((variance) => Math.exp(factorModel(table, [variance]).joint([0])));
    expect(Math.exp(factorModel(table, [0.1, 3]).joint([0]))).toBeCloseTo((each[0] + each[1]) / 2, 6);
  });

  it('has the columns of an input together', () => {
    const apart = factorModel(table, [V]).joint([0, 2]);
    const together = { ...table, group: Int32Array.of(0, 1, 0), inputs: 2 };
    expect(factorModel(together, [V]).beside([]).log[0]).toBeCloseTo(apart, 8);
  });
});

describe('evidence of classes', () => {
  const density = ({ task, y }: LinearProblem, f: (n: number) => number[]): number => {
    let sum = 0;
    for (let n = 0; n < y.rows; n++) sum += likelihoodOf(task).logDensity(f(n), y.data.subarray(n * y.cols, (n + 1) * y.cols), 1);
    return sum;
  };
  const wide = (a: number): number => -a * a * 0.005 - Math.log(2 * Math.PI * 100) / 2;
  const normal = (b: number, variance = V): number => -b * b / (2 * variance) - Math.log(2 * Math.PI * variance) / 2;

  it('two: quadrature is the integral, also where the classes separate', () => {
    for (const [seed, size] of [['mild', 1], ['apart', 30]] as const) {
      const table = planted('binary', { rows: 30, inputs: 2, effects: { 0: [size] } }, seed);
      const x = column(table, 0);
      const nothing = logIntegral((a) => density(table, () => [a]) + wide(a), [[-6, 6]], 400);
      const both = (a: number, b: number): number => density(table, (n) => [a + b * x[n]]) + wide(a) + normal(b, 10);
      const brute = logIntegral(both, [[-12, 12], [-6, 18]], 400);
      // Both have Laplace's approximation for the intercept alone.
      expect(Math.abs(factorModel(table, [10]).beside([]).log[0] - (brute - nothing))).toBeLessThan(0.05);
    }
  });

  it('three: Laplace is near the integral', () => {
    const table = planted('multiclass', { rows: 40, inputs: 1, effects: { 0: [1, 0, -1] } }, 'three');
    const x = column(table, 0);
    // The logits of three classes and one constant for all: only differences to the third count, whose priors follow.
    const differences = (b: number, c: number, variance: number): number =>
      -(b * b - b * c + c * c) / (3 * variance) - Math.log(2 * Math.PI * variance * Math.sqrt(3));
    const nothing = logIntegral((a, e) => density(table, () => [a, e, 0]) + differences(a, e, 100), [[-4, 4], [-4, 4]], 60);
    const brute = logIntegral((a, e, b, c) => density(table, (n) => [a + b * x[n], e + c * x[n], 0])
      + differences(a, e, 100) + differences(b, c, 1), [[-3, 3], [-3, 3], [-1, 5], [-2, 4]], 20);
    expect(Math.abs(factorModel(table, [1]).beside([]).log[0] - (brute - nothing))).toBeLessThan(0.15);
  });
});

describe('single effects beside all models', () => {
  const tables: [string, LinearProblem][] = [
    ['a number', planted('regression', { rows: 100, inputs: 8, effects: { 1: [0.7], 4: [0.25] } }, 'all-1')],
    ['a number, twins', planted('regression', { rows: 100, inputs: 7, twins: [[2, 1, 0.95]], effects: { 1: [0.5], 5: [0.3] } }, 'all-2')],
    ['noise', planted('regression', { rows: 60, inputs: 6 }, 'all-3')],
    ['two classes', planted('binary', { rows: 150, inputs: 6, effects: { 0: [0.8], 3: [0.4] } }, 'all-4')],
    ['two classes, twins', planted('binary', { rows: 200, inputs: 6, twins: [[1, 0, 0.9]], effects: { 0: [0.9], 4: [-0.5] } }, 'all-5')],
  ];

  it.each(tables)('%s: PIPs are within .05', (_, table) => {
    const exact = finished(enumerateModels(table, factorModel(table))).pips;
    const { pips } = finished(singleEffects(table, factorModel(table)));
    expect(Math.max(...pips.map((pip, j) => Math.abs(pip - exact[j])))).toBeLessThan(0.05);
  });

  it('all models of two inputs, by hand', () => {
    const table = planted('regression', { rows: 40, inputs: 2, effects: { 0: [0.4] } }, 'by hand');
    const { pips, log } = finished(enumerateModels(table, factorModel(table), 0.3));
    const odds = 0.3 / 0.7;
    const weights = [1, odds * Math.exp(log[1]), odds * Math.exp(log[2]), odds * odds * Math.exp(log[3])];
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    expect(pips[0]).toBeCloseTo((weights[1] + weights[3]) / total, 10);
    expect(log[3]).toBeCloseTo(factorModel(table).joint([0, 1]), 10);
  });

  it('refuses more than 12 inputs', () => {
    const table = planted('regression', { rows: 20, inputs: 13 }, 'many');
    expect(() => finished(enumerateModels(table, factorModel(table)))).toThrow('at most 12');
  });
});

describe('noise', () => {
  it('gives no set and small PIPs in 20 tables', () => {
    let sets = 0;
    for (let seed = 0; seed < 20; seed++) {
      const table = planted(seed % 2 ? 'binary' : 'regression', { rows: 100, inputs: 20 }, `noise ${seed}`);
      const effects = finished(singleEffects(table, factorModel(table)));
      sets += effects.sets.length;
      expect(Math.max(...effects.pips)).toBeLessThan(0.6);
    }
    expect(sets).toBe(0);
  });
});

describe('more inputs than rows', () => {
  it('finds what was planted', () => {
    for (const task of ['regression', 'binary'] as const) {
      const table = planted(task, { rows: 80, inputs: 400, effects: { 17: [4], 230: [-3] } }, `wide ${task}`);
      const { sets } = finished(singleEffects(table, factorModel(table)));
      expect(sets.map(({ inputs: [first] }) => first).sort((a, b) => a - b)).toEqual([17, 230]);
    }
  });
});

describe('correlated inputs', () => {
  it('are found where one alone explains nearly as much as two', () => {
    // x1 and x2 correlate by .8; the target follows both, and a first look takes their neighbour x0, which is their mean.
    const stream = Stream.fromSeed('suppressed');
    const base = planted('regression', { rows: 300, inputs: 4, twins: [[2, 1, 0.3]] }, 'suppressed');
    const { data, cols, rows } = base.x;
    const noise = stream.normals(2 * rows);
    for (let n = 0; n < rows; n++) data[n * cols] = (data[n * cols + 1] + data[n * cols + 2]) / 1.6 + 0.3 * noise[n];
    const y = Float32Array.from({ length: rows }, (_, n) => data[n * cols + 1] + data[n * cols + 2] + 0.5 * noise[rows + n]);
    const table = { ...base, y: { rows, cols: 1, data: y } };
    const { pips } = finished(singleEffects(table, factorModel(table)));
    expect([...pips].map((pip) => pip > 0.5)).toEqual([false, true, true, false]);
  });
});
