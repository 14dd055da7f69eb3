/** Means, deviations and their errors. Weights are of rows; absent: 1 each. */

export function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += values[n];
  return sum;
}

/** The mean of at least one number. */
export const average = (values: ArrayLike<number>, weights?: ArrayLike<number>): number => {
  if (!weights) return sumOf(values) / values.length;
  let [sum, total] = [0, 0];
  for (let n = 0; n < values.length; n++) {
    sum += weights[n] * values[n];
    total += weights[n];
  }
  return sum / total;
};

/**
 * Standard error of the mean of `values`; 0 for a single one, of which it is not known. Of weighted ones that of a ratio of two
 * sums (Cochran 1977, section 6.4): rows are drawn, and weights are no counts.
 */
export function standardError(values: Float64Array, weights?: ArrayLike<number>): number {
  if (values.length < 2) return 0;
  const mean = average(values, weights);
  if (weights) {
    const squares = values.reduce((sum, v, n) => sum + (weights[n] * (v - mean)) ** 2, 0);
    return Math.sqrt(squares * values.length / (values.length - 1)) / sumOf(weights);
  }
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
  // Equal values differ from their mean by its rounding.
  return Math.sqrt(variance) > 1e-12 * Math.abs(mean) ? Math.sqrt(variance / values.length) : 0;
}

export interface Moments {
  /** Cells that are not NaN, those of weight 0 left out. */
  count: number;
  mean: number;
  /** Population standard deviation (divisor: count, or the sum of the weights); positive unless constant. */
  sd: number;
  min: number;
  max: number;
  /** Whether all cells present are equal, or none is present. */
  constant: boolean;
}

/**
 * Moments of `values[rows]`, NaN cells left out.
 * @param weights of the values, at least 0; whole ones count as so many equal rows
 */
export function moments(values: Float64Array, rows: Int32Array, weights?: ArrayLike<number>): Moments {
  let [count, total, mean, min, max] = [0, 0, 0, Infinity, -Infinity];
  for (const row of rows) {
    const value = values[row];
    const weight = weights ? weights[row] : 1;
    if (Number.isNaN(value) || weight === 0) continue;
    count++;
    total += weight;
    // Welford's running mean stays within the range of the values.
    mean += (value / total - mean / total) * weight;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (count === 0 || min === max) return { count, mean: count === 0 ? 0 : min, sd: 0, min, max, constant: true };
  const widest = Math.max(max - mean, mean - min);
  let sum = 0;
  for (const row of rows) {
    const value = values[row];
    const weight = weights ? weights[row] : 1;
    // Divided by the widest deviation before squaring: 1e-200 and 1e200 have squares beyond a double.
    if (!Number.isNaN(value) && weight !== 0) sum += weight * ((value - mean) / widest) ** 2;
  }
  return { count, mean, sd: widest * Math.sqrt(sum / total), min, max, constant: false };
}

/** Mean over rows of one loss minus another, and the standard error of that mean. */
export interface Difference {
  mean: number;
  standardError: number;
}

/** How much larger `losses` [n] are than `others` [n] of the same rows; of one row nothing is known about the error. */
export function pairedDifference(losses: Float64Array, others: Float64Array, weights?: ArrayLike<number>): Difference {
  const rows = losses.length;
  if (weights) {
    const gaps = losses.map((loss, n) => loss - others[n]);
    return { mean: average(gaps, weights), standardError: standardError(gaps, weights) };
  }
  const gaps = losses.map((loss, n) => loss - others[n]);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / rows;
  const squares = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0);
  return { mean, standardError: rows > 1 ? Math.sqrt(squares / (rows - 1) / rows) : 0 };
}
