/** Two models compared row by row: what is hard for both takes no part in the difference. */
import type { Target } from '../types.js';
import { classProbabilities, logDensities, type OutputDraws } from './predictive.js';

/** Mean over rows of one loss minus another, and the standard error of that mean. */
export interface Difference {
  mean: number;
  standardError: number;
}

/** Negative log predictive density or probability of every target y [n], in nats; regression in the target's own units. */
export function negativeLogLikelihoods(outputs: OutputDraws, y: Float32Array, target: Target): Float64Array {
  if (target.task === 'regression') return logDensities(outputs, y).map((density) => Math.log(target.scale) - density);
  const { cols, data } = classProbabilities(outputs);
  return Float64Array.from(y, (label, n) => -Math.log(Math.max(data[n * cols + label], 1e-38)));
}

/** How much larger `losses` [n] are than `others` [n] of the same rows; of one row nothing is known about the error. */
export function pairedDifference(losses: Float64Array, others: Float64Array): Difference {
  const rows = losses.length;
  const gaps = losses.map((loss, n) => loss - others[n]);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / rows;
  const squares = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0);
  return { mean, standardError: rows > 1 ? Math.sqrt(squares / (rows - 1) / rows) : 0 };
}
