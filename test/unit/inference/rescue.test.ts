import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/backend.js';
import { assess } from '../../../src/inference/assess.js';
import { logLikelihoodOfNothing, withoutInputs } from '../../../src/inference/nothing.js';
import { assessAndRescue } from '../../../src/inference/rescue.js';
import { Stream } from '../../../src/random.js';
import { fit, type FitData, type FitSettings } from '../../../src/train/fit.js';
import type { Posterior } from '../../../src/types.js';
import { randomPosterior } from '../../helpers/random-posterior.js';

beforeAll(() => startEngine());

const N = 200;
const P = 6;
const OPTIONS = { flips: 1, draws: 8, samples: 200, rescues: 2 };
const stream = Stream.fromSeed('rescue');
/** Inputs 1 and 3 matter. */
const data: FitData = (() => {
  const x = stream.split('x').normals(N * P);
  const noise = stream.split('noise').normals(N);
  const y = Float32Array.from({ length: N }, (_, n) => 0.8 * x[n * P] - 0.5 * x[n * P + 2] + 0.3 * noise[n]);
  return { x: { rows: N, cols: P, data: x }, y: { rows: N, cols: 1, data: y } };
})();
const settings: FitSettings = {
  shape: {
    widths: [P, 6, 1], activation: 'silu', gates: 'both', task: 'regression', inputGates: P,
    inputGroup: Int32Array.from({ length: P }, (_, i) => i),
  },
  epochs: 1200, batch: N, learningRate: 0.02, gateLearningRate: 5, prior: { inclusion: 'auto', slabScale: 'auto' },
};

const selected = (pips: ArrayLike<number>): number[] =>
  Array.from(pips, (pip, i) => (pip >= 0.5 ? i + 1 : 0)).filter((i) => i > 0);

describe('the rescue of a restart', () => {
  it('regains inputs that were closed, and never lowers the ELBO', async () => {
    const { posterior } = await fit(data, settings, stream.split('fit'));
    const [first, ...rest] = posterior.layers;
    const z = Float32Array.from(first.z, (on, k) => (k === 2 ? 0.001 : on));
    const lost: Posterior = { ...posterior, layers: [{ ...first, z }, ...rest] };
    const before = assess(lost, data, OPTIONS, stream.split('assess'));
    expect(selected(before.inclusion.inputs)).toEqual([1]);
    const count = tf.memory().numTensors;
    const after = (await assessAndRescue(lost, data, settings, OPTIONS, stream.split('assess')))!;
    expect(tf.memory().numTensors).toBe(count);
    expect(selected(after.inclusion.inputs)).toEqual([1, 3]);
    // The input explains a quarter of the variance: far more than the three nats that are asked for.
    expect(after.elbo.elbo).toBeGreaterThan(before.elbo.elbo + 20);
    expect(await assessAndRescue(lost, data, settings, { ...OPTIONS, rescues: 0 }, stream.split('assess'))).toMatchObject(before);
  });

  it('stops when it is told to', async () => {
    const features = Array<number>(P).fill(1);
    const posterior = randomPosterior({ seed: 1, task: 'regression', activation: 'silu', gates: 'both', features, hidden: [6] });
    expect(await assessAndRescue(posterior, data, settings, OPTIONS, stream, AbortSignal.abort())).toBeUndefined();
  });
});

describe('a network that knows nothing', () => {
  it('has the log-likelihood of the best constant', () => {
    // -n/2 (log 2 pi s^2 + 1) with s^2 = 2/3.
    const numbers = { rows: 3, cols: 1, data: Float32Array.of(1, 2, 3) };
    expect(logLikelihoodOfNothing(numbers, 'regression')).toBeCloseTo(-1.5 * (Math.log((2 * Math.PI * 2) / 3) + 1), 6);
    const classes = { rows: 4, cols: 1, data: Float32Array.of(1, 0, 0, 0) };
    expect(logLikelihoodOfNothing(classes, 'binary')).toBeCloseTo(Math.log(0.25) + 3 * Math.log(0.75), 6);
    const onehot = { rows: 2, cols: 3, data: Float32Array.of(1, 0, 0, 0, 1, 0) };
    expect(logLikelihoodOfNothing(onehot, 'multiclass')).toBeCloseTo(2 * Math.log(0.5), 6);
  });

  it.each(['both', 'weight', 'node'] as const)('has no open input, gates %s', (gates) => {
    const posterior = randomPosterior({ seed: 3, task: 'regression', activation: 'silu', gates, features: [1, 2], hidden: [3] });
    const [first, second] = withoutInputs(posterior).layers;
    first.alpha.forEach((alpha, w) => expect(alpha * first.z[first.group[Math.floor(w / 3)]]).toBeLessThan(0.01));
    expect(second).toBe(posterior.layers[1]);
  });
});
