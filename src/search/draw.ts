/** Draws from finite distributions. */
import type { Stream } from '../random.js';

/** A place with a probability proportional to its weight; weights need not add up to 1. */
export function pick(weights: ArrayLike<number>, stream: Stream): number {
  let total = 0;
  for (let at = 0; at < weights.length; at++) total += weights[at];
  let left = stream.uniform() * total;
  let last = 0;
  for (let at = 0; at < weights.length; at++) {
    if (!(weights[at] > 0)) continue;
    last = at;
    left -= weights[at];
    if (left < 0) return at;
  }
  return last;
}

/** Small starting values of weights. */
export const small = (length: number, stream: Stream): Float64Array =>
  Float64Array.from(stream.normals(length), (value) => 0.1 * value);

/** Softmax of scores at a temperature, mixed with the uniform distribution over those that are finite. */
export function mixed(scores: Float64Array, power: number, uniform: number): Float64Array {
  let [top, count] = [-Infinity, 0];
  for (const score of scores) {
    if (score > -Infinity) count++;
    top = Math.max(top, score);
  }
  const shares = scores.map((score) => (score > -Infinity ? Math.exp(power * (score - top)) : 0));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share, at) => (scores[at] > -Infinity ? (1 - uniform) * share / total + uniform / count : 0));
}
