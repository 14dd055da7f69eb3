/** Likelihoods of one output and one parameter of their own: sums over the rows, and the output that is best for all of them. */
import { maximum } from '../maths/golden.js';
import type { Response } from '../types.js';
import type { Vector } from './types.js';

const STEPS = 50;
const LONGEST = 2;
const SETTLED = 1e-9;

/** Of a value of each row's response, weighted as the rows are. */
export function sumOfRows({ rows, cols, data, weights }: Response, value: (y: Vector) => number): number {
  let sum = 0;
  for (let n = 0; n < rows; n++) sum += (weights ? weights[n] : 1) * value(data.subarray(cols * n, cols * (n + 1)));
  return sum;
}

/** What a row adds at one output, and its two derivatives there. */
export interface Concave {
  density(f: Vector, y: Vector, noise: number): number;
  slopes(f: Vector, y: Vector, noise: number): [slope: number, curve: number];
}

/** The output of highest likelihood under one noise, by Newton's method. */
function bestOutput(y: Response, { slopes }: Concave, noise: number): number {
  let f = 0;
  for (let step = 0; step < STEPS; step++) {
    const move = -sumOfRows(y, (row) => slopes([f], row, noise)[0]) / sumOfRows(y, (row) => slopes([f], row, noise)[1]);
    if (!Number.isFinite(move)) break;
    f += Math.max(-LONGEST, Math.min(LONGEST, move));
    if (Math.abs(move) < SETTLED) break;
  }
  return f;
}

/** The output and the noise that fit all rows best; the noise's logarithm is between the two bounds. */
export function bestForAll(
  y: Response, model: Concave, [least, most]: readonly [number, number],
): { f: number; noise: number; value: number } {
  const at = (noise: number): { f: number; value: number } => {
    const f = bestOutput(y, model, noise);
    return { f, value: sumOfRows(y, (row) => model.density([f], row, noise)) };
  };
  const noise = Math.exp(maximum((log) => at(Math.exp(log)).value, least, most, 1e-6));
  return { ...at(noise), noise };
}
