/** Quantiles of Student's t distribution. */
import { normalQuantile } from './normal.js';

/**
 * The t with P(T <= t) = p, 0 < p < 1. Exact for 1 and 2 degrees of freedom, Infinity for fewer; beyond, the expansion of
 * Abramowitz and Stegun (26.7.5), whose relative error at p = .975 is below 2e-3.
 */
export function studentQuantile(p: number, degrees: number): number {
  if (degrees < 1) return p > 0.5 ? Infinity : -Infinity;
  if (degrees === 1) return Math.tan(Math.PI * (p - 0.5));
  if (degrees === 2) return (2 * p - 1) / Math.sqrt(2 * p * (1 - p));
  const x = normalQuantile(p);
  const [q, v] = [x * x, degrees];
  const terms = [
    (q + 1) / 4,
    ((5 * q + 16) * q + 3) / 96,
    (((3 * q + 19) * q + 17) * q - 15) / 384,
    ((((79 * q + 776) * q + 1482) * q - 1920) * q - 945) / 92160,
  ];
  return x * (1 + terms.reduce((sum, term, at) => sum + term / v ** (at + 1), 0));
}
