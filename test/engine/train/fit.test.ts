import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/backend.js';
import type { BnncError } from '../../../src/errors.js';
import { posteriorKl } from '../../../src/model/kl.js';
import { Stream } from '../../../src/random.js';
import { fit } from '../../../src/train/fit.js';
import type { FitData, FitHooks, FitResult, FitSettings, FitState } from '../../../src/train/types.js';
import { fitJobs, fitNames } from '../../../src/train/fits.js';
import { activeCounts } from '../../../src/train/history.js';
import type { Gates } from '../../../src/types.js';
import { smallShape } from '../../helpers/worlds.js';

beforeAll(() => startEngine());

const ROWS = 60;

/** y = tanh(x1) - x2 / 2 + noise; the third column is noise. */
function makeData(): FitData {
  const stream = Stream.fromSeed('fit data');
  const x = { rows: ROWS, cols: 3, data: stream.normals(3 * ROWS) };
  const noise = stream.normals(ROWS);
  const y = Float32Array.from({ length: ROWS }, (_, n) => Math.tanh(x.data[3 * n]) - x.data[3 * n + 1] / 2 + 0.3 * noise[n]);
  return { x, y: { rows: ROWS, cols: 1, data: y } };
}

const data = makeData();
const settings = (over: Partial<FitSettings> = {}): FitSettings => ({
  shape: smallShape('both', 'regression', 'silu', [4]), epochs: 400, batch: ROWS, learningRate: 0.01, gateLearningRate: 5,
  prior: { inclusion: 'auto', slabScale: 'auto' }, ...over,
});
const run = (over: Partial<FitSettings> = {}, from?: FitState, hooks?: FitHooks, seed = 1): Promise<FitResult> =>
  fit(data, settings(over), Stream.fromSeed(seed), from, hooks);

/** Aborts after some stretches of steps, wherever those end. */
function abortAfter(stretches: number): AbortSignal {
  let asked = 0;
  return { get aborted() { return asked++ >= stretches; } } as AbortSignal;
}

/** A Gaussian spike instead of gates. */
const spiked = smallShape('none', 'regression', 'silu', [4], 'gaussian');

describe('a fit of xtanh', () => {
  it('finds an even function down to its noise, of variance 0.04', async () => {
    const stream = Stream.fromSeed('even data');
    const [x, noise] = [{ rows: 200, cols: 3, data: stream.normals(600) }, stream.normals(200)];
    const y = Float32Array.from({ length: 200 }, (_, n) => x.data[3 * n] * Math.tanh(2 * x.data[3 * n]) - 0.8 + 0.2 * noise[n]);
    const even = { shape: smallShape('both', 'regression', 'xtanh', [4]), batch: 200, epochs: 2000 };
    const { posterior } = await fit({ x, y: { rows: 200, cols: 1, data: y } }, settings(even), Stream.fromSeed(1));
    expect(posterior.noiseVariance).toBeLessThan(0.08);
    expect(posterior.inputs.z[0]).toBeGreaterThan(0.9);
  });
});

describe.each([
  ['full batch', { batch: ROWS, epochs: 400 }], ['minibatches', { batch: 16, epochs: 130 }],
  ['a Gaussian spike', { batch: ROWS, epochs: 400, shape: spiked }],
])('a fit, %s', (_, over) => {
  let whole: FitResult;
  beforeAll(async () => { whole = await run(over); });
  const perEpoch = Math.floor(ROWS / over.batch);

  it('runs all its epochs and keeps its history', () => {
    expect(whole.done).toBe(true);
    const { step, history } = whole.state;
    expect(step).toBe(over.epochs * perEpoch);
    expect(history[history.length - 1]).toMatchObject({ step, epoch: over.epochs, beta: 1 });
    history.forEach((row, at) => {
      expect(row.step).toBe(row.epoch * perEpoch);
      expect(row.step).toBeGreaterThan(at === 0 ? 0 : history[at - 1].step);
      expect(row.elbo).toBe(row.logLikelihood - row.kl);
    });
    expect(history[history.length - 1].kl).toBe(posteriorKl(whole.posterior));
    expect(history[history.length - 1].active).toEqual(activeCounts(whole.posterior));
  });

  it('explains the data better than at its start', () => {
    const { history } = whole.state;
    expect(history[history.length - 1].logLikelihood).toBeGreaterThan(history[0].logLikelihood);
    expect(whole.posterior.noiseVariance).toBeLessThan(0.5);
  });

  it('is the same for the same seed, byte for byte, and another for another', async () => {
    expect((await run(over)).state).toEqual(whole.state);
    expect((await run(over, undefined, {}, 2)).state.theta).not.toEqual(whole.state.theta);
  });

  it.each([1, 2, 4, 7])('interrupted after %i stretches it goes on as if nothing had happened', async (stretches) => {
    const stopped = await run(over, undefined, { signal: abortAfter(stretches) });
    expect(stopped.done).toBe(false);
    expect(stopped.state.step).toBeGreaterThan(0);
    expect(stopped.state.step).toBeLessThan(whole.state.step);
    const resumed = await run(over, structuredClone(stopped.state));
    expect(resumed.state).toEqual(whole.state);
    expect(resumed.posterior).toEqual(whole.posterior);
  });

  it('interrupted again and again it still arrives at the same bytes', async () => {
    let result = await run(over, undefined, { signal: abortAfter(2) });
    let stops = 0;
    for (; !result.done; stops++) result = await run(over, structuredClone(result.state), { signal: abortAfter(2) });
    expect(stops).toBeGreaterThan(2);
    expect(result.state).toEqual(whole.state);
  });

  it('stops when a real signal says so after a row, and tells each row once', async () => {
    const controller = new AbortController();
    const steps: number[] = [];
    const onRow = ({ step }: { step: number }): void => {
      steps.push(step);
      if (steps.length === 3) controller.abort();
    };
    const stopped = await run(over, undefined, { onRow, signal: controller.signal });
    expect(steps).toEqual(whole.state.history.slice(0, 3).map(({ step }) => step));
    await run(over, stopped.state, { onRow });
    expect(steps).toEqual(whole.state.history.map(({ step }) => step));
  });
});

