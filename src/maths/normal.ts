/** Distribution function of the standard normal. */

/** P(Z <= x), by erfc's Chebyshev-fitted rational form (Numerical Recipes 6.2.2); relative error below 1.2e-7. */
export function normalCdf(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 2 / (2 + z);
  // Written out: this is the innermost loop of predictive intervals.
  const polynomial = -1.26551223 + t * (1.00002368 + t * (0.37409196 + t * (0.09678418 + t * (-0.18628806
    + t * (0.27886807 + t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277))))))));
  const tail = 0.5 * t * Math.exp(-z * z + polynomial);
  return x >= 0 ? 1 - tail : tail;
}

const INVERSE_ROOT = 1 / Math.sqrt(2 * Math.PI);

/** Density of the standard normal. */
export const normalDensity = (x: number): number => INVERSE_ROOT * Math.exp(-0.5 * x * x);

/** The x with P(Z <= x) = p, 0 < p < 1, by bisection on {@link normalCdf}; within 1e-12 of that function's own inverse. */
export function normalQuantile(p: number): number {
  let [low, high] = [-40, 40];
  while (high - low > 1e-12) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
