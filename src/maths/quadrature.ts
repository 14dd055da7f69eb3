/** Gauss-Hermite quadrature for expectations under the standard normal. */

/** E g(Z) is about sum_k weight_k g(node_k), exact for polynomials up to degree 17 (Abramowitz, Stegun, 25.10). */
export const HERMITE_NODES = Float64Array.of(
  -4.512745863399783, -3.20542900285647, -2.076847978677830, -1.023255663789133, 0,
  1.023255663789133, 2.076847978677830, 3.20542900285647, 4.512745863399783,
);
export const HERMITE_WEIGHTS = Float64Array.of(
  2.234584400774658e-5, 2.789141321231769e-3, 4.991640676521788e-2, 2.440975028949394e-1, 4.063492063492063e-1,
  2.440975028949394e-1, 4.991640676521788e-2, 2.789141321231769e-3, 2.234584400774658e-5,
);

/** log(sum of e^v) without overflow; -Infinity of nothing. */
export function logSumExp(values: ArrayLike<number>): number {
  let top = -Infinity;
  for (let at = 0; at < values.length; at++) top = Math.max(top, values[at]);
  if (top === -Infinity) return top;
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += Math.exp(values[at] - top);
  return top + Math.log(sum);
}
