/** The variance that a likelihood has of its own. */
import type { Likelihood } from '../likelihood/index.js';
import { maximum } from '../maths/golden.js';
import type { Response } from '../types.js';
import { Rows } from './rows.js';

/** The variance of highest likelihood given outputs [n, K], by golden section over its logarithm. */
export const bestNoise = (likelihood: Likelihood, outputs: Float64Array, y: Response): number =>
  Math.exp(maximum((log) => new Rows(likelihood, y, Math.exp(log)).at(outputs), -16, 10, 1e-6));
