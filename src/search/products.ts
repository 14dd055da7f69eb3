/** Inner products of long columns, several at a time, so that sums do not wait for one another. */

/** into[at + q] = scale_q * sum_n t_n J_q,n for the columns q of `list`; scales are those of `factors`, or 1. */
export function productsWith(
  t: Float64Array, columns: readonly Float64Array[], list: ArrayLike<number>, count: number, into: Float64Array, at: number,
): void {
  const rows = t.length;
  let i = 0;
  for (; i + 3 < count; i += 4) {
    const [p, q, r, s] = [list[i], list[i + 1], list[i + 2], list[i + 3]];
    const [a, b, c, d] = [columns[p], columns[q], columns[r], columns[s]];
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let n = 0; n < rows; n++) {
      const x = t[n];
      s0 += x * a[n];
      s1 += x * b[n];
      s2 += x * c[n];
      s3 += x * d[n];
    }
    into[at + p] = s0;
    into[at + q] = s1;
    into[at + r] = s2;
    into[at + s] = s3;
  }
  for (; i < count; i++) into[at + list[i]] = product(t, columns[list[i]]);
}

/** sum_n a_n b_n. */
export function product(a: Float64Array, b: Float64Array): number {
  const even = a.length & ~1;
  let [s0, s1] = [0, 0];
  for (let n = 0; n < even; n += 2) {
    s0 += a[n] * b[n];
    s1 += a[n + 1] * b[n + 1];
  }
  return even < a.length ? s0 + s1 + a[even] * b[even] : s0 + s1;
}

/** sum_n a_n b_n c_n. */
export function tripleProduct(a: Float64Array, b: Float64Array, c: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n] * b[n] * c[n];
  return sum;
}
