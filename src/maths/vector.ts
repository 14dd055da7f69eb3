/** Vectors, and matrices as lists of their columns or rows. */
import type { Matrix } from '../types.js';

/**
 * The columns of x [n, d], each centred and divided by its root sum of squares, so that the inner product of two is their
 * Pearson correlation. A column that does not vary is all 0.
 */
export function unitColumns({ rows, cols, data }: Matrix): Float64Array[] {
  return Array.from({ length: cols }, (_, c) => {
    const column = Float64Array.from({ length: rows }, (_row, n) => data[n * cols + c]);
    const mean = column.reduce((sum, value) => sum + value, 0) / rows;
    const length = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0));
    return column.map((value) => (length > 0 ? (value - mean) / length : 0));
  });
}

/** Inner product of two vectors of one length. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n] * b[n];
  return sum;
}

/** The rows [n] of a matrix m x d, n x d. */
export function takeRows({ cols, data }: Matrix, rows: Int32Array): Matrix {
  const taken = new Float32Array(rows.length * cols);
  rows.forEach((row, at) => taken.set(data.subarray(row * cols, (row + 1) * cols), at * cols));
  return { rows: rows.length, cols, data: taken };
}

/** e^(f_k) / sum of e^(f_j), K of each, without overflow. */
export function softmax(logits: ArrayLike<number>): Float64Array {
  let largest = -Infinity;
  for (let k = 0; k < logits.length; k++) largest = Math.max(largest, logits[k]);
  const weights = Float64Array.from(logits, (logit) => Math.exp(logit - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