describe('the course of a fit', () => {
  it('holds gates, noise and prior until their time', async () => {
    const at = async (step: number): Promise<FitState> => {
      const controller = new AbortController();
      return (await run({}, undefined, {
        onRow: (row) => { if (row.step === step) controller.abort(); }, signal: controller.signal,
      })).state;
    };
    const { shape } = settings();
    const [open, free, noisy, ended] = [await at(100), await at(150), await at(250), (await run()).state];
    const gates = (state: FitState) => state.theta.subarray(2 * 16, 3 * 16 + shape.inputGates + 4);
    const logNoise = (state: FitState) => state.theta[state.theta.length - 1];
    expect(gates(open).every((logit) => logit === 3)).toBe(true);
    expect(gates(free).every((logit) => logit !== 3)).toBe(true);
    expect([open, free].map(logNoise)).toEqual([Math.fround(Math.log(0.2)), Math.fround(Math.log(0.2))]);
    expect(logNoise(noisy)).not.toBe(logNoise(free));
    for (const { prior } of [open, free, noisy]) expect(prior).toEqual({ node: [0.1, 0.1], edge: [0.1, 0.1], tau: [1, 1] });
    expect(ended.prior.tau[0]).not.toBe(1);
  });

  it('every row of the history is the mean of its own steps, whether it has 50 or fewer', async () => {
    // Parameters that hardly move give every row the same log-likelihood but for the noise of its draws.
    const { state } = await run({ learningRate: 1e-9, epochs: 420 });
    const rows = state.history.filter(({ step }) => step > 150);
    expect(state.history.map(({ step }) => step)).toEqual([50, 100, 150, 200, 250, 300, 350, 400, 420]);
    const mean = rows.reduce((sum, { logLikelihood }) => sum + logLikelihood, 0) / rows.length;
    for (const { logLikelihood } of rows) expect(Math.abs(logLikelihood / mean - 1)).toBeLessThan(0.2);
  });

  it('frees all its tensors', async () => {
    const before = tf.memory().numTensors;
    await run({ epochs: 60 });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('numbers that run away', () => {
  const extreme = { ...data, x: { ...data.x, data: data.x.data.map((v, k) => (k === 4 ? 1e30 : v)) } };

  it.each([
    ['a learning rate of 1e6', data, settings({ learningRate: 1e6 })],
    ['a value of 1e30', extreme, settings()],
  ])('%s: training stops and says what to try', async (_, rows, choice) => {
    const before = tf.memory().numTensors;
    const error = await fit(rows, choice, Stream.fromSeed(1)).then(() => undefined, (reason: BnncError) => reason);
    expect(error?.problems[0]).toMatchObject({
      code: 'training.non-finite', message: expect.stringMatching(/no longer finite at epoch \d+/) as string,
      hint: expect.stringContaining('train.learningRate') as string,
    });
    expect(error?.exitCode).toBe(5);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('the fits of a run', () => {
  const short = settings({ epochs: 100 });

  it('are the restarts and the network without gates', () => {
    const jobs = fitJobs(short, { gates: 'both', restarts: 2, reference: true });
    expect(jobs.map(({ name, settings: { shape } }) => [name, shape.gates])).toEqual([['restart 1', 'both'], ['restart 2', 'both'], ['reference', 'none']]);
    expect(fitNames({ gates: 'both', restarts: 2, reference: false })).toHaveLength(2);
    const dense = fitNames({ gates: 'none', restarts: 3, reference: true }).map(({ name }) => name);
    expect(dense).toEqual(['restart 1', 'restart 2', 'restart 3']);
  });

  it('gates auto: each kind has its restarts, and those of the first have the streams that they have alone', () => {
    const asked = { restarts: 2, reference: true };
    expect(fitNames({ gates: 'auto', ...asked }).map(({ name, gates }) => [name, gates])).toEqual([
      ['restart 1', 'both'], ['restart 2', 'both'], ['weight gates, restart 1', 'weight'], ['weight gates, restart 2', 'weight'],
      ['reference', 'none'],
    ]);
    expect(fitNames({ gates: 'both', ...asked }).slice(0, 2)).toEqual(fitNames({ gates: 'auto', ...asked }).slice(0, 2));
  });

  it('every second restart with two kinds of gates learns those of the edges first', () => {
    const courses = (gates: Gates): unknown[] =>
      fitJobs(short, { gates, restarts: 4, reference: true }).map(({ settings: { course } }) => course);
    expect(courses('both')).toEqual(['whole', 'edges', 'whole', 'edges', 'whole']);
    expect(courses('weight')).toEqual(['whole', 'whole', 'whole', 'whole', 'whole']);
  });

  it('a Gaussian spike has a reference too, without the spike', () => {
    const spike = fitJobs(short, { gates: 'none', spike: 'gaussian', restarts: 1, reference: true });
    expect(spike.map(({ name, settings: { shape } }) => [name, shape.spike])).toEqual([['restart 1', 'gaussian'], ['reference', 'dirac']]);
  });
});
