import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/backend.js';
import { adamStep, biasCorrection, type AdamState } from '../../../src/train/adam.js';

beforeAll(() => startEngine());

const RATES = [0.1, 0.01, 0];
/** A bowl that is not round, with its gradient. */
const gradient = (theta: number[]): number[] => [2 * theta[0] + theta[1], 30 * (theta[1] - 1) + theta[0], theta[2]];

/** Algorithm 1 of the paper, with its epsilon beside the uncorrected root, one number at a time. */
function byHand(steps: number): number[][] {
  let theta = [1, -2, 3];
  const m = [0, 0, 0];
  const v = [0, 0, 0];
  const path: number[][] = [];
  for (let t = 1; t <= steps; t++) {
    const g = gradient(theta);
    theta = theta.map((value, k) => {
      m[k] = 0.9 * m[k] + 0.1 * g[k];
      v[k] = 0.999 * v[k] + 0.001 * g[k] ** 2;
      const rate = (RATES[k] * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t);
      return value - (rate * m[k]) / (Math.sqrt(v[k]) + 1e-8);
    });
    path.push(theta);
  }
  return path;
}

describe('Adam', () => {
  it('takes the steps of the loop written by hand', () => {
    const expected = byHand(200);
    const rates = tf.tensor1d(RATES);
    let state: AdamState = { theta: tf.tensor1d([1, -2, 3]), m: tf.zeros([3]), v: tf.zeros([3]) };
    expected.forEach((theta, at) => {
      const slope = gradient([...state.theta.dataSync()]);
      const next = tf.tidy(() => adamStep(state, tf.tensor1d(slope), rates, tf.scalar(biasCorrection(at + 1))));
      tf.dispose(state);
      state = next;
      theta.forEach((value, k) => expect(Math.abs(state.theta.dataSync()[k] - value)).toBeLessThan(2e-4));
    });
    expect(state.theta.dataSync()[2]).toBe(3);
    tf.dispose([state, rates]);
  });

  it('first step: the learning rate, whatever the gradient\'s size', () => {
    for (const size of [1e-3, 1, 1e4]) {
      const theta = tf.tidy(() => adamStep(
        { theta: tf.tensor1d([0, 0]), m: tf.zeros([2]), v: tf.zeros([2]) }, tf.tensor1d([size, -size]),
        tf.tensor1d([0.1, 0.02]), tf.scalar(biasCorrection(1)),
      ).theta.dataSync());
      expect(theta[0]).toBeCloseTo(-0.1, 4);
      expect(theta[1]).toBeCloseTo(0.02, 4);
    }
  });
});
