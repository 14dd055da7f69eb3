/** Means and their errors. */

/** The mean of at least one number. */
export const average = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += values[n];
  return sum / values.length;
};

/** Standard error of the mean of `values`; 0 for a single one, of which it is not known. */
export function standardError(values: Float64Array): number {
  if (values.length < 2) return 0;
  const mean = average(values);
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
  // Equal values differ from their mean by its rounding.
  return Math.sqrt(variance) > 1e-12 * Math.abs(mean) ? Math.sqrt(variance / values.length) : 0;
}
