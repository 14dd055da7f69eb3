/** Tables whose truth is known. */
import type { Stream } from '../../../src/random.js';
import { tableOf, type SearchTable } from '../../../src/search/problem.js';
import type { Matrix, Task } from '../../../src/types.js';

/** Standardised columns, one an input, and a target. */
export function tableFrom(
  columns: Float64Array[], y: Float32Array | Matrix, task: Task, group = columns.map((_, c) => c),
): SearchTable {
  const rows = columns[0].length;
  const data = new Float32Array(rows * columns.length);
  columns.forEach((column, c) => standardised(column).forEach((value, n) => { data[n * columns.length + c] = value; }));
  const response = y instanceof Float32Array ? { rows, cols: 1, data: y } : y;
  return tableOf({
    task, x: { rows, cols: columns.length, data }, y: response, group: Int32Array.from(group), inputs: Math.max(...group) + 1,
  });
}

export function standardised(column: Float64Array): Float64Array {
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  const sd = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length);
  return column.map((value) => (value - mean) / sd);
}

export const normalColumns = (rows: number, count: number, stream: Stream): Float64Array[] =>
  Array.from({ length: count }, (_, c) => Float64Array.from(stream.split('column', c).normals(rows)));

/** One-hot labels. */
export function oneHot(labels: ArrayLike<number>, classes: number): Matrix {
  const data = new Float32Array(labels.length * classes);
  for (let n = 0; n < labels.length; n++) data[n * classes + labels[n]] = 1;
  return { rows: labels.length, cols: classes, data };
}

export const numbers = (values: Float64Array): Float32Array => Float32Array.from(standardised(values));

/** 1 with probability sigmoid(f). */
export function flips(f: Float64Array, stream: Stream): Float32Array {
  const uniforms = stream.split('flips').uniforms(f.length);
  return Float32Array.from(f, (value, n) => Number(uniforms[n] < 1 / (1 + Math.exp(-value))));
}

/** Friedman's first function with noise of variance 1, inputs uniform on [0, 1]. */
export function friedman(rows: number, count: number, stream: Stream): { columns: Float64Array[]; y: Float64Array } {
  const columns = Array.from({ length: count }, (_, c) => Float64Array.from(stream.split('column', c).uniforms(rows)));
  const noise = stream.split('noise').normals(rows);
  const [a, b, c, d, e] = columns;
  const y = Float64Array.from({ length: rows }, (_, n) =>
    10 * Math.sin(Math.PI * a[n] * b[n]) + 20 * (c[n] - 0.5) ** 2 + 10 * d[n] + 5 * e[n] + noise[n]);
  return { columns, y };
}
