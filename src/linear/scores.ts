/** The rows of a matrix in axes in which a ridge penalty stays what it is, and few numbers say all. */
import { symmetricEigen } from '../maths/eigen.js';
import type { Matrix } from '../types.js';

/** Axes are turned up to so many; beyond, the columns stay as they are. */
const MOST_TURNED = 300;

export interface Scores {
  /** n x m, row-major. */
  data: Float64Array;
  rows: number;
  axes: number;
  /** m: sum of squares of each axis. */
  squares: Float64Array;
  /** Weights [d, K] on the columns of what was turned, from weights [m, K] on the axes. */
  back(weight: Float64Array, outputs: number): Float64Array;
}

/**
 * Principal axes of X [n, d], from X X' where there are fewer rows than columns: X w = S u with |w| = |u|, for orthogonal axes.
 */
export function scoresOf(x: Matrix): Scores {
  const { rows: n, cols: d } = x;
  if (Math.min(n, d) > MOST_TURNED) return plain(x);
  return d <= n ? byColumns(x) : byRows(x);
}

function plain({ rows, cols, data }: Matrix): Scores {
  const squares = new Float64Array(cols);
  for (let at = 0; at < data.length; at++) squares[at % cols] += data[at] * data[at];
  return { data: Float64Array.from(data), rows, axes: cols, squares, back: (weight) => weight };
}

function byColumns({ rows, cols, data }: Matrix): Scores {
  const gram = new Float64Array(cols * cols);
  for (let n = 0; n < rows; n++) {
    for (let i = 0; i < cols; i++) {
      const value = data[n * cols + i];
      if (value !== 0) for (let j = 0; j <= i; j++) gram[i * cols + j] += value * data[n * cols + j];
    }
  }
  for (let i = 0; i < cols; i++) for (let j = 0; j < i; j++) gram[j * cols + i] = gram[i * cols + j];
  const { values, vectors } = symmetricEigen(gram, cols);
  const turned = new Float64Array(rows * cols);
  for (let n = 0; n < rows; n++) {
    for (let i = 0; i < cols; i++) {
      const value = data[n * cols + i];
      if (value !== 0) for (let k = 0; k < cols; k++) turned[n * cols + k] += value * vectors[i * cols + k];
    }
  }
  return {
    data: turned, rows, axes: cols, squares: values.map((value) => Math.max(value, 0)),
    back: (weight, K) => times(vectors, weight, cols, cols, K),
  };
}

function byRows({ rows, cols, data }: Matrix): Scores {
  const gram = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let c = 0; c < cols; c++) sum += data[i * cols + c] * data[j * cols + c];
      gram[i * rows + j] = gram[j * rows + i] = sum;
    }
  }
  const { values, vectors } = symmetricEigen(gram, rows);
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  const squares = values.map((value) => (value > 1e-10 * largest ? value : 0));
  const turned = vectors.map((value, at) => value * Math.sqrt(squares[at % rows]));
  return {
    data: turned, rows, axes: rows, squares,
    back(weight, K) {
      // w = X' Q S^-1 u.
      const scaled = weight.map((value, at) => {
        const square = squares[Math.floor(at / K)];
        return square > 0 ? value / Math.sqrt(square) : 0;
      });
      const dual = times(vectors, scaled, rows, rows, K);
      const all = new Float64Array(cols * K);
      for (let n = 0; n < rows; n++) {
        for (let k = 0; k < K; k++) {
          for (let c = 0; c < cols; c++) all[c * K + k] += data[n * cols + c] * dual[n * K + k];
        }
      }
      return all;
    },
  };
}

/** A [p, q] B [q, K]. */
function times(a: Float64Array, b: Float64Array, p: number, q: number, K: number): Float64Array {
  const product = new Float64Array(p * K);
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < q; j++) for (let k = 0; k < K; k++) product[i * K + k] += a[i * q + j] * b[j * K + k];
  }
  return product;
}
