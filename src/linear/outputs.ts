import type { Matrix } from '../types.js';

/** Outputs x W + b [n, K] of rows x [n, d]: W [d, K], b [K]. */
export function linearOutputs(
  { weight, bias }: { weight: ArrayLike<number>; bias: ArrayLike<number> }, { rows, cols, data }: Matrix,
): Float64Array {
  const outputs = bias.length;
  const values = new Float64Array(rows * outputs);
  for (let n = 0; n < rows; n++) {
    for (let k = 0; k < outputs; k++) {
      let sum = bias[k];
      for (let c = 0; c < cols; c++) sum += data[n * cols + c] * weight[c * outputs + k];
      values[n * outputs + k] = sum;
    }
  }
  return values;
}
