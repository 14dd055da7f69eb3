/** Metrics of predictions by name: means over rows of what a likelihood says is lost on each. */
import { average, standardError } from '../maths/statistics.js';

/** One number per row, by what it measures; of numbers in the target's own units. */
export interface RowLosses {
  /** Negative log predictive density or probability, in nats. */
  nll: Float64Array;
  /** Numbers: squared error of the predictive mean. */
  squares?: Float64Array;
  /** Numbers: 1 for a target inside the central 90 % predictive interval. */
  inside?: Float64Array;
  /** Classes: 1 where the likeliest class is the true one. */
  hits?: Float64Array;
  /** Classes: the probability of the likeliest class. */
  confidence?: Float64Array;
  [loss: string]: Float64Array | undefined;
}

/** Metrics on one set of rows. Numbers: in the target's own units. A `Se` is the standard error over rows. */
export interface Metrics {
  rows: number;
  /** Mean negative log predictive density or probability, in nats. */
  nll: number;
  nllSe: number;
  /** Numbers. */
  rmse?: number;
  rmseSe?: number;
  /** Share of targets inside the central 90 % predictive interval. */
  coverage90?: number;
  /** Classes. */
  accuracy?: number;
  accuracySe?: number;
  /** Expected calibration error over 15 bins of the predicted class's probability. */
  ece?: number;
  [metric: string]: number | undefined;
}

export interface Metric {
  /** The key in {@link Metrics}; its standard error has that name and `Se`. */
  name: string;
  /** In tables, and shorter at the head of a column. */
  label: string;
  short: string;
  /** Losses that it is made of. */
  needs: readonly string[];
  value(losses: RowLosses): number;
  error?(losses: RowLosses): number;
  /** How its 95 % interval is made: Wilson's of a share, a normal one not below `least`, or none. */
  interval: 'wilson' | 'normal' | 'none';
  least?: number;
  higherIsBetter: boolean;
  /** Where it is a loss that a share can be explained of: what that share is called, and it. */
  explains?: { label: string; share(value: number, withoutInputs: number): number };
  /** Whether it is no mean over rows: of predictions that were averaged first it would be another thing. */
  ofAll?: boolean;
}

const loss = (name: string) => (losses: RowLosses): Float64Array => losses[name]!;
const mean = (name: string) => (losses: RowLosses): number => average(loss(name)(losses));
const meanError = (name: string) => (losses: RowLosses): number => standardError(loss(name)(losses));

export const RMSE: Metric = {
  name: 'rmse', label: 'RMSE', short: 'RMSE', needs: ['squares'], interval: 'normal', least: 0, higherIsBetter: false,
  value: (losses) => Math.sqrt(mean('squares')(losses)),
  explains: { label: 'explained variance', share: (value, withoutInputs) => 1 - (value / withoutInputs) ** 2 },
  error: (losses) => {
    const mse = mean('squares')(losses);
    // Delta method: d sqrt(mse) = d mse / (2 sqrt(mse)).
    return mse > 0 ? meanError('squares')(losses) / (2 * Math.sqrt(mse)) : 0;
  },
};

export const ACCURACY: Metric = {
  name: 'accuracy', label: 'accuracy', short: 'accuracy', needs: ['hits'], interval: 'wilson', higherIsBetter: true,
  value: mean('hits'), error: meanError('hits'),
};

/** Of a density, which may be above 1. */
export const NLL: Metric = {
  name: 'nll', label: 'negative log-likelihood', short: 'NLL (nats)', needs: ['nll'], interval: 'normal',
  higherIsBetter: false, value: mean('nll'), error: meanError('nll'),
};

/** Of a probability. */
export const NLL_OF_PROBABILITY: Metric = { ...NLL, least: 0 };

export const COVERAGE: Metric = {
  name: 'coverage90', label: 'coverage of the 90 % interval', short: '90 % coverage', needs: ['inside'], interval: 'wilson',
  higherIsBetter: true, value: mean('inside'),
};

export const CALIBRATION: Metric = {
  name: 'ece', label: 'calibration error', short: 'calibration error', needs: ['confidence', 'hits'], interval: 'none',
  higherIsBetter: false, ofAll: true, value: ({ confidence, hits }) => calibrationError(confidence!, hits!),
};

const BINS = 15;

/** Expected calibration error (Naeini, Cooper, Hauskrecht 2015): mean |accuracy - confidence| over equal-width bins, by rows. */
export function calibrationError(confidence: ArrayLike<number>, hits: ArrayLike<number>): number {
  const gaps = new Float64Array(BINS);
  for (let n = 0; n < hits.length; n++) gaps[Math.min(BINS - 1, Math.floor(confidence[n] * BINS))] += hits[n] - confidence[n];
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / hits.length;
}

/** The metrics among `known` that the losses give, of at least one row. */
export function metricsFrom(losses: RowLosses, known: readonly Metric[]): Metrics {
  const found: Metrics = { rows: losses.nll.length, nll: NLL.value(losses), nllSe: NLL.error!(losses) };
  for (const { name, needs, value, error } of known) {
    if (name === NLL.name || needs.some((need) => !losses[need])) continue;
    found[name] = value(losses);
    if (error) found[`${name}Se`] = error(losses);
  }
  return found;
}
