import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/backend.js';
import { localRunner } from '../../../src/jobs/runner.js';
import { cholesky, solveFactored } from '../../../src/maths/cholesky.js';
import { Stream } from '../../../src/random.js';
import { shardRows, stretches } from '../../../src/train/partition.js';
import type { FitData, FitResult, FitSettings, FitState } from '../../../src/train/types.js';
import { handlers } from '../../../src/work/handlers.js';
import { fitShards } from '../../../src/work/shards.js';
import type { StreamPath, TrainTasks } from '../../../src/work/tasks.js';

beforeAll(() => startEngine());

const FEATURES = 4;
const shape = (hidden: number[], gates: 'both' | 'none'): FitSettings['shape'] => ({
  widths: [FEATURES, ...hidden, 1], activation: 'silu', gates, task: 'regression', inputGroup: Int32Array.from({ length: FEATURES }, (_, i) => i),
  inputGates: FEATURES,
});
const settings = (own: Partial<FitSettings>): FitSettings => ({
  shape: shape([], 'none'), epochs: 1500, batch: 1024, learningRate: 0.01, gateLearningRate: 5,
  prior: { inclusion: 'auto', slabScale: 1 }, ...own,
});

/** Rows of y = f(x) + noise; columns correlate. */
function rowsOf(rows: number, f: (x: Float32Array) => number, noise: number): FitData {
  const stream = Stream.fromSeed('shards');
  const [own, common, e] = [stream.normals(rows * FEATURES), stream.normals(rows), stream.normals(rows)];
  const data = own.map((value, at) => 0.8 * value + 0.6 * common[Math.floor(at / FEATURES)]);
  const y = Float32Array.from({ length: rows }, (_, n) => f(data.subarray(n * FEATURES, (n + 1) * FEATURES)) + noise * e[n]);
  return { x: { rows, cols: FEATURES, data }, y: { rows, cols: 1, data: y } };
}

interface Asked { partitions: number; rounds: number; from?: FitState; joins?: FitState[]; stopAfter?: number }

async function go(
  data: FitData, own: FitSettings, { partitions, rounds, from, joins = [], stopAfter = Infinity }: Asked,
): Promise<FitResult> {
  const stop = new AbortController();
  const task = { data, settings: own, stream: [1, 'fit', 'restart 1'] as StreamPath, from };
  const onJoin = async (state: FitState): Promise<void> => {
    joins.push(structuredClone(state));
    if (joins.length >= stopAfter) stop.abort();
  };
  const runner = localRunner<TrainTasks>(handlers, stop.signal);
  return fitShards(runner, task, { partitions, rounds }, { onRow: () => {}, onJoin }).finally(() => runner.close());
}

describe('shards of rows', () => {
  it('hold every row once, and are of one size but for a row', () => {
    const data = rowsOf(23, () => 0, 1);
    const shards = shardRows(data, 4, Stream.fromSeed(1));
    expect(shards.map(({ length }) => length).sort()).toEqual([5, 6, 6, 6]);
    expect(shards.flatMap((rows) => [...rows]).sort((a, b) => a - b)).toEqual(Array.from({ length: 23 }, (_, n) => n));
    expect(shards.map((rows) => [...rows])).not.toEqual(shardRows(data, 4, Stream.fromSeed(2)).map((rows) => [...rows]));
  });

  it('are trained on in rounds that end with rows of the history, the last one with the fit', () => {
    const shards = shardRows(rowsOf(100, () => 0, 1), 3, Stream.fromSeed(1));
    const all = stretches(settings({ epochs: 1000 }), shards, 7);
    expect(all.map(({ until }) => until)).toEqual([150, 300, 450, 600, 750, 900, 1000]);
    expect(all[0]).toEqual({ until: 150, rows: 100, smallest: 33 });
  });
});

describe('a fit to shards', () => {
  it('of a linear model has the posterior mean of all rows, which is known', async () => {
    const data = rowsOf(90, (x) => 0.7 * x[0] - 0.4 * x[1] + 0.2 * x[3] + 0.1, 0.5);
    const { posterior: { layers: [layer], noiseVariance } } = await go(data, settings({}), { partitions: 3, rounds: 30 });
    const exact = ridge(data, [...Array(90).keys()], noiseVariance);
    const found = [...layer.mu, layer.biasMu[0]];
    const apart = (means: readonly number[]): number => Math.max(...means.map((value, i) => Math.abs(value - exact[i])));
    expect(apart(found)).toBeLessThan(0.02);
    // A shard alone says something else.
    const shards = shardRows(data, 3, Stream.fromSeed(1).split('partitions'));
    for (const rows of shards) expect(apart(ridge(data, [...rows], noiseVariance))).toBeGreaterThan(0.06);
  });

  it('finds the inputs that count, and goes on after an interruption as if there had been none', async () => {
    const data = rowsOf(300, (x) => Math.abs(x[0]) + x[2], 0.3);
    const own = settings({ shape: shape([6], 'both'), epochs: 1500, prior: { inclusion: 'auto', slabScale: 'auto' } });
    const asked = { partitions: 3, rounds: 15 };
    const whole = await go(data, own, asked);
    expect(whole.done).toBe(true);
    expect(Array.from(whole.posterior.inputs.z, (z) => Number(z > 0.5))).toEqual([1, 0, 1, 0]);
    expect(whole.state).toMatchObject({ step: 1500 });
    const rows = whole.state.history;
    expect(rows.map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, r) => 50 * (r + 1)));
    // Of the whole table: what each shard's likelihood would be, taken N / N_k times.
    for (const { elbo, logLikelihood, kl } of rows) expect(elbo).toBeCloseTo(logLikelihood - kl, 1);

    const joins: FitState[] = [];
    const stopped = await go(data, own, { ...asked, joins, stopAfter: 4 }).then(({ done }) => done, () => false);
    expect(stopped).toBe(false);
    expect((await go(data, own, { ...asked, from: joins[3] })).state).toEqual(whole.state);
  });
});

/** The posterior mean of weights N(0, 1) and a bias N(0, 1), of these rows. */
function ridge({ x, y }: FitData, rows: readonly number[], noise: number): number[] {
  const at = (n: number, i: number): number => (i === FEATURES ? 1 : x.data[n * FEATURES + i]);
  const size = FEATURES + 1;
  const normal = Float64Array.from({ length: size * size }, (_, place) => {
    const [i, j] = [Math.floor(place / size), place % size];
    return rows.reduce((all, n) => all + at(n, i) * at(n, j), 0) / noise + (i === j ? 1 : 0);
  });
  const right = Float64Array.from({ length: size }, (_, i) => rows.reduce((all, n) => all + at(n, i) * y.data[n], 0) / noise);
  return [...solveFactored(cholesky(normal, size)!, right, size)];
}
