/** Eigenvalues and eigenvectors of symmetric matrices, row-major, of size p x p. */

const SWEEPS = 60;

/**
 * A = Q diag(values) Q', by cyclic Jacobi rotations; for small p, as the cost is about 30 p^3.
 * @returns the eigenvalues, in no order, and Q, whose columns are the eigenvectors
 */
export function symmetricEigen(matrix: Float64Array, p: number): { values: Float64Array; vectors: Float64Array } {
  const a = matrix.slice();
  const q = new Float64Array(p * p);
  let total = 0;
  for (let i = 0; i < p; i++) q[i * p + i] = 1;
  for (const each of a) total += each * each;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let off = 0;
    for (let i = 0; i < p; i++) for (let j = 0; j < i; j++) off += a[i * p + j] ** 2;
    if (off <= 1e-26 * total) break;
    for (let i = 0; i < p; i++) for (let j = i + 1; j < p; j++) rotate(a, q, p, i, j);
  }
  return { values: Float64Array.from({ length: p }, (_, i) => a[i * p + i]), vectors: q };
}

/** Makes a_ij zero (Golub, Van Loan: Matrix Computations, 8.5). */
function rotate(a: Float64Array, q: Float64Array, p: number, i: number, j: number): void {
  const corner = a[i * p + j];
  if (corner === 0) return;
  const ratio = (a[j * p + j] - a[i * p + i]) / (2 * corner);
  const t = (ratio >= 0 ? 1 : -1) / (Math.abs(ratio) + Math.sqrt(1 + ratio * ratio));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  for (let k = 0; k < p; k++) {
    const [left, right] = [a[k * p + i], a[k * p + j]];
    a[k * p + i] = c * left - s * right;
    a[k * p + j] = s * left + c * right;
  }
  for (let k = 0; k < p; k++) {
    const [upper, lower] = [a[i * p + k], a[j * p + k]];
    a[i * p + k] = c * upper - s * lower;
    a[j * p + k] = s * upper + c * lower;
    const [left, right] = [q[k * p + i], q[k * p + j]];
    q[k * p + i] = c * left - s * right;
    q[k * p + j] = s * left + c * right;
  }
}
