/** Encoded rows as columns, and which columns belong to an input. */
import type { Matrix } from '../types.js';

export interface Design {
  rows: number;
  /** d columns of n numbers. */
  columns: Float64Array[];
  /** For each input the places of its columns. */
  inputs: number[][];
}

/** @param group d: the input of each column */
export function designOf({ rows, cols, data }: Matrix, group: Int32Array, inputs: number): Design {
  const columns = Array.from({ length: cols }, (_, c) => {
    const column = new Float64Array(rows);
    for (let n = 0; n < rows; n++) column[n] = data[n * cols + c];
    return column;
  });
  const own = Array.from({ length: inputs }, (): number[] => []);
  group.forEach((input, c) => own[input].push(c));
  return { rows, columns, inputs: own };
}
