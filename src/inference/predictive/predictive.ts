/**
 * The posterior predictive distribution from draws of network outputs. Probabilities and densities are averaged over the
 * draws, never logits or log-probabilities.
 */
import { sigmoid } from '../../maths/scalar.js';
import type { Matrix, Task } from '../../types.js';
import { normalCdf, normalDensity, normalQuantile } from '../../maths/normal.js';

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
  const total = new Float64Array(classes);
  const weights = new Float64Array(classes);
  for (let n = 0; n < rows; n++) {
    total.fill(0);
    for (let s = 0; s < draws; s++) {
      const at = (s * rows + n) * outputs;
      if (task === 'binary') total[1] += sigmoid(values[at]);
      else addSoftmax(values, at, weights, total);
    }
    if (task === 'binary') total[0] = draws - total[1];
    for (let c = 0; c < classes; c++) data[n * classes + c] = total[c] / draws;
  }
  return { rows, cols: classes, data };
}

/** Adds the probabilities of one draw's logits, which begin at `at`, to `total`; `weights` is room to work in. */
function addSoftmax(logits: Float32Array, at: number, weights: Float64Array, total: Float64Array): void {
  let largest = -Infinity;
  for (let c = 0; c < total.length; c++) largest = Math.max(largest, logits[at + c]);
  let sum = 0;
  for (let c = 0; c < total.length; c++) sum += weights[c] = Math.exp(logits[at + c] - largest);
  for (let c = 0; c < total.length; c++) total[c] += weights[c] / sum;
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
  const { draws, rows, values, noiseVariance } = outputs;
  const [lower, upper] = [new Float64Array(rows), new Float64Array(rows)];
  const [p, q] = [(1 - level) / 2, (1 + level) / 2];
  const [zp, zq] = [normalQuantile(p), normalQuantile(q)];
  const sd = Math.sqrt(noiseVariance);
  const centres = new Float64Array(draws);
  for (let n = 0; n < rows; n++) {
    for (let s = 0; s < draws; s++) centres[s] = values[s * rows + n];
    lower[n] = mixtureQuantile(centres, sd, p, zp);
    upper[n] = mixtureQuantile(centres, sd, q, zq);
  }
  return { lower, upper };
}

/** Newton's method stops after a move of less than this share of sd: the square of it is what is still wrong. */
const CLOSE = 1e-5;
/** The search ends when a bracket is narrower than this share of sd. */
const NARROW = 1e-8;
const MAX_STEPS = 200;
/** So many sd away a component counts as 0 or 1. */
const FAR = 9;

/**
 * The p-quantile of the even mixture of N(centre, sd^2), by Newton's method on its distribution function, kept within a
 * bracket that halves where a step would leave it. `z` is the standard normal's p-quantile: no component's own quantile is
 * below the smallest centre + z sd or above the largest.
 */
function mixtureQuantile(centres: Float64Array, sd: number, p: number, z: number): number {
  let [low, high, sum] = [Infinity, -Infinity, 0];
  for (const centre of centres) {
    low = Math.min(low, centre);
    high = Math.max(high, centre);
    sum += centre;
  }
  const mean = sum / centres.length;
  let squares = 0;
  for (const centre of centres) squares += (centre - mean) ** 2;
  low += (z - NARROW) * sd;
  high += (z + NARROW) * sd;
  let at = Math.min(high, Math.max(low, mean + z * Math.sqrt(sd * sd + squares / centres.length)));
  for (let step = 0; step < MAX_STEPS; step++) {
    let [below, density] = [0, 0];
    for (let s = 0; s < centres.length; s++) {
      const distance = (at - centres[s]) / sd;
      if (distance > FAR) below++;
      else if (distance > -FAR) {
        below += normalCdf(distance);
        density += normalDensity(distance);
      }
    }
    const excess = below - p * centres.length;
    if (excess < 0) low = at;
    else high = at;
    const next = at - (excess * sd) / density;
    // Every few steps the bracket is halved in any case, so that the search ends.
    if (next > low && next < high && step % 8 !== 7) {
      if (Math.abs(next - at) <= CLOSE * sd) return next;
      at = next;
    } else {
      at = (low + high) / 2;
      if (high - low <= NARROW * sd) return at;
    }
  }
  return at;
}

/** The two parts of the entropy of predicted classes, in nats, per row. */
export interface EntropyParts {
  /** Mutual information of class and network: what knowing the weights would tell. */
  epistemic: Float64Array;
  /** Mean over the draws of the entropy that is left. */
  aleatoric: Float64Array;
}

/** Entropy of the averaged probabilities = mean entropy of the draws + mutual information (Houlsby et al., arXiv 1112.5745). */
export function entropyParts(outputs: OutputDraws): EntropyParts {
  const { draws, rows } = outputs;
  const aleatoric = new Float64Array(rows);
  const size = rows * outputs.outputs;
  for (let s = 0; s < draws; s++) {
    const one = classProbabilities({ ...outputs, draws: 1, values: outputs.values.subarray(s * size, (s + 1) * size) });
    entropies(one).forEach((entropy, n) => (aleatoric[n] += entropy / draws));
  }
  const total = entropies(classProbabilities(outputs));
  // Rounding may leave less than nothing.
  return { epistemic: total.map((entropy, n) => Math.max(0, entropy - aleatoric[n])), aleatoric };
}

/** -sum p log p of each row. */
const entropies = ({ rows, cols, data }: Matrix): Float64Array => Float64Array.from({ length: rows }, (_, n) =>
  data.subarray(n * cols, (n + 1) * cols).reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0));
