/** Adam (Kingma, Ba 2015, algorithm 1), with a rate per parameter. */
import * as tf from '@tensorflow/tfjs-core';

/** A stretch of the parameters and the moments of its gradient, of one shape. */
export type AdamState = {
  theta: tf.Tensor;
  m: tf.Tensor;
  v: tf.Tensor;
};

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** The factor c_t of equation (26) of docs/method.md, which undoes the bias of both moments after `t` = 1, 2, ... steps. */
export const biasCorrection = (t: number): number => Math.sqrt(1 - BETA2 ** t) / (1 - BETA1 ** t);

/**
 * One step. `rates` (a scalar, or of theta's shape) are the learning rates, `correction` is {@link biasCorrection} of this step.
 */
export function adamStep(
  { theta, m, v }: AdamState, gradient: tf.Tensor, rates: tf.Tensor, correction: tf.Scalar,
): AdamState {
  const m1 = tf.add(m, tf.mul(tf.sub(gradient, m), 1 - BETA1)); // (25)
  const v1 = tf.add(v, tf.mul(tf.sub(tf.square(gradient), v), 1 - BETA2));
  const step = tf.div(m1, tf.add(tf.sqrt(v1), EPSILON));
  return { theta: tf.sub(theta, tf.mul(tf.mul(rates, correction), step)), m: m1, v: v1 }; // (26)
}
