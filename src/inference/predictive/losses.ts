/** What a predictive distribution loses on each row with a known target: {@link Metrics} are means of these. */
import type { Matrix, Target } from '../../types.js';
import { classProbabilities, logDensities, predictiveInterval, regressionMoments, type OutputDraws } from './predictive.js';

/** One number per row; regression in the target's own units. */
export interface RowLosses {
  /** Negative log predictive density or probability, in nats. */
  nll: Float64Array;
  /** Regression: squared error of the predictive mean. */
  squares?: Float64Array | undefined;
  /** Regression: 1 for a target inside the central 90 % predictive interval. */
  inside?: Float64Array | undefined;
  /** Classification: 1 where the likeliest class is the true one. */
  hits?: Float64Array | undefined;
  /** Classification: the probability of the likeliest class. */
  confidence?: Float64Array | undefined;
}

/** y [n]: standardised numbers or class indices, as in a Dataset. */
export function rowLosses(outputs: OutputDraws, y: Float32Array, target: Target): RowLosses {
  return target.task === 'regression' ? regressionLosses(outputs, y, target.scale) : classLosses(classProbabilities(outputs), y);
}

function regressionLosses(outputs: OutputDraws, y: Float32Array, scale: number): RowLosses {
  const { mean } = regressionMoments(outputs);
  const { lower, upper } = predictiveInterval(outputs, 0.9);
  return {
    nll: logDensities(outputs, y).map((density) => Math.log(scale) - density),
    squares: Float64Array.from(y, (value, n) => ((value - mean[n]) * scale) ** 2),
    inside: Float64Array.from(y, (value, n) => Number(value >= lower[n] && value <= upper[n])),
  };
}

function classLosses({ cols, data }: Matrix, y: Float32Array): RowLosses {
  const top = Array.from(y, (_, n) => topClass(data.subarray(n * cols, (n + 1) * cols)));
  return {
    nll: Float64Array.from(y, (label, n) => -Math.log(Math.max(data[n * cols + label], 1e-38))),
    hits: Float64Array.from(y, (label, n) => Number(top[n].index === label)),
    confidence: Float64Array.from(top, ({ value }) => value),
  };
}

/** The likeliest class and its probability; the first on ties. */
export function topClass(probabilities: Float32Array): { index: number; value: number } {
  let index = 0;
  for (let c = 1; c < probabilities.length; c++) if (probabilities[c] > probabilities[index]) index = c;
  return { index, value: probabilities[index] };
}
