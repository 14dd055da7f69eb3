/** Cholesky factors of symmetric matrices; all matrices are square, row-major, of size p x p. */

/** The lower factor L of A = L L'; undefined when A is not positive definite (a pivot below 1e-12 of its diagonal element). */
export function cholesky(a: Float64Array, p: number): Float64Array | undefined {
  const factor = new Float64Array(p * p);
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = a[i * p + j];
      for (let k = 0; k < j; k++) rest -= factor[i * p + k] * factor[j * p + k];
      if (i !== j) factor[i * p + j] = rest / factor[j * p + j];
      else if (rest > 1e-12 * a[i * p + i]) factor[i * p + i] = Math.sqrt(rest);
      else return undefined;
    }
  }
  return factor;
}

/** The inverse of A from its factor. */
export function inverseOf(factor: Float64Array, p: number): Float64Array {
  // Rows of M = L^-1 by forward substitution; then A^-1 = M' M, which is symmetric to the last bit.
  const m = new Float64Array(p * p);
  for (let i = 0; i < p; i++) {
    m[i * p + i] = 1;
    for (let k = 0; k < i; k++) {
      const weight = factor[i * p + k];
      for (let j = 0; j <= k; j++) m[i * p + j] -= weight * m[k * p + j];
    }
    for (let j = 0; j <= i; j++) m[i * p + j] /= factor[i * p + i];
  }
  const inverse = new Float64Array(p * p);
  for (let k = 0; k < p; k++) {
    for (let i = 0; i <= k; i++) {
      const weight = m[k * p + i];
      for (let j = 0; j <= k; j++) inverse[i * p + j] += weight * m[k * p + j];
    }
  }
  return inverse;
}

/** The x with A x = b, from the factor of A. */
export function solveFactored(factor: Float64Array, b: Float64Array, p: number): Float64Array {
  const x = Float64Array.from(b);
  for (let i = 0; i < p; i++) {
    for (let k = 0; k < i; k++) x[i] -= factor[i * p + k] * x[k];
    x[i] /= factor[i * p + i];
  }
  for (let i = p - 1; i >= 0; i--) {
    for (let k = i + 1; k < p; k++) x[i] -= factor[k * p + i] * x[k];
    x[i] /= factor[i * p + i];
  }
  return x;
}
