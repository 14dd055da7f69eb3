/** Metrics of a posterior predictive distribution on rows with known targets. */
import type { Matrix, Target } from '../types.js';
import { classProbabilities, logDensities, predictiveInterval, regressionMoments, type OutputDraws } from './predictive.js';

/** Metrics on one set of rows. Regression: in the target's own units. A `Se` is the standard error over rows. */
export interface Metrics {
  rows: number;
  /** Mean negative log predictive density or probability, in nats. */
  nll: number;
  nllSe: number;
  /** Regression. */
  rmse?: number;
  rmseSe?: number;
  /** Share of targets inside the central 90 % predictive interval. */
  coverage90?: number;
  /** Classification. */
  accuracy?: number;
  accuracySe?: number;
  /** Expected calibration error over 15 bins of the predicted class's probability. */
  ece?: number;
}

/** y [n]: standardised numbers or class indices, as in a Dataset. */
export function evaluateDraws(outputs: OutputDraws, y: Float32Array, target: Target): Metrics {
  return target.task === 'regression' ? evaluateRegression(outputs, y, target.scale) : evaluateClassification(classProbabilities(outputs), y);
}

function evaluateRegression(outputs: OutputDraws, y: Float32Array, scale: number): Metrics {
  const { mean } = regressionMoments(outputs);
  const squares = Float64Array.from(y, (value, n) => (value - mean[n]) ** 2);
  const losses = logDensities(outputs, y).map((density) => Math.log(scale) - density);
  const { lower, upper } = predictiveInterval(outputs, 0.9);
  const mse = average(squares);
  return {
    rows: y.length,
    nll: average(losses), nllSe: standardError(losses),
    rmse: Math.sqrt(mse) * scale,
    // Delta method: d sqrt(mse) = d mse / (2 sqrt(mse)).
    rmseSe: mse > 0 ? (standardError(squares) / (2 * Math.sqrt(mse))) * scale : 0,
    coverage90: average(y.map((value, n) => Number(value >= lower[n] && value <= upper[n]))),
  };
}

function evaluateClassification(probabilities: Matrix, y: Float32Array): Metrics {
  const { cols, data } = probabilities;
  const losses = Float64Array.from(y, (label, n) => -Math.log(Math.max(data[n * cols + label], 1e-38)));
  const top = Array.from(y, (_, n) => topClass(data.subarray(n * cols, (n + 1) * cols)));
  const hits = Float64Array.from(y, (label, n) => Number(top[n].index === label));
  return {
    rows: y.length,
    nll: average(losses), nllSe: standardError(losses),
    accuracy: average(hits), accuracySe: standardError(hits),
    ece: calibrationError(top.map(({ value }) => value), hits),
  };
}

/** The likeliest class and its probability; the first on ties. */
export function topClass(probabilities: Float32Array): { index: number; value: number } {
  let index = 0;
  for (let c = 1; c < probabilities.length; c++) if (probabilities[c] > probabilities[index]) index = c;
  return { index, value: probabilities[index] };
}

const BINS = 15;

/** Expected calibration error (Naeini, Cooper, Hauskrecht 2015): mean |accuracy - confidence| over equal-width bins, by rows. */
export function calibrationError(confidence: ArrayLike<number>, hits: ArrayLike<number>): number {
  const gaps = new Float64Array(BINS);
  for (let n = 0; n < hits.length; n++) gaps[Math.min(BINS - 1, Math.floor(confidence[n] * BINS))] += hits[n] - confidence[n];
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / hits.length;
}

const average = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += values[n];
  return sum / values.length;
};

/** Standard error of the mean of `values`. */
function standardError(values: Float64Array): number {
  if (values.length < 2) return 0;
  const mean = average(values);
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
  return Math.sqrt(variance / values.length);
}
