/** Nearest neighbours by brute force. */
import type { Matrix } from '../types.js';

/** The nearest rows of one row, by ascending distance. */
export interface Neighbours {
  /** k places among the rows that were searched, and their Euclidean distances. */
  places: Int32Array;
  distances: Float64Array;
}

/**
 * The k nearest of the rows `among` [m, d] to each row of `of` [q, d].
 * @param columns which of the d columns count
 */
export function nearestRows(of: Matrix, among: Matrix, columns: readonly number[], k: number): Neighbours[] {
  const squares = new Float64Array(among.rows);
  return Array.from({ length: of.rows }, (_, q) => {
    squares.fill(0);
    const own = columns.map((c) => of.data[q * of.cols + c]);
    for (let n = 0; n < among.rows; n++) {
      const from = n * among.cols;
      let sum = 0;
      for (let at = 0; at < own.length; at++) {
        const gap = own[at] - among.data[from + columns[at]];
        sum += gap * gap;
      }
      squares[n] = sum;
    }
    const places = smallest(squares, k);
    return { places, distances: Float64Array.from(places, (n) => Math.sqrt(squares[n])) };
  });
}

/** Places of the k smallest values, ascending, the first on ties. */
function smallest(values: Float64Array, k: number): Int32Array {
  const places = new Int32Array(Math.min(k, values.length));
  let size = 0;
  for (let n = 0; n < values.length; n++) {
    if (size === places.length && values[n] >= values[places[size - 1]]) continue;
    let at = size < places.length ? size++ : size - 1;
    for (; at > 0 && values[places[at - 1]] > values[n]; at--) places[at] = places[at - 1];
    places[at] = n;
  }
  return places;
}
