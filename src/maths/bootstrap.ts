/** How much a statistic would vary over other rows of the same kind. */
import type { Stream } from '../random.js';

/**
 * Standard error of a statistic of n rows, by the bootstrap (Efron 1979): rows are drawn with replacement, which is to count each
 * as often as it was drawn.
 * @param statistic of rows that count so much; undefined where it is not known of these
 * @param weights n: how much each row counts beside; absent: 1 each
 * @returns undefined where it is known of fewer than two resamples
 */
export function bootstrapError(
  statistic: (weights: Float64Array) => number | undefined, rows: number, stream: Stream,
  { resamples, weights }: { resamples: number; weights?: ArrayLike<number> | undefined },
): number | undefined {
  const values: number[] = [];
  for (let b = 0; b < resamples; b++) {
    const own = stream.split('resample', b);
    const counts = new Float64Array(rows);
    for (let n = 0; n < rows; n++) counts[own.integer(rows)] += 1;
    const value = statistic(weights ? counts.map((count, n) => count * weights[n]) : counts);
    if (value !== undefined) values.push(value);
  }
  if (values.length < 2) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const error = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  // Equal values differ from their mean by its rounding.
  return error > 1e-12 * Math.abs(mean) ? error : 0;
}
