/**
 * The posterior predictive distribution from draws of network outputs. Probabilities and densities are averaged over the
 * draws, never logits or log-probabilities.
 */
import { sigmoid } from '../model/prior.js';
import type { Matrix, Task } from '../types.js';
import { normalCdf } from './normal.js';

/** Outputs f of S drawn networks on n rows: S x n x K, on the likelihood's scale. */
export interface OutputDraws {
  task: Task;
  draws: number;
  rows: number;
  outputs: number;
  values: Float32Array;
  /** sigma^2 on the standardised target; 1 for classification. */
  noiseVariance: number;
}

/** Class probabilities n x K (two columns for a binary target), averaged over the draws. */
export function classProbabilities({ task, draws, rows, outputs, values }: OutputDraws): Matrix {
  const classes = task === 'binary' ? 2 : outputs;
  const data = new Float32Array(rows * classes);
  for (let n = 0; n < rows; n++) {
    const total = new Float64Array(classes);
    for (let s = 0; s < draws; s++) addProbabilities(values, (s * rows + n) * outputs, outputs, task, total);
    for (let c = 0; c < classes; c++) data[n * classes + c] = total[c] / draws;
  }
  return { rows, cols: classes, data };
}

function addProbabilities(values: Float32Array, at: number, outputs: number, task: Task, total: Float64Array): void {
  if (task === 'binary') {
    const p = sigmoid(values[at]);
    total[0] += 1 - p;
    total[1] += p;
    return;
  }
  let largest = -Infinity;
  for (let c = 0; c < outputs; c++) largest = Math.max(largest, values[at + c]);
  let sum = 0;
  for (let c = 0; c < outputs; c++) sum += Math.exp(values[at + c] - largest);
  for (let c = 0; c < outputs; c++) total[c] += Math.exp(values[at + c] - largest) / sum;
}

/** Mean and the two parts of the variance of a regression's predictive distribution, on the standardised target. */
export interface RegressionMoments {
  mean: Float64Array;
  /** Variance over the draws of f. */
  epistemic: Float64Array;
  /** sigma^2. */
  aleatoric: number;
}

export function regressionMoments({ draws, rows, values, noiseVariance }: OutputDraws): RegressionMoments {
  const mean = new Float64Array(rows);
  const epistemic = new Float64Array(rows);
  for (let n = 0; n < rows; n++) {
    let sum = 0;
    let squares = 0;
    for (let s = 0; s < draws; s++) sum += values[s * rows + n];
    mean[n] = sum / draws;
    for (let s = 0; s < draws; s++) squares += (values[s * rows + n] - mean[n]) ** 2;
    epistemic[n] = squares / draws;
  }
  return { mean, epistemic, aleatoric: noiseVariance };
}

/** Log predictive density of y [n] under the mixture of the draws' Gaussians, one per row. */
export function logDensities({ draws, rows, values, noiseVariance }: OutputDraws, y: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: rows }, (_, n) => {
    let largest = -Infinity;
    for (let s = 0; s < draws; s++) largest = Math.max(largest, -((y[n] - values[s * rows + n]) ** 2));
    let sum = 0;
    for (let s = 0; s < draws; s++) sum += Math.exp((-((y[n] - values[s * rows + n]) ** 2) - largest) / (2 * noiseVariance));
    return largest / (2 * noiseVariance) + Math.log(sum / draws) - 0.5 * Math.log(2 * Math.PI * noiseVariance);
  });
}

/** Central predictive interval of probability `level`, per row: quantiles of the mixture of the draws' Gaussians. */
export function predictiveInterval(outputs: OutputDraws, level: number): { lower: Float64Array; upper: Float64Array } {
  const { rows } = outputs;
  const quantiles = (p: number): Float64Array => Float64Array.from({ length: rows }, (_, n) => mixtureQuantile(outputs, n, p));
  return { lower: quantiles((1 - level) / 2), upper: quantiles((1 + level) / 2) };
}

/** Bisection on the mixture's distribution function; every component's quantile lies within the bracket. */
function mixtureQuantile({ draws, rows, values, noiseVariance }: OutputDraws, n: number, p: number): number {
  const sd = Math.sqrt(noiseVariance);
  let low = Infinity;
  let high = -Infinity;
  for (let s = 0; s < draws; s++) {
    low = Math.min(low, values[s * rows + n] - 10 * sd);
    high = Math.max(high, values[s * rows + n] + 10 * sd);
  }
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    let below = 0;
    for (let s = 0; s < draws; s++) below += normalCdf((middle - values[s * rows + n]) / sd);
    if (below / draws < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
