/** Targets that follow a truth, with noise of a stated size. */
import type { Stream } from '../random.js';
import type { Matrix, Task } from '../types.js';
import { probabilitiesAt, matchLogits } from './logits.js';
import type { Truth } from './truth.js';

/**
 * How much of the target can be known, from 0 (nothing) to 1 (all). Numbers: R^2 of the truth, the share of the variance that
 * it explains. Classes: how far the accuracy of the Bayes rule lies above that of always naming the most frequent class, as
 * a share of what is left above it.
 */
export type Signal = number;

export interface SimulatedTarget {
  /** For each matrix of rows: standardised numbers (by the first matrix), or class indices. */
  ys: Float32Array[];
  /** For each matrix: what the truth itself reaches on these targets, as RMSE (of standardised numbers) or accuracy. */
  floors: number[];
}

export interface TargetSetting {
  task: Task;
  signal: Signal;
  /** Positive shares of the classes, which sum to 1; not asked for numbers. */
  shares: readonly number[];
}

/**
 * Draws a target for every row.
 * @param xs matrices of rows; the first has the training rows, for which the truth was drawn
 */
export function drawTarget(truth: Truth, xs: readonly Matrix[], setting: TargetSetting, stream: Stream): SimulatedTarget {
  return setting.task === 'regression' ? drawNumbers(truth, xs, setting, stream) : drawClasses(truth, xs, setting, stream);
}

function drawNumbers({ functions: [f] }: Truth, xs: readonly Matrix[], { signal }: TargetSetting, stream: Stream) {
  // The function has variance 1: R^2 = 1 / (1 + noise^2).
  const noise = Math.sqrt((1 - signal) / signal);
  const errors = xs.map(({ rows }, i) => Float64Array.from(stream.split('noise', i).normals(rows), (e) => noise * e));
  const raw = xs.map((x, i) => f.at(x).map((value, n) => value + errors[i][n]));
  const mean = raw[0].reduce((sum, v) => sum + v, 0) / raw[0].length;
  const scale = Math.sqrt(raw[0].reduce((sum, v) => sum + (v - mean) ** 2, 0) / raw[0].length);
  return {
    ys: raw.map((values) => Float32Array.from(values, (value) => (value - mean) / scale)),
    floors: errors.map((each) => Math.sqrt(each.reduce((sum, e) => sum + e * e, 0) / each.length) / scale),
  };
}

function drawClasses({ functions }: Truth, xs: readonly Matrix[], { signal, shares }: TargetSetting, stream: Stream) {
  // Of two classes the second has the function as its logit.
  const valuesOn = (x: Matrix): Float64Array[] =>
    (functions.length === 1 ? [new Float64Array(x.rows), functions[0].at(x)] : functions.map((f) => f.at(x)));
  const values = xs.map(valuesOn);
  const most = Math.max(...shares);
  const logits = matchLogits(values[0], shares, most + signal * (1 - most));
  const row = new Float64Array(shares.length);
  const floors: number[] = [];
  const ys = xs.map(({ rows }, i) => {
    const labels = stream.split('labels', i);
    let hits = 0;
    const y = Float32Array.from({ length: rows }, (_, n) => {
      probabilitiesAt(values[i], logits, n, row);
      const label = drawIndex(row, labels.uniform());
      hits += Number(row[label] === Math.max(...row));
      return label;
    });
    floors.push(hits / rows);
    return y;
  });
  return { ys, floors };
}

function drawIndex(probabilities: Float64Array, uniform: number): number {
  let below = 0;
  for (let k = 0; k < probabilities.length - 1; k++) {
    below += probabilities[k];
    if (uniform < below) return k;
  }
  return probabilities.length - 1;
}
