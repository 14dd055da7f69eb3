/** Gradient and information of a log-likelihood in the coefficients of columns, from its derivatives in the outputs. */
import type { RowDerivatives } from '../likelihood/index.js';

/** [c K + k]: X' g, for the columns X and the derivatives g [n, K] of the rows. */
export function gradientOf(columns: readonly Float64Array[], { gradient }: RowDerivatives, outputs: number): Float64Array {
  const sums = new Float64Array(columns.length * outputs);
  columns.forEach((column, c) => {
    for (let k = 0; k < outputs; k++) {
      let sum = 0;
      for (let n = 0, at = k; n < column.length; n++, at += outputs) sum += gradient[at] * column[n];
      sums[c * outputs + k] = sum;
    }
  });
  return sums;
}

/**
 * Adds X' W Z to a matrix of `width` columns, from (row, column) on; W is the information of the rows, n blocks K x K.
 * @param symmetric X is Z: the half above the diagonal follows from the other
 */
export function addInformation(
  left: readonly Float64Array[], right: readonly Float64Array[], { information }: RowDerivatives, outputs: number,
  into: { matrix: Float64Array; width: number; row: number; column: number }, symmetric = false,
): void {
  const { matrix, width, row, column } = into;
  const K = outputs;
  const rows = left.length > 0 ? left[0].length : 0;
  const weighed = new Float64Array(rows);
  for (let k = 0; k < K; k++) {
    for (let j = 0; j <= k; j++) {
      left.forEach((x, c) => {
        for (let n = 0, at = j * K + k; n < rows; n++, at += K * K) weighed[n] = information[at] * x[n];
        for (let e = 0; e < (symmetric ? c + 1 : right.length); e++) {
          const z = right[e];
          let sum = 0;
          for (let n = 0; n < rows; n++) sum += weighed[n] * z[n];
          matrix[(row + c * K + j) * width + column + e * K + k] += sum;
          if (j !== k) matrix[(row + c * K + k) * width + column + e * K + j] += sum;
          if (!symmetric || c === e) continue;
          matrix[(row + e * K + k) * width + column + c * K + j] += sum;
          if (j !== k) matrix[(row + e * K + j) * width + column + c * K + k] += sum;
        }
      });
    }
  }
}
