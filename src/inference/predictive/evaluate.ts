/** Metrics of a posterior predictive distribution on rows with known targets. */
import { average, standardError } from '../../maths/statistics.js';
import type { Target } from '../../types.js';
import { rowLosses, type RowLosses } from './losses.js';
import type { OutputDraws } from './predictive.js';

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
export const evaluateDraws = (outputs: OutputDraws, y: Float32Array, target: Target): Metrics =>
  metricsOf(rowLosses(outputs, y, target));

/** The means of losses over their rows, at least one. */
export function metricsOf({ nll, squares, inside, hits, confidence }: RowLosses): Metrics {
  const common = { rows: nll.length, nll: average(nll), nllSe: standardError(nll) };
  if (hits && confidence) {
    return { ...common, accuracy: average(hits), accuracySe: standardError(hits), ece: calibrationError(confidence, hits) };
  }
  const mse = average(squares!);
  return {
    ...common,
    rmse: Math.sqrt(mse),
    // Delta method: d sqrt(mse) = d mse / (2 sqrt(mse)).
    rmseSe: mse > 0 ? standardError(squares!) / (2 * Math.sqrt(mse)) : 0,
    coverage90: average(inside!),
  };
}

const BINS = 15;

/** Expected calibration error (Naeini, Cooper, Hauskrecht 2015): mean |accuracy - confidence| over equal-width bins, by rows. */
export function calibrationError(confidence: ArrayLike<number>, hits: ArrayLike<number>): number {
  const gaps = new Float64Array(BINS);
  for (let n = 0; n < hits.length; n++) gaps[Math.min(BINS - 1, Math.floor(confidence[n] * BINS))] += hits[n] - confidence[n];
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / hits.length;
}
