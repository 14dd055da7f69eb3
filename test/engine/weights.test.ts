import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../src/engine/backend.js';
import { assess } from '../../src/inference/gates/assess.js';
import { likelihoodOf, takeResponses } from '../../src/likelihood/index.js';
import { takeRows } from '../../src/maths/vector.js';
import { Stream } from '../../src/random.js';
import { fit } from '../../src/train/fit.js';
import type { FitData } from '../../src/train/types.js';
import { smallShape } from '../helpers/worlds.js';

beforeAll(() => startEngine());

const N = 90;
const stream = Stream.fromSeed('weighted rows');
const x = { rows: N, cols: 3, data: stream.split('x').normals(3 * N) };
const noise = stream.split('noise').normals(N);
const f = Float32Array.from({ length: N }, (_, n) => x.data[3 * n] - x.data[3 * n + 1] / 3);
const counts = Float32Array.from({ length: N }, (_, n) => 1 + (n * 5) % 3);
const repeated = Int32Array.from([...counts].flatMap((count, n) => Array.from({ length: count }, () => n)));
const Y = {
  regression: { rows: N, cols: 1, data: f.map((value, n) => value + 0.5 * noise[n]) },
  binary: { rows: N, cols: 1, data: f.map((value, n) => Number(value + noise[n] > 0)) },
  multiclass: {
    rows: N, cols: 3, data: Float32Array.from({ length: 3 * N }, (_, at) => Number(at % 3 === Math.floor(at / 3) % 3)),
  },
};

describe.each(['regression', 'binary', 'multiclass'] as const)('densities of weighted rows: %s', (task) => {
  const y = Y[task];
  const K = y.cols;
  const likelihood = likelihoodOf(task);
  const outputs = stream.split('outputs').normals(N * K);
  const ofRepeated = { y: takeRows(y, repeated), f: takeRows({ rows: N, cols: K, data: outputs }, repeated) };

  it('are those of repeated rows', () => {
    tf.tidy(() => {
      const logNoise = tf.tensor1d([0.2]);
      const weights = tf.tensor2d(counts, [N, 1]);
      const own = likelihood.terms(tf, tf.tensor2d(outputs, [N, K]), tf.tensor2d(y.data, [N, K]), logNoise, weights);
      const [many, targets] = [ofRepeated.f, ofRepeated.y].map(({ rows, data }) => tf.tensor2d(data, [rows, K]));
      const other = likelihood.terms(tf, many, targets, logNoise);
      expect(own.logLikelihood.dataSync()[0]).toBeCloseTo(other.logLikelihood.dataSync()[0], 2);
      expect(own.noiseGradient.dataSync()[0]).toBeCloseTo(other.noiseGradient.dataSync()[0], 2);
      const [sum, whole] = [own, other].map(({ outputGradient }) => tf.sum(outputGradient, 0).dataSync());
      sum.forEach((value, k) => expect(value).toBeCloseTo(whole[k], 3));
      const perDraw = [
        likelihood.perDraw(tf, tf.tensor3d(outputs, [1, N, K]), tf.tensor2d(y.data, [N, K]), 1.3, weights),
        likelihood.perDraw(tf, tf.reshape<tf.Rank.R3>(many, [1, repeated.length, K]), targets, 1.3),
      ].map((each) => each.dataSync()[0]);
      expect(perDraw[0]).toBeCloseTo(perDraw[1], 2);
    });
  });
});

describe('a fit to weighted rows', () => {
  const settings = {
    shape: smallShape('both', 'regression', 'silu', [4]), epochs: 1500, batch: 1000, learningRate: 0.01, gateLearningRate: 5,
    prior: { inclusion: 0.5, slabScale: 1 },
  };
  const learnt = async (data: FitData) => {
    const { posterior } = await fit(data, settings, Stream.fromSeed(1));
    return assess(posterior, data, { flips: 2, draws: 64, samples: 500 }, Stream.fromSeed(2));
  };

  it('is that to repeated rows, with its flips, bound and probabilities', async () => {
    const own = await learnt({ x, y: { ...Y.regression, weights: counts } });
    const other = await learnt({ x: takeRows(x, repeated), y: takeResponses(Y.regression, repeated) });
    // Chance: of the bound some tenths of a nat, of the noise a few hundredths.
    expect(Math.abs(own.elbo.elbo - other.elbo.elbo)).toBeLessThan(4 + 4 * (own.elbo.standardError + other.elbo.standardError));
    expect(Math.abs(Math.log(own.posterior.noiseVariance / other.posterior.noiseVariance))).toBeLessThan(0.1);
    own.inclusion.inputs.forEach((pip, i) => expect(Math.abs(pip - other.inclusion.inputs[i])).toBeLessThan(0.15));
    // Without the weights there would be half as many rows.
    const plain = await learnt({ x, y: Y.regression });
    expect(plain.elbo.elbo).toBeGreaterThan(own.elbo.elbo + 30);
  });
});
