/** Activations phi and their slopes on tensors, each a few operations; on numbers they are in activations.ts. */
import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../types.js';

interface TensorActivation {
  /** h = phi(a). */
  value(a: tf.Tensor2D): tf.Tensor2D;
  /** phi'(a), given a and h = phi(a): equation (11) of docs/method.md, by which equation (10) goes one layer down. */
  slope(a: tf.Tensor2D, h: tf.Tensor2D): tf.Tensor2D;
}

export const TENSOR_ACTIVATIONS: Record<Activation, TensorActivation> = {
  tanh: {
    value: (a) => tf.tanh(a),
    slope: (_, h) => tf.sub(1, tf.square(h)),
  },
  relu: {
    value: (a) => tf.relu(a),
    slope: (a) => tf.step(a),
  },
  sigmoid: {
    value: (a) => tf.sigmoid(a),
    slope: (_, h) => tf.sub(h, tf.square(h)),
  },
  silu: {
    value: (a) => tf.mul(a, tf.sigmoid(a)),
    slope: (a, h) => {
      const s = tf.sigmoid(a);
      return tf.add(s, tf.mul(h, tf.sub(1, s)));
    },
  },
  xtanh: {
    value: (a) => tf.mul(a, tf.tanh(a)),
    slope: (a, h) => {
      const t = tf.tanh(a);
      return tf.add(t, tf.sub(a, tf.mul(h, t)));
    },
  },
};
