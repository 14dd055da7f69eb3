/** From the probabilities of an effect to its credible set. */
import { dot, unitColumns } from '../maths/vector.js';
import type { Matrix } from '../types.js';
import type { Design } from './design.js';

/** Sets of more inputs are not alike, whatever their least correlation; it is then that of the first so many. */
const MOST_COMPARED = 200;

/** The fewest inputs whose probabilities [p] sum to the level, by descending probability. */
export function credibleInputs(probabilities: Float64Array, level: number): number[] {
  const order = Int32Array.from(probabilities.keys()).sort((a, b) => probabilities[b] - probabilities[a] || a - b);
  let [sum, size] = [0, 0];
  while (size < order.length && sum < level) sum += probabilities[order[size++]];
  return [...order.subarray(0, size)];
}

/** Smallest absolute correlation between two of the inputs; of inputs of several columns, that of their closest pair. */
export function purityOf({ rows, columns, inputs }: Design, members: readonly number[]): number {
  const encoded = (input: number): Matrix => matrixOf(rows, inputs[input].map((place) => columns[place]));
  const own = members.slice(0, MOST_COMPARED).map((input) => unitColumns(encoded(input)));
  let least = 1;
  own.forEach((some, i) => {
    for (const others of own.slice(0, i)) {
      let closest = 0;
      for (const a of some) for (const b of others) closest = Math.max(closest, Math.abs(dot(a, b)));
      least = Math.min(least, closest);
    }
  });
  return least;
}

function matrixOf(rows: number, columns: readonly Float64Array[]): Matrix {
  const data = new Float32Array(rows * columns.length);
  columns.forEach((column, c) => column.forEach((value, n) => { data[n * columns.length + c] = value; }));
  return { rows, cols: columns.length, data };
}
