/** The negative binomial distribution of counts with mean mu and variance mu + alpha mu^2, in numbers and in tensors. */
import type * as Tensors from '@tensorflow/tfjs-core';
import type { TensorFlow, Vector } from './types.js';

/** Expected counts are at most e to this. */
export const MOST = 30;
/** Numbers of a row in a response: the count, log(exposure rate), log of the count's factorial. */
export const COLUMNS = 3;
/** Recurrences before an asymptotic series. */
const SHIFTS = 6;

/** The columns of a response, as tensors of one column. */
type Columns = [count: Tensors.Tensor2D, offset: Tensors.Tensor2D, logFactorial: Tensors.Tensor2D];

export function columnsOf(tf: TensorFlow, y: Tensors.Tensor2D): Columns {
  const column = (c: number): Tensors.Tensor2D => tf.slice(y, [0, c], [y.shape[0], 1]);
  return [column(0), column(1), column(2)];
}

/**
 * log Gamma(r + y) - log Gamma(r) - y log r, r = 1 / alpha, without the cancellation that these have where r is large: Stirling's
 * series at R = r + 6 after as many recurrences.
 */
function logRising(alpha: number, y: number): number {
  const r = 1 / alpha;
  const R = r + SHIFTS;
  let value = y * Math.log1p(SHIFTS * alpha) + (R + y - 0.5) * Math.log1p(y / R) - y + series(R + y) - series(R);
  for (let i = 0; i < SHIFTS; i++) value -= Math.log1p(y / (r + i));
  return value;
}

/** Stirling's series of log Gamma. */
const series = (x: number): number => 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5);

/** log p of one row. */
export function negativeBinomial(f: number, [y, offset, logFactorial]: Vector, alpha: number): number {
  const eta = Math.min(f + offset, MOST);
  return y * eta - (1 / alpha + y) * Math.log1p(alpha * Math.exp(eta)) + logRising(alpha, y) - logFactorial;
}

interface Constants {
  alpha: number;
  /** n. */
  values: Float64Array;
}

/** Of the latest dispersion: a search asks for the same rows many times. */
const known = new WeakMap<Float32Array, Constants>();

/** n: what does not depend on the outputs. @param y the data of a response */
export function constantsOf(y: Float32Array, alpha: number): Float64Array {
  const found = known.get(y);
  if (found?.alpha === alpha) return found.values;
  const values = Float64Array.from({ length: y.length / COLUMNS }, (_, n) =>
    logRising(alpha, y[COLUMNS * n]) - y[COLUMNS * n + 2]);
  known.set(y, { alpha, values });
  return values;
}

/** log p of each row, and its derivatives in f and in log alpha, as tensors. */
export function negativeBinomialTerms(
  tf: TensorFlow, f: Tensors.Tensor, y: Tensors.Tensor2D, alpha: Tensors.Tensor | number,
): Record<'own' | 'outer' | 'inner', Tensors.Tensor> {
  const [count, offset, logFactorial] = columnsOf(tf, y);
  const eta = tf.minimum(tf.add(f, offset), MOST);
  const mean = tf.exp(eta);
  const r = tf.div(1, alpha);
  const R = tf.add(r, SHIFTS);
  const full = tf.add(R, count);
  const grown = tf.log1p(tf.mul(alpha, mean));
  const stirling = (x: Tensors.Tensor): Tensors.Tensor => tf.div(tf.sub(1 / 12, tf.div(1 / 360, tf.square(x))), x);
  let rising = tf.add(tf.sub(tf.mul(tf.sub(full, 0.5), tf.log1p(tf.div(count, R))), count), tf.sub(stirling(full), stirling(R)));
  rising = tf.add(rising, tf.mul(count, tf.log1p(tf.mul(alpha, SHIFTS))));
  // digamma(r + y) - digamma(r)
  const slope = (x: Tensors.Tensor): Tensors.Tensor => tf.div(tf.add(0.5, tf.div(1 / 12, x)), x);
  let digamma = tf.sub(tf.log1p(tf.div(count, R)), tf.sub(slope(full), slope(R)));
  for (let i = 0; i < SHIFTS; i++) {
    const at = tf.add(r, i);
    rising = tf.sub(rising, tf.log1p(tf.div(count, at)));
    digamma = tf.add(digamma, tf.div(tf.div(count, at), tf.add(at, count)));
  }
  const own = tf.sub(tf.add(tf.sub(tf.mul(count, eta), tf.mul(tf.add(r, count), grown)), rising), logFactorial);
  const outer = tf.div(tf.sub(count, mean), tf.add(1, tf.mul(alpha, mean)));
  // -r d/dr, with d/dr log p = digamma(r + y) - digamma(r) - log(1 + alpha mu) + (mu - y) / (r + mu)
  const inner = tf.mul(r, tf.add(tf.sub(grown, digamma), tf.div(tf.sub(count, mean), tf.add(r, mean))));
  return { own, outer, inner };
}
