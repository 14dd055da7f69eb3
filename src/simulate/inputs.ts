/** Gaussian inputs of a stated correlation. */
import type { Stream } from '../random.js';
import type { Matrix } from '../types.js';

/** `ar1`: neighbours correlate by r, inputs k apart by r^k. `equal`: any two correlate by r. */
export type Structure = 'ar1' | 'equal';

export interface InputsSetting {
  inputs: number;
  /** 0 <= r < 1. */
  correlation: number;
  structure: Structure;
}

/** Standard normal inputs [rows, inputs]. */
export function drawInputs(rows: number, { inputs, correlation: r, structure }: InputsSetting, stream: Stream): Matrix {
  const data = stream.normals(rows * inputs);
  const common = stream.split('common').normals(rows);
  for (let n = 0; n < rows; n++) {
    const row = data.subarray(n * inputs, (n + 1) * inputs);
    if (structure === 'equal') row.forEach((e, j) => { row[j] = Math.sqrt(r) * common[n] + Math.sqrt(1 - r) * e; });
    else for (let j = 1; j < inputs; j++) row[j] = r * row[j - 1] + Math.sqrt(1 - r * r) * row[j];
  }
  return { rows, cols: inputs, data };
}
