/** The variance that a likelihood has of its own. */
import type { Likelihood } from '../likelihood/index.js';
import type { Response } from '../types.js';
import { Rows } from './rows.js';

/** The variance of highest likelihood given outputs [n, K], by golden section over its logarithm. */
export function bestNoise(likelihood: Likelihood, outputs: Float64Array, y: Response): number {
  const value = (log: number): number => new Rows(likelihood, y, Math.exp(log)).at(outputs);
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [-16, 10];
  let [left, right] = [high - golden * (high - low), low + golden * (high - low)];
  let [atLeft, atRight] = [value(left), value(right)];
  while (high - low > 1e-6) {
    if (atLeft > atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - golden * (high - low);
      atLeft = value(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + golden * (high - low);
      atRight = value(right);
    }
  }
  return Math.exp((low + high) / 2);
}
