import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/backend.js';
import { layerForward } from '../../../src/model/layer.js';
import { makePacking } from '../../../src/model/packing/packing.js';
import { sigmoid, softplus } from '../../../src/maths/scalar.js';
import { block, layoutOf } from '../../../src/model/shape.js';
import { moments } from '../../../src/model/spike-slab.js';
import { Stream } from '../../../src/random.js';
import { GATES, randomTheta, smallShape } from '../../helpers/worlds.js';

beforeAll(() => startEngine());

const X = [[0.5, -1.2, 2], [1, 0, -0.3], [0, 0, 0], [-2, 0.7, 0.1]];

describe.each(GATES)('a layer with gates %s', (gates) => {
  const shape = smallShape(gates, 'multiclass', 'tanh', []);
  const layout = layoutOf(shape);
  const theta = randomTheta(layout, Stream.fromSeed(`layer ${gates}`));

  /** Pre-activations [B, k] for one value of the noise everywhere. */
  function preActivations(epsilon: number): number[][] {
    const packing = makePacking(shape, 'flat');
    const values = tf.tidy(() => {
      const blocks = packing.blocks({ theta: tf.tensor1d(theta) });
      const { zLogits } = blocks;
      const z = zLogits && ((vector: number): tf.Tensor1D => tf.sigmoid(zLogits[vector]));
      const m = moments(blocks.packs[0], tf.scalar(0), packing.packs[0], z, packing.kernels);
      return layerForward({
        h: tf.tensor2d(X), mean: tf.reshape(m.mean, [3, 3]), variance: tf.reshape(m.variance, [3, 3]), bias: blocks.biasMu,
        biasVariance: tf.square(tf.softplus(blocks.biasRho)), epsilon: tf.fill([X.length, 3], epsilon),
      }).a.arraySync();
    });
    packing.dispose();
    return values;
  }

  /** Mean and variance of one pre-activation over every combination of its three edges' gates, each open on its own. */
  function enumerated(x: number[], j: number): { mean: number; variance: number } {
    const at = (name: Parameters<typeof block>[2], k: number): number | undefined => block(theta, layout, name)?.[k];
    const edges = x.map((value, i) => {
      const w = i * 3 + j;
      const open = [at('alphaLogit', w), at('zLogit', shape.inputGroup[i])].reduce<number>((p, a) => p * (a === undefined ? 1 : sigmoid(a)), 1);
      return { open, mean: value * at('mu', w)!, variance: (value * softplus(at('rho', w)!)) ** 2 };
    });
    let first = 0;
    let second = 0;
    for (let bits = 0; bits < 8; bits++) {
      const on = edges.map((_, i) => (bits >> i) & 1);
      const probability = edges.reduce((p, { open }, i) => p * (on[i] ? open : 1 - open), 1);
      const mean = edges.reduce((sum, edge, i) => sum + on[i] * edge.mean, at('biasMu', j)!);
      const variance = edges.reduce((sum, edge, i) => sum + on[i] * edge.variance, softplus(at('biasRho', j)!) ** 2);
      first += probability * mean;
      second += probability * (mean ** 2 + variance);
    }
    return { mean: first, variance: second - first ** 2 };
  }

  it('has the mean and variance of the sum over all combinations of its gates', () => {
    const centre = preActivations(0);
    const above = preActivations(1);
    const below = preActivations(-2);
    X.forEach((x, n) => centre[n].forEach((found, j) => {
      const { mean, variance } = enumerated(x, j);
      expect(found).toBeCloseTo(mean, 5);
      expect(above[n][j] - found).toBeCloseTo(Math.sqrt(variance), 5);
      expect(below[n][j] - found).toBeCloseTo(-2 * Math.sqrt(variance), 5);
    }));
  });
});
