/** How strongly blocks of columns go together, whatever their scales are. */
import { average } from './statistics.js';

/** Of what is left of a column without those before it, so little is rounding. */
const NOTHING = 1e-6;

/** An orthonormal basis of some columns about their means, by weight: of n rows each. */
export type Basis = Float64Array[];

/** By Gram and Schmidt; columns that follow from those before them are left out. @param weights of the rows; absent: 1 each */
export function basisOf(columns: readonly ArrayLike<number>[], weights?: ArrayLike<number>): Basis {
  const basis: Basis = [];
  for (const column of columns) {
    const mean = average(column, weights);
    const own = Float64Array.from(column, (value, n) => (value - mean) * Math.sqrt(weights ? weights[n] : 1));
    const before = Math.sqrt(dot(own, own));
    for (const other of basis) {
      const share = dot(own, other);
      for (let n = 0; n < own.length; n++) own[n] -= share * other[n];
    }
    const left = Math.sqrt(dot(own, own));
    if (left > NOTHING * before && left > 0) basis.push(own.map((value) => value / left));
  }
  return basis;
}

/**
 * Of single columns Pearson's correlation; of others the root mean square of their canonical correlations (Cramer's V of two
 * categories, the correlation ratio of a category and a number), which has no sign. 0 where one of them does not vary.
 */
export function association(a: Basis, b: Basis): number {
  if (a.length === 1 && b.length === 1) return dot(a[0], b[0]);
  const squares = a.reduce((sum, one) => sum + b.reduce((own, other) => own + dot(one, other) ** 2, 0), 0);
  return a.length === 0 || b.length === 0 ? 0 : Math.min(1, Math.sqrt(squares / Math.min(a.length, b.length)));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n] * b[n];
  return sum;
}
