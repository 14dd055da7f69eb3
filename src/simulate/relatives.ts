/** Inputs that could stand in for one another. */
import type { Matrix } from '../types.js';

/**
 * For every input the true ones (never itself) with which it correlates by more than `least` in absolute value: the largest
 * Pearson correlation of any column of the one with any of the other.
 * @param x rows [n, d]
 * @param group d: the input that each column belongs to
 * @param inputs the true ones
 */
export function relativesOf(x: Matrix, group: Int32Array, inputs: readonly number[], least: number): number[][] {
  const columns = Array.from(group.keys(), (c) => standardColumn(x, c));
  const correlates = (a: Float64Array, b: Float64Array): boolean =>
    Math.abs(a.reduce((sum, value, n) => sum + value * b[n], 0)) > least;
  const relatives: number[][] = Array.from({ length: group.reduce((most, each) => Math.max(most, each), -1) + 1 }, () => []);
  for (const input of inputs) {
    const own = columns.filter((_, c) => group[c] === input);
    const near = columns.flatMap((column, c) => (own.some((each) => correlates(each, column)) ? [group[c]] : []));
    for (const other of new Set(near)) if (other !== input) relatives[other].push(input);
  }
  return relatives;
}

/** Column c with mean 0 and length 1; a constant one is all zeros. */
function standardColumn({ rows, cols, data }: Matrix, c: number): Float64Array {
  const values = Float64Array.from({ length: rows }, (_, n) => data[n * cols + c]);
  const mean = values.reduce((sum, v) => sum + v, 0) / rows;
  const length = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0));
  return values.map((value) => (length > 0 ? (value - mean) / length : 0));
}
