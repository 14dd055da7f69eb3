/** Adam (Kingma, Ba 2015, algorithm 1) on one flat vector, with a rate per parameter. */
import * as tf from '@tensorflow/tfjs-core';

export type AdamState = {
  theta: tf.Tensor1D;
  m: tf.Tensor1D;
  v: tf.Tensor1D;
};

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** The factor that undoes the bias of both moments after `t` = 1, 2, ... steps. */
export const biasCorrection = (t: number): number => Math.sqrt(1 - BETA2 ** t) / (1 - BETA1 ** t);

/** One step. `rates` [P] holds each parameter's learning rate, `correction` is {@link biasCorrection} of this step. */
export function adamStep(state: AdamState, gradient: tf.Tensor1D, rates: tf.Tensor1D, correction: tf.Scalar): AdamState {
  const { theta, m, v } = state;
  const m1 = tf.add<tf.Tensor1D>(m, tf.mul(tf.sub(gradient, m), 1 - BETA1));
  const v1 = tf.add<tf.Tensor1D>(v, tf.mul(tf.sub(tf.square(gradient), v), 1 - BETA2));
  const step = tf.div(tf.mul(m1, correction), tf.add(tf.sqrt(v1), EPSILON));
  return { theta: tf.sub(theta, tf.mul(rates, step)), m: m1, v: v1 };
}
