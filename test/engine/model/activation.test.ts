import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ACTIVATION_NAMES, ACTIVATIONS } from '../../../src/activations.js';
import { startEngine } from '../../../src/engine/backend.js';
import { TENSOR_ACTIVATIONS } from '../../../src/model/activation.js';

const POINTS = [-30, -4, -1.3, -0.2, 0.1, 0.9, 3, 30];
const PHI = {
  tanh: Math.tanh,
  relu: (a: number) => (a > 0 ? a : 0),
  sigmoid: (a: number) => 1 / (1 + Math.exp(-a)),
  silu: (a: number) => a / (1 + Math.exp(-a)),
  xtanh: (a: number) => a * Math.tanh(a),
};

beforeAll(() => startEngine());

describe.each(ACTIVATION_NAMES)('%s', (name) => {
  const { value, slope } = TENSOR_ACTIVATIONS[name];
  const phi = PHI[name];

  it('is the function of that name', () => {
    const found = tf.tidy(() => value(tf.tensor2d([POINTS])).dataSync());
    POINTS.forEach((a, at) => expect(Math.abs(found[at] - phi(a))).toBeLessThan(1e-5));
  });

  it('is the function of numbers of the same name', () => {
    const [values, slopes] = tf.tidy(() => {
      const a = tf.tensor2d([POINTS]);
      return [value(a).dataSync(), slope(a, value(a)).dataSync()];
    });
    POINTS.forEach((a, at) => {
      expect(Math.abs(values[at] - ACTIVATIONS[name].value(a))).toBeLessThan(1e-5);
      expect(Math.abs(slopes[at] - ACTIVATIONS[name].slope(a))).toBeLessThan(1e-5);
    });
  });

  it('has the slope of a central difference', () => {
    const found = tf.tidy(() => {
      const a = tf.tensor2d([POINTS]);
      return slope(a, value(a)).dataSync();
    });
    POINTS.forEach((a, at) => expect(Math.abs(found[at] - (phi(a + 1e-5) - phi(a - 1e-5)) / 2e-5)).toBeLessThan(1e-5));
  });
});
