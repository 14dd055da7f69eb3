import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { startEngine } from '../../../../src/engine/backend.js';
import { drawOutputs, PosteriorPredictor } from '../../../../src/inference/predictive/predict.js';
import { Stream } from '../../../../src/random.js';
import type { Activation, Matrix, Posterior } from '../../../../src/types.js';
import { maskedOutputs, randomPosterior, randomRows } from '../../../helpers/random-posterior.js';
import { gatedLayers, posteriorOfLayers } from '../../../helpers/gated-layers.js';

await startEngine();

function predict(posterior: Posterior, x: Matrix, draws: number, seed = 'predict') {
  const predictor = new PosteriorPredictor(posterior, draws, Stream.fromSeed(seed));
  const outputs = predictor.outputs(x);
  predictor.dispose();
  return outputs;
}

describe('a linear network', () => {
  const posterior = randomPosterior({ seed: 3, task: 'regression', activation: 'tanh', gates: 'both', features: [1, 2, 1], hidden: [] });
  const [layer] = gatedLayers(posterior);
  layer.z.set([0.3, 0.7, 1]);
  layer.alpha.set([0.9, 0.5, 0.4, 0.8]);
  const x = randomRows(2, 5, 4);
  const DRAWS = 4000;
  const { values, draws, rows, outputs, noiseVariance } = predict(posterior, x, DRAWS);

  /** E f and Var f with hard gates that the columns of a feature share. */
  function truth(row: ArrayLike<number>): { mean: number; variance: number } {
    let mean = layer.biasMu[0];
    let variance = layer.biasSigma[0] ** 2;
    for (let gate = 0; gate < 3; gate++) {
      const columns = [0, 1, 2, 3].filter((i) => layer.group[i] === gate);
      const z = layer.z[gate];
      const open = columns.reduce((sum, i) => sum + row[i] * layer.alpha[i] * layer.mu[i], 0);
      const spread = columns.reduce((sum, i) => {
        const [a, m, s] = [layer.alpha[i], layer.mu[i], layer.sigma[i]];
        return sum + row[i] ** 2 * (a * (s ** 2 + m ** 2) - (a * m) ** 2);
      }, 0);
      mean += z * open;
      variance += z * (spread + open ** 2) - (z * open) ** 2;
    }
    return { mean, variance };
  }

  it('has outputs with the mean and variance of the formula', () => {
    expect([draws, rows, outputs, noiseVariance]).toEqual([DRAWS, 5, 1, posterior.noiseVariance]);
    for (let n = 0; n < 5; n++) {
      const found = Array.from({ length: DRAWS }, (_, s) => values[s * 5 + n]);
      const mean = found.reduce((sum, v) => sum + v, 0) / DRAWS;
      const variance = found.reduce((sum, v) => sum + (v - mean) ** 2, 0) / DRAWS;
      const kurtosis = found.reduce((sum, v) => sum + (v - mean) ** 4, 0) / DRAWS / variance ** 2;
      const expected = truth(x.data.subarray(4 * n, 4 * n + 4));
      expect(Math.abs(mean - expected.mean)).toBeLessThan(5 * Math.sqrt(expected.variance / DRAWS));
      expect(Math.abs(variance / expected.variance - 1)).toBeLessThan(5 * Math.sqrt(kurtosis / DRAWS));
    }
  });

  it('has the same weights for all rows of a draw', () => {
    // Rows x1, x2 and (x1 + x2) / 2: a linear function of shared weights is linear in every draw.
    const data = Float32Array.of(1, 0, 2, -1, 0, 3, -1, 1, 0.5, 1.5, 0.5, 0);
    const { values: f } = predict(posterior, { rows: 3, cols: 4, data }, 50);
    for (let s = 0; s < 50; s++) expect(f[3 * s + 2]).toBeCloseTo((f[3 * s] + f[3 * s + 1]) / 2, 5);
  });

  it('gives rows in chunks what it gives them at once', () => {
    const predictor = new PosteriorPredictor(posterior, 3, Stream.fromSeed(1));
    const whole = predictor.outputs(x);
    const parts = [[0, 2], [2, 5]].map(([from, to]) =>
      predictor.outputs({ rows: to - from, cols: 4, data: x.data.slice(4 * from, 4 * to) }));
    predictor.dispose();
    for (let s = 0; s < 3; s++) {
      const joined = [...parts[0].values.subarray(2 * s, 2 * s + 2), ...parts[1].values.subarray(3 * s, 3 * s + 3)];
      joined.forEach((value, n) => expect(value).toBeCloseTo(whole.values[5 * s + n], 6));
    }
  });
});

describe.each(['tanh', 'relu', 'silu', 'sigmoid', 'xtanh'] as Activation[])('a certain network with %s', (activation) => {
  it('computes what its weights say, class by class', () => {
    const base = randomPosterior({ seed: 7, task: 'multiclass', activation, gates: 'both', features: [1, 2], hidden: [4, 3] });
    const sharp = posteriorOfLayers({ ...base, layers: gatedLayers(base).map((layer) => ({
      ...layer, sigma: layer.sigma.map(() => 0), biasSigma: layer.biasSigma.map(() => 0),
      z: layer.z.map((_, k) => (k === 1 ? 0 : 1)), alpha: layer.alpha.map((_, w) => (w % 5 === 3 ? 0 : 1)),
    })) });
    const masks = gatedLayers(sharp).map(({ z, alpha, group, outputs }) =>
      Uint8Array.from(alpha, (a, w) => a * z[group[Math.floor(w / outputs)]]));
    const x = randomRows(4, 6, 3);
    const { values, outputs } = predict(sharp, x, 2);
    const expected = maskedOutputs(sharp, masks, x);
    expect(outputs).toBe(3);
    for (const s of [0, 1]) expected.forEach((value, at) => expect(values[s * 18 + at]).toBeCloseTo(value, 4));
  });
});

describe('draws', () => {
  const posterior = randomPosterior({ seed: 1, task: 'binary', activation: 'silu', gates: 'both', features: [1, 1], hidden: [3] });
  const x = randomRows(1, 4, 2);

  it('depend on the stream alone, and the first ones not on how many follow', () => {
    expect(predict(posterior, x, 4)).toEqual(predict(posterior, x, 4));
    expect(predict(posterior, x, 4).values.subarray(0, 8)).toEqual(predict(posterior, x, 2).values);
    expect(predict(posterior, x, 4).values).not.toEqual(predict(posterior, x, 4, 'other').values);
  });

  it('are the same for several sets of rows at once', () => {
    const other = randomRows(9, 7, 2);
    const before = tf.memory().numTensors;
    expect(drawOutputs(posterior, 5, Stream.fromSeed('predict'), [x, other])).toEqual([predict(posterior, x, 5), predict(posterior, other, 5)]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leave no tensors behind once disposed', () => {
    const before = tf.memory().numTensors;
    predict(posterior, x, 4);
    expect(tf.memory().numTensors).toBe(before);
  });
});
