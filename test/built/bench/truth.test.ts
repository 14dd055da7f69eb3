/** The arithmetic of bench:truth: NumPy's stream, the tables' statistics, folds, and the results file. */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { prune } from '../../../src/inference/prune/prune.js';
import { Stream } from '../../../src/random.js';
import { encoderFor, randomPosterior, randomRows } from '../../helpers/random-posterior.js';

/** Plain JavaScript, whose types are said here. */
const load = async <T>(name: string): Promise<T> => (await import(new URL(`../../../bench/truth/${name}.mjs`, import.meta.url).href)) as T;

interface Random { normal(): number; uniform(): number }
type Bins = { rows: { count: number; pip: number; share: number }[]; ece: number };
type Row = { row: string; variant: string; seed: number; tag: string; status: string; seconds?: number };

const { NumpyLegacy } = await load<{ NumpyLegacy: new (seed: number) => Random }>('numpy-legacy');
const statistics = await load<{
  standardError(values: number[]): number | undefined;
  wilson(k: number, n: number): [number, number];
  recovery(kept: string[], truth: string[]): { found: number; wrong: number; exact: boolean; tpr: number; fdr: number };
  reliability(pips: number[], truths: boolean[], bins?: number): Bins;
}>('statistics');
const { foldsOf } = await load<{ foldsOf(codes: Int32Array, folds: number, stream: Stream): Int32Array }>('files');
const { numbers } = await load<{ numbers(text: string): (n: number) => boolean }>('cells');
const results = await load<{ readResults(file: string): Row[]; appendResult(file: string, record: Row): void }>('results');
const { prunedWithBackground } = await load<{
  prunedWithBackground(cell: object): { metrics: { nll: number }; size: { nonZero: number } } | undefined;
}>('background');
const { agreement } = await load<{ agreement(records: object[]): { met: boolean; same: number } }>('agreement');
const { paired } = await load<{ paired(records: object[], model: string, share?: number): { mean: number; se: number; verdict: string } }>('groups');

describe("NumPy's legacy stream", () => {
  it('gives the numbers of numpy.random after seed', () => {
    const zero = new NumpyLegacy(0);
    expect([zero.normal(), zero.normal(), zero.normal()]).toEqual([1.764052345967664, 0.4001572083672233, 0.9787379841057392]);
    expect(new NumpyLegacy(4294967295).normal()).toBe(0.6484086742306527);
  });

  it('stays the same over many twists, and keeps the second value of a pair apart from uniform numbers', () => {
    const random = new NumpyLegacy(7);
    for (let i = 0; i < 5000; i++) random.normal();
    expect([random.normal(), random.uniform()]).toEqual([-0.008957212846241026, 0.8011854021120146]);
  });
});

describe('the pruned network with its background', () => {
  const encoder = encoderFor('binary', [1, 1]);
  const posterior = randomPosterior({ seed: 2, task: 'binary', activation: 'silu', gates: 'none', features: [1, 1], hidden: [] });
  const none = { weights: [new Float32Array(2)], nodes: [], inputs: new Float64Array(2) };
  const { model } = prune(posterior, none, encoder, { threshold: 0.5, level: 'all' });
  const x = randomRows(3, 40, 2);
  const y = Float32Array.from({ length: 40 }, (_, n) => n % 2);
  const cell = (background?: object) => ({
    learned: { best: 0, assessed: [{ posterior: { ...posterior, background }, inclusion: { inputs: none.inputs } }] },
    outcome: { model }, prepared: { encoder, sets: { test: { x, y } } },
  });

  it('is the background alone where nothing was kept and the network has no share', () => {
    const background = { weight: Float32Array.of(2, -1), bias: Float32Array.of(0.5), share: 0 };
    const { metrics, size } = prunedWithBackground(cell(background))!;
    const f = Array.from(y, (_, n) => 0.5 + 2 * x.data[2 * n] - x.data[2 * n + 1]);
    const losses = f.map((logit, n) => Math.log1p(Math.exp((1 - 2 * y[n]) * logit)));
    expect(metrics.nll).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / 40, 5);
    expect(size.nonZero).toBe(3);
  });

  it('is not measured without a background', () => expect(prunedWithBackground(cell())).toBeUndefined());
});

