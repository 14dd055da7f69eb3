/** Weights of rows, and the decision threshold, from the config to what is measured, exported and evaluated. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../../src/api/evaluate.js';
import { predict } from '../../../src/api/predict.js';
import { prune } from '../../../src/api/prune.js';
import { train, type TrainedRun } from '../../../src/api/train.js';
import type { PruneOutcome } from '../../../src/prune/prune-run.js';
import { Stream } from '../../../src/random.js';
import { readMetrics, readSplitRows } from '../../../src/store/parts.js';

/** Log odds -2.2 + 1.5 a, a standard normal: one row in six is `yes`; b says nothing. */
const N = 400;
const stream = Stream.fromSeed('weighted rows of a rare class');
const [a, b] = ['a', 'b'].map((name) => stream.split(name).normals(N));
const u = stream.split('u').uniforms(N);
const rows = Array.from({ length: N }, (_, n) => ({
  a: a[n], b: b[n], w: 1 + (n % 3), ill: u[n] < 1 / (1 + Math.exp(2.2 - 1.5 * a[n])) ? 'yes' : 'no',
}));

let folder: string;
let run: TrainedRun;
let small: PruneOutcome;
let parts: Record<'train' | 'test', typeof rows>;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bnnc-weights-'));
  run = await train({
    rows, target: 'ill', jobs: 1, data: { weights: 'w' }, model: { hidden: [3] }, search: { steps: 0 }, inclusion: { rescues: 0 },
    train: { epochs: 400, restarts: 1, reference: false }, out: path.join(folder, 'run'),
  });
  small = await prune(run, { out: path.join(folder, 'model'), formats: ['json', 'safetensors'] });
  const splits = await readSplitRows(run);
  const of = (split: 'train' | 'test'): typeof rows => Array.from(splits[split], (row) => rows[row]);
  parts = { train: of('train'), test: of('test') };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('weights of rows', () => {
  it('are in what evaluate says of the rows that were held out, as in what prune said', async () => {
    const { metrics, weights } = await evaluate(path.join(folder, 'model'), parts.test);
    expect(weights).toBe('w');
    expect(metrics).toEqual(small.report.metrics!.exported);
    const { metrics: plain } = await evaluate(small, parts.test.map((row) => ({ ...row, w: 1 })));
    expect(plain.nll).not.toBeCloseTo(metrics.nll, 4);
    expect((await evaluate(run, parts.test)).weights).toBe('w');
  });
});

describe('the decision threshold of the training rows', () => {
  it('is the best of all on these rows, with their weights', async () => {
    const of = async (decisionThreshold: number | 'auto'): Promise<number> =>
      (await evaluate(small, parts.train, { decisionThreshold })).metrics.balancedAccuracy!;
    const probabilities = (await predict(small, parts.train)).map((each) => each.probabilities!.yes);
    const others = await Promise.all([0, 0.5, 1, ...probabilities].map(of));
    expect(await of('auto')).toBeCloseTo(Math.max(...others), 9);
  });

  it('is that of the run, of its median model, or of the export', async () => {
    const { full, median } = await readMetrics(run);
    expect((await evaluate(run, parts.test, { decisionThreshold: 'auto' })).decisionThreshold).toBe(full.decisionThreshold);
    expect(median.decisionThreshold).toBeGreaterThan(0);
    const [one, other] = [await evaluate(small, parts.test, { decisionThreshold: 'auto' }), small.model.decisionThreshold!];
    expect(one.decisionThreshold).toBe(other);
    const file = path.join(folder, 'model', 'model.safetensors');
    expect((await evaluate(file, parts.test, { decisionThreshold: 'auto' })).decisionThreshold).toBe(other);
  });

  it('finds more rows of the rare class', async () => {
    const recall = async (options: object): Promise<number> => (await evaluate(run, parts.test, options)).classes![1].recall!;
    const [usual, auto] = [await recall({}), await recall({ decisionThreshold: 'auto' })];
    expect(auto).toBeGreaterThan(usual + 0.2);
    const named = async (options: object): Promise<number> =>
      (await predict(small, parts.test, options)).filter(({ value }) => value === 'yes').length;
    expect(await named({ decisionThreshold: 'auto' })).toBeGreaterThan(await named({}));
  });
});
