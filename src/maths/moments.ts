/** Mean and standard deviation without overflow or cancellation. */

export interface Moments {
  /** Cells that are not NaN. */
  count: number;
  mean: number;
  /** Population standard deviation (divisor: count); positive unless constant. */
  sd: number;
  min: number;
  max: number;
  /** Whether all cells present are equal, or none is present. */
  constant: boolean;
}

/** Moments of `values[rows]`, NaN cells left out. */
export function moments(values: Float64Array, rows: Int32Array): Moments {
  let [count, mean, min, max] = [0, 0, Infinity, -Infinity];
  for (const row of rows) {
    const value = values[row];
    if (Number.isNaN(value)) continue;
    count++;
    // Welford's running mean stays within the range of the values.
    mean += value / count - mean / count;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  if (count === 0 || min === max) return { count, mean: count === 0 ? 0 : min, sd: 0, min, max, constant: true };
  const widest = Math.max(max - mean, mean - min);
  let sum = 0;
  for (const row of rows) {
    const value = values[row];
    // Divided by the widest deviation before squaring: 1e-200 and 1e200 have squares beyond a double.
    if (!Number.isNaN(value)) sum += ((value - mean) / widest) ** 2;
  }
  return { count, mean, sd: widest * Math.sqrt(sum / count), min, max, constant: false };
}
