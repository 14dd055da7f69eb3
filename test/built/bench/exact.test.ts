/** The gold standards of bench:exact, against closed forms and against each other. */
import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/random.js';
import { keyOf, type Network } from '../../../src/search/network.js';
import { logPrior } from '../../../src/search/prior.js';

/** Plain JavaScript, whose types are said here. */
const load = async <T>(name: string): Promise<T> => (await import(new URL(`../../../bench/exact/${name}.mjs`, import.meta.url).href)) as T;

interface Structure { skips: number[]; units: number[][] }
interface Prior { inputs: number; sparsity: number; unitRatio: number; mostUnits: number }
interface Model { size: number; draw(stream: Stream): Float64Array; likelihood: Taken; prior: Taken }
type Taken = (w: Float64Array, gradient: Float64Array) => number;
type Table = { x: Float64Array[]; y: { data: Float32Array }; rows: number; likelihood: { normal: boolean } };
interface Entry { structure: Structure; key: string; runs: object[]; prior: number }

const { structuresOf, networkOf, logPriors } = await load<{
  structuresOf(p: number, mostUnits: number): Structure[];
  networkOf(structure: Structure): Network;
  logPriors(all: Structure[], prior: Prior): number[];
}>('structures');
const { Model } = await load<{ Model: new (table: Table, structure: Structure) => Model }>('model');
const { sample, logSum } = await load<{
  sample(model: Model, particles: number, stream: Stream): { log: number };
  logSum(logs: number[]): number;
}>('sampler');
const { aroundMode } = await load<{
  aroundMode(model: Model, start: Float64Array, draws: number, stream: Stream): { log: number } | undefined;
}>('modes');
const { linearEvidence, averaged } = await load<{
  linearEvidence(table: Table): (skips: number[]) => number[];
  averaged(logs: number[]): number;
}>('linear');
const { goldStandard, probabilities, logEvidence, logEvidenceAt } = await load<{
  goldStandard(
    table: Table, prior: Prior, others: ReadonlyMap<string, Float64Array>, stream: Stream,
  ): { entries: Entry[]; close: Entry[] };
  probabilities(entries: Entry[], prior: Prior): { pips: number[]; units: number[] };
  logEvidence(entry: Entry): number;
  logEvidenceAt(entry: Entry, scales: Record<string, number>): number | undefined;
}>('gold');

function tableOf(rows: number, inputs: number, normal: boolean, f: (row: number[]) => number, stream: Stream): Table {
  const x = Array.from({ length: inputs }, (_, c) => Float64Array.from(stream.split('x', c).normals(rows)));
  const noise = stream.split('noise').normals(rows);
  const data = Float32Array.from({ length: rows }, (_, n) => {
    const value = f(x.map((column) => column[n])) + noise[n];
    return normal ? value : Number(value > 0);
  });
  return { x, y: { data }, rows, likelihood: { normal } };
}

const prior = (inputs: number, mostUnits: number): Prior => ({ inputs, sparsity: inputs, unitRatio: 0.1, mostUnits });

describe('the prior by its definition', () => {
  it.each([[3, 2], [2, 3], [4, 1]])('is that of equations (32) and (33): %i inputs, at most %i units', (inputs, mostUnits) => {
    const all = structuresOf(inputs, mostUnits);
    const own = prior(inputs, mostUnits);
    expect(new Set(all.map((structure) => keyOf(networkOf(structure)))).size).toBe(all.length);
    const logs = logPriors(all, own);
    expect(logSum(logs)).toBeCloseTo(0, 10);
    all.forEach((structure, at) => {
      expect(logs[at]).toBeCloseTo(logPrior(networkOf(structure), { ...own, outputs: 1, forced: [] }), 10);
    });
  });
});

describe('the model of a structure', () => {
  it.each([true, false])('has the gradients of its densities (numbers: %s)', (normal) => {
    const stream = Stream.fromSeed('gradient');
    const model = new Model(tableOf(12, 2, normal, ([a]) => a, stream), { skips: [1], units: [[0], [0, 1]] });
    const w = model.draw(stream.split('w'));
    const [found, other] = [new Float64Array(w.length), new Float64Array(w.length)];
    for (const density of [model.likelihood.bind(model), model.prior.bind(model)] satisfies Taken[]) {
      density(w, found);
      w.forEach((value, p) => {
        const at = (moved: number): number => density(w.map((each, q) => (q === p ? moved : each)), other);
        const slope = (at(value + 1e-5) - at(value - 1e-5)) / 2e-5;
        expect(Math.abs(slope - found[p]) / (1 + Math.abs(slope))).toBeLessThan(1e-6);
      });
    }
  });
});

