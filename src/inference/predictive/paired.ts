/** Two models compared row by row: what is hard for both takes no part in the difference. */

/** Mean over rows of one loss minus another, and the standard error of that mean. */
export interface Difference {
  mean: number;
  standardError: number;
}

/** How much larger `losses` [n] are than `others` [n] of the same rows; of one row nothing is known about the error. */
export function pairedDifference(losses: Float64Array, others: Float64Array): Difference {
  const rows = losses.length;
  const gaps = losses.map((loss, n) => loss - others[n]);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / rows;
  const squares = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0);
  return { mean, standardError: rows > 1 ? Math.sqrt(squares / (rows - 1) / rows) : 0 };
}
