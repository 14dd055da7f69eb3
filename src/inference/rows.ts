/** Some rows of a matrix, copied. */
import type { Matrix } from '../types.js';

/** The rows [n] of a matrix m x d, n x d. */
export function takeRows({ cols, data }: Matrix, rows: Int32Array): Matrix {
  const taken = new Float32Array(rows.length * cols);
  rows.forEach((row, at) => taken.set(data.subarray(row * cols, (row + 1) * cols), at * cols));
  return { rows: rows.length, cols, data: taken };
}
