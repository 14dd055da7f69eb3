import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../../src/engine/backend.js';
import { assess } from '../../../../src/inference/gates/assess.js';
import { withoutInputs } from '../../../../src/inference/rescue/without-inputs.js';
import { assessAndRescue, type Restart } from '../../../../src/inference/rescue/rescue.js';
import { likelihoodOf } from '../../../../src/likelihood/index.js';
import { Stream } from '../../../../src/random.js';
import { fit } from '../../../../src/train/fit.js';
import type { FitData, FitSettings } from '../../../../src/train/types.js';
import type { Posterior } from '../../../../src/types.js';
import { randomPosterior } from '../../../helpers/random-posterior.js';

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

/** The smallest sigma of the open edges of the first layer. */
const narrowest = ({ inputs: { z, group }, layers: [{ alpha, sigma, outputs }] }: Posterior): number =>
  Math.min(...sigma.filter((_, w) => alpha[w] > 0.9 && z[group[Math.floor(w / outputs)]] > 0.9));

const selected = (pips: ArrayLike<number>): number[] =>
  Array.from(pips, (pip, i) => (pip >= 0.5 ? i + 1 : 0)).filter((i) => i > 0);

describe('the rescue of a restart', () => {
  it('regains inputs that were closed, and never lowers the ELBO', async () => {
    const { posterior } = await fit(data, settings, stream.split('fit'));
    const z = Float32Array.from(posterior.inputs.z, (on, k) => (k === 2 ? 0.001 : on));
    const lost: Posterior = { ...posterior, inputs: { ...posterior.inputs, z } };
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

  it('keeps a weak input at a low temperature, with weights as sure as the rows are', async () => {
    // Worth 200 * 0.05^2 / (2 * 0.3^2) = 2.8 nats: less than the price of an input and its edges, and ten times that more.
    const weak = Float32Array.from(data.y.data, (y, n) => y + 0.05 * data.x.data[n * P + 1]);
    const own: FitData = { ...data, y: { ...data.y, data: weak } };
    const after = async (temperature: number): Promise<Restart> => {
      const tempered = { ...settings, temperature };
      const { posterior } = await fit(own, tempered, stream.split('fit'));
      return (await assessAndRescue(posterior, own, tempered, { ...OPTIONS, rescues: 0 }, stream.split('assess')))!;
    };
    const [one, tenth] = [await after(1), await after(0.1)];
    expect(selected(one.inclusion.inputs)).toEqual([1, 3]);
    expect(selected(tenth.inclusion.inputs)).toEqual(expect.arrayContaining([1, 2, 3]));
    const { elbo } = tenth;
    expect(elbo.elbo).toBeCloseTo(10 * elbo.logLikelihood - elbo.kl, 3);
    // The noise's standard deviation is found again, not one that ten times the rows would give.
    expect(Math.sqrt(tenth.posterior.noiseVariance)).toBeGreaterThan(0.25);
    expect(Math.sqrt(tenth.posterior.noiseVariance)).toBeLessThan(0.35);
    // Settled, an open weight of the first layer is about as wide as at temperature 1, not a third of it.
    expect(narrowest(tenth.posterior)).toBeGreaterThan(0.5 * narrowest(one.posterior));
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
    expect(likelihoodOf('regression').nullLogLikelihood(numbers)).toBeCloseTo(-1.5 * (Math.log((2 * Math.PI * 2) / 3) + 1), 6);
    const classes = { rows: 4, cols: 1, data: Float32Array.of(1, 0, 0, 0) };
    expect(likelihoodOf('binary').nullLogLikelihood(classes)).toBeCloseTo(Math.log(0.25) + 3 * Math.log(0.75), 6);
    const onehot = { rows: 2, cols: 3, data: Float32Array.of(1, 0, 0, 0, 1, 0) };
    expect(likelihoodOf('multiclass').nullLogLikelihood(onehot)).toBeCloseTo(2 * Math.log(0.5), 6);
  });

  it.each(['both', 'weight', 'node'] as const)('has no open input, gates %s', (gates) => {
    const posterior = randomPosterior({ seed: 3, task: 'regression', activation: 'silu', gates, features: [1, 2], hidden: [3] });
    const { inputs: { z, group }, units, layers: [first, second] } = withoutInputs(posterior);
    first.alpha.forEach((alpha, w) => expect(alpha * z[group[Math.floor(w / 3)]]).toBeLessThan(0.01));
    expect(second).toEqual(posterior.layers[1]);
    expect(units).toBe(posterior.units);
  });
});
