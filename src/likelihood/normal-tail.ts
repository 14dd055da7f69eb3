/** Logarithms of normal tails: what is left where a time is only known to be larger. */
import type * as Tensors from '@tensorflow/tfjs-core';
import type { TensorFlow } from './types.js';

/** erfc(z) = t exp(-z^2 + sum of these times t^i), t = 1 / (1 + z / 2): Chebyshev's fit, relative error below 1.2e-7. */
const ERFC = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277,
];
const HALF_LOG_2_PI = Math.log(2 * Math.PI) / 2;

/** log(erfc(z) / 2) for z >= 0. */
function logHalfErfc(z: number): number {
  const t = 2 / (2 + z);
  return Math.log(t / 2) - z * z + ERFC.reduceRight((sum, coefficient) => sum * t + coefficient, 0);
}

/** log P(Z > w) of a standard normal. */
export function logNormalTail(w: number): number {
  const tail = logHalfErfc(Math.abs(w) / Math.SQRT2);
  return w >= 0 ? tail : Math.log1p(-Math.exp(tail));
}

/** phi(w) / P(Z > w). */
export const millsRatio = (w: number): number => Math.exp(-w * w / 2 - HALF_LOG_2_PI - logNormalTail(w));

/** The logarithm of a tail, by tensors. */
export function logNormalTailTensor(tf: TensorFlow, w: Tensors.Tensor): Tensors.Tensor {
  const z = tf.div(tf.abs(w), Math.SQRT2);
  const t = tf.div(2, tf.add(z, 2));
  const polynomial = ERFC.reduceRight<Tensors.Tensor | undefined>((sum, coefficient) =>
    (sum ? tf.add(tf.mul(sum, t), coefficient) : tf.mul(tf.onesLike(t), coefficient)), undefined)!;
  const tail = tf.add(tf.sub(tf.log(tf.div(t, 2)), tf.square(z)), polynomial);
  // Of a negative w both parts are finite: e^tail is at most 1 / 2.
  return tf.where(tf.greaterEqual(w, 0), tail, tf.log1p(tf.neg(tf.exp(tail))));
}