describe('statistics', () => {
  it('has the standard error of a mean, and none of one value', () => {
    expect(statistics.standardError([1, 2, 3, 4])).toBeCloseTo(Math.sqrt(5 / 3 / 4), 12);
    expect(statistics.standardError([1])).toBeUndefined();
  });

  it("has Wilson's interval", () => {
    const [low, high] = statistics.wilson(19, 20);
    expect(low).toBeCloseTo(0.7639, 4);
    expect(high).toBeCloseTo(0.9911, 4);
    expect(statistics.wilson(20, 20)[1]).toBe(1);
  });

  it('counts what is found and what is false', () => {
    expect(statistics.recovery(['a', 'b', 'x', 'y'], ['a', 'b', 'c'])).toEqual({ found: 2, wrong: 2, exact: false, tpr: 2 / 3, fdr: 0.5 });
    expect(statistics.recovery([], [])).toEqual({ found: 0, wrong: 0, exact: true, tpr: 1, fdr: 0 });
  });

  it('weighs the gaps of the bins by their counts', () => {
    const { rows, ece } = statistics.reliability([0.1, 0.1, 0.1, 1], [true, false, false, true], 2);
    expect(rows.map(({ count }) => count)).toEqual([3, 1]);
    expect(ece).toBeCloseTo(0.75 * (1 / 3 - 0.1), 12);
  });
});

describe('the paired difference', () => {
  const record = (dense: number, pruned: number) => ({ row: 'E5', metrics: { full: { accuracy: 0 }, dense: { accuracy: dense, accuracySe: 0.1 }, pruned: { accuracy: pruned } } });
  const error = (dense: number, pruned: number) => ({ row: 'E4a', metrics: { full: { rmse: 0 }, dense: { rmse: dense, rmseSe: 1 }, pruned: { rmse: pruned } } });

  it('is a gain in the direction of the metric', () => {
    expect(paired([record(0.8, 0.9), record(0.7, 0.82)], 'pruned').verdict).toBe('better');
    expect(paired([error(1, 2), error(2, 3.1)], 'pruned')).toMatchObject({ mean: -1.05, verdict: 'worse' });
  });

  it('is equal within the share of its standard error', () => {
    // Differences 0.1 and -0.16: mean -0.03, standard error 0.13. Then 0.01 and -0.2: mean -0.095, standard error 0.105.
    expect(paired([record(0.5, 0.6), record(0.5, 0.34)], 'pruned').verdict).toBe('equal');
    expect(paired([record(0.5, 0.51), record(0.5, 0.3)], 'pruned', 0.5).verdict).toBe('worse');
  });

  it('takes the error over the rows for a single cell', () => {
    expect(paired([record(0.8, 0.75)], 'pruned')).toMatchObject({ se: 0.1, verdict: 'equal' });
  });
});

describe('agreement of seeds', () => {
  const run = (kept: string[], b: [number, number]) => ({ kept, pips: [{ input: 'a', pipMin: 1, pipMax: 1 }, { input: 'b', pipMin: b[0], pipMax: b[1] }] });

  it('is met by four in five', () => {
    const four = [1, 2, 3, 4].map(() => run(['a'], [0, 0]));
    expect(agreement([...four, run(['a', 'b'], [0.9, 1])])).toMatchObject({ met: true, same: 4 });
  });

  it('else only when the spread crosses the threshold in half of the runs', () => {
    const three = (spread: [number, number]) => [run(['a'], spread), run(['a'], spread), run(['a'], [0, 0]), run(['a', 'b'], [0.9, 1])];
    expect(agreement([...three([0, 0.9]), run(['a', 'b'], [0.1, 1])]).met).toBe(true);
    expect(agreement([...three([0, 0.1]), run(['a', 'b'], [0.9, 1])]).met).toBe(false);
  });
});

describe('cells', () => {
  it('deals every class evenly over the folds', () => {
    const codes = Int32Array.from({ length: 53 }, (_, row) => Number(row % 5 === 0));
    const folds = foldsOf(codes, 5, Stream.fromSeed(1));
    for (const fold of [0, 1, 2, 3, 4]) {
      const rows = [...folds.keys()].filter((row) => folds[row] === fold);
      expect([10, 11]).toContain(rows.length);
      expect([2, 3]).toContain(rows.filter((row) => codes[row] === 1).length);
    }
  });

  it('reads spans of seeds', () => {
    const wanted = numbers('1-3,7');
    expect([1, 2, 3, 4, 5, 6, 7, 8].filter(wanted)).toEqual([1, 2, 3, 7]);
    expect(() => numbers('1-')).toThrow('--seeds 1-');
  });
});

describe('the results file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bnnc-truth-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const record = (seed: number, status: string, seconds = 1): Row => ({ row: 'E5', variant: 'both', seed, tag: 'study', status, seconds });

  it('passes over a line that was cut off, and goes on below it', () => {
    const file = path.join(folder, 'cut.jsonl');
    results.appendResult(file, record(1, 'done'));
    appendFileSync(file, '{"row":"E5","var');
    results.appendResult(file, record(2, 'done'));
    expect(results.readResults(file).map(({ seed }) => seed)).toEqual([1, 2]);
  });

  it('keeps the last of a cell, and figures before failures', () => {
    const file = path.join(folder, 'twice.jsonl');
    for (const one of [record(1, 'failed'), record(1, 'done', 2), record(1, 'unavailable'), record(1, 'done', 3)]) results.appendResult(file, one);
    expect(results.readResults(file)).toMatchObject([{ status: 'done', seconds: 3 }]);
  });
});