describe('sequential Monte Carlo', () => {
  const stream = Stream.fromSeed('sampler');

  it('has the evidence of linear models by quadrature', () => {
    const table = tableOf(60, 3, true, ([a, b]) => 0.5 * a - 0.3 * b, stream);
    const exact = linearEvidence(table);
    for (const skips of [[], [0], [0, 1, 2]]) {
      // Its standard deviation is about .2.
      expect(Math.abs(sample(new Model(table, { skips, units: [] }), 128, stream.split('linear', skips.length)).log
        - averaged(exact(skips)))).toBeLessThan(0.7);
    }
  });

  it('gives all targets of a few rows the probability 1 together, with units', () => {
    const rows = 4;
    const { x } = tableOf(rows, 2, false, () => 0, stream.split('sums'));
    const logs = Array.from({ length: 2 ** rows }, (_, labels) => {
      const y = { data: Float32Array.from({ length: rows }, (_each, n) => labels >> n & 1) };
      const table = { x, y, rows, likelihood: { normal: false } };
      return sample(new Model(table, { skips: [0], units: [[1], [0, 1]] }), 64, stream.split('sums', labels)).log;
    });
    expect(Math.abs(Math.exp(logSum(logs)) - 1)).toBeLessThan(0.1);
  });
});

describe('importance sampling around a mode', () => {
  const stream = Stream.fromSeed('modes');

  it('has the evidence of linear models by quadrature', () => {
    const table = tableOf(60, 2, true, ([a, b]) => 0.5 * a - 0.3 * b, stream);
    const model = new Model(table, { skips: [0, 1], units: [] });
    const exact = averaged(linearEvidence(table)([0, 1]));
    expect(Math.abs(aroundMode(model, Float64Array.of(0, 0.4, -0.2), 4000, stream.split('linear'))!.log - exact)).toBeLessThan(0.15);
  });

  it('counts the mirror images of like units', () => {
    // A factor of 2 for each unit that is mirrored, and another for the two that change places.
    const table = tableOf(150, 1, true, ([a]) => Math.abs(a - 1.2) + Math.abs(a + 1.2), stream.split('folds'));
    const model = new Model(table, { skips: [], units: [[0], [0]] });
    const { log } = sample(model, 128, stream.split('sample'));
    const start = Float64Array.of(0, -2.4, 2, 1, 2.4, 2, 1);
    expect(Math.abs(aroundMode(model, start, 4000, stream.split('around'))!.log - log)).toBeLessThan(1);
  });
});

describe('the gold standard', () => {
  const stream = Stream.fromSeed('gold');

  it('of linear models has the probabilities of quadrature, and the evidence at each scale', () => {
    const table = tableOf(60, 3, true, ([a, b]) => 0.6 * a - 0.35 * b, stream);
    const own = prior(3, 0);
    const all = structuresOf(3, 0);
    const exact = linearEvidence(table);
    const logs = logPriors(all, own).map((log, at) => log + averaged(exact(all[at].skips)));
    const { entries, close } = goldStandard(table, own, new Map(), stream.split('linear'));
    const { pips, units } = probabilities(entries, own);
    expect(units).toEqual([expect.closeTo(1, 10)]);
    pips.forEach((pip, input) => {
      const known = Math.exp(logSum(logs.filter((_, at) => all[at].skips.includes(input))) - logSum(logs));
      expect(Math.abs(pip - known)).toBeLessThan(0.08);
    });
    const [widest] = close.filter(({ structure: { skips } }) => skips.length > 0);
    const atScales = exact(widest.structure.skips);
    expect(Math.abs(logEvidenceAt(widest, { skip: 0, in: 0, out: 0 })! - atScales[6])).toBeLessThan(0.7);
    expect(Math.abs(logEvidence(widest) - averaged(atScales))).toBeLessThan(0.5);
  });

  it('looks closely at what it is told to', () => {
    const table = tableOf(30, 1, false, ([a]) => a, stream);
    const structure = { skips: [], units: [[0], [0]] };
    const { close } = goldStandard(table, prior(1, 2), new Map([[keyOf(networkOf(structure)), Float64Array.of(0, 0, 1, 0.1, 0, 1, 0.1)]]), stream.split('told'));
    expect(close.map((each) => each.structure)).toContainEqual(structure);
  });
});
