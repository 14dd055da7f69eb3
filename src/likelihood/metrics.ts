/** Metrics of predictions by name: means over rows of what a likelihood says is lost on each. */
import { average, standardError, sumOf } from '../maths/statistics.js';
import { balancedAccuracy, f1, macroF1, matthewsCorrelation, type Decided } from './confusion.js';
import { areaUnderRoc, averagePrecision, rankingCuts, type Area, type Cut } from './ranking.js';

/** One number per row, by what it measures; of numbers in the target's own units. */
export interface RowLosses {
  /** Negative log predictive density or probability, in nats. */
  nll: Float64Array;
  /** How much the row counts in every metric; absent: 1 each. */
  weight?: Float64Array;
  /** Numbers: squared error of the predictive mean. */
  squares?: Float64Array;
  /** Several numbers: the mean of the squared errors, each over the variance of its target. */
  relativeSquares?: Float64Array;
  /** Numbers: absolute error of the predictive mean. */
  absolute?: Float64Array;
  /** Numbers: the target. */
  truth?: Float64Array;
  /** Numbers: 1 for a target inside the central 90 % predictive interval. */
  inside?: Float64Array;
  /** Numbers: the continuous ranked probability score of the predictive distribution, where it is known in closed form. */
  crps?: Float64Array;
  /** Numbers: pinball loss of the 5 % and the 95 % quantile. */
  pinball05?: Float64Array;
  pinball95?: Float64Array;
  /** Classes: 1 where the predicted class, as a rule the likeliest, is the true one. */
  hits?: Float64Array;
  /** Classes: the probability of the predicted class. */
  confidence?: Float64Array;
  /** Classes: indices of the true and of the predicted one. */
  labels?: Float64Array;
  predicted?: Float64Array;
  /** Classes: squared error of the probabilities, of two classes that of the second alone. */
  brier?: Float64Array;
  /** Two classes: log odds of the second. More: `score0`, `score1`, ..., those of each against all others. */
  score1?: Float64Array;
  /** Several numbers: `0:squares`, `1:squares`, ..., what is lost on each of them. */
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
  mae?: number;
  maeSe?: number;
  /** 1 - squared errors / squared deviations from the mean of these rows; absent where all targets are the same. */
  r2?: number;
  /** Several numbers: RMSE in standard deviations of each, and the mean over the targets of R². */
  relativeRmse?: number;
  relativeRmseSe?: number;
  meanR2?: number;
  /** Share of targets inside the central 90 % predictive interval. */
  coverage90?: number;
  /** Continuous ranked probability score. */
  crps?: number;
  crpsSe?: number;
  /** Pinball loss of the 5 % and the 95 % quantile. */
  pinball05?: number;
  pinball95?: number;
  /** Classes. */
  accuracy?: number;
  accuracySe?: number;
  /** Of two classes the second's; of more the mean over those that occur, each against all others. */
  auc?: number;
  /** Of two classes alone. */
  aucSe?: number;
  averagePrecision?: number;
  brier?: number;
  brierSe?: number;
  balancedAccuracy?: number;
  /** Of two classes the second's; of more the mean over those that occur. */
  f1?: number;
  /** Matthews' correlation coefficient. */
  mcc?: number;
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
  /** Undefined where these rows do not tell. */
  value(losses: RowLosses): number | undefined;
  error?(losses: RowLosses): number | undefined;
  /** How its 95 % interval is made: Wilson's of a share, a normal one not below `least`, or none. */
  interval: 'wilson' | 'normal' | 'none';
  least?: number;
  higherIsBetter: boolean;
  /** Where it is a loss that a share can be explained of: what that share is called, and it. */
  explains?: { label: string; share(value: number, withoutInputs: number): number };
  /** Whether it is no mean over rows: of predictions that were averaged first it would be another thing. */
  ofAll?: boolean;
  /** Whether tables show it without its error, so that they fit. */
  bare?: boolean;
  /** Whether tables that compare models leave it out; `evaluate` and all JSON documents have it. */
  detail?: boolean;
}

const loss = (name: string) => (losses: RowLosses): Float64Array => losses[name]!;
const mean = (name: string) => (losses: RowLosses): number => average(loss(name)(losses), losses.weight);
const meanError = (name: string) => (losses: RowLosses): number => standardError(loss(name)(losses), losses.weight);

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

/** A mean over rows of the loss of the same name. */
const meanLoss = (name: string, label: string, short: string): Metric => ({
  name, label, short, needs: [name], interval: 'normal', least: 0, higherIsBetter: false, detail: true,
  value: mean(name), error: meanError(name),
});

export const MAE: Metric = { ...meanLoss('mae', 'mean absolute error', 'MAE'), needs: ['absolute'], value: mean('absolute'), error: meanError('absolute') };
export const CRPS = meanLoss('crps', 'CRPS', 'CRPS');
export const PINBALL = [
  meanLoss('pinball05', 'pinball loss of the 5 % quantile', 'pinball 5 %'),
  meanLoss('pinball95', 'pinball loss of the 95 % quantile', 'pinball 95 %'),
];
export const DEVIANCE: Metric = {
  ...meanLoss('deviance', 'Poisson deviance', 'deviance'), detail: false,
  explains: { label: 'explained deviance', share: (value, withoutInputs) => 1 - value / withoutInputs },
};
export const BRIER = meanLoss('brier', 'Brier score', 'Brier score');
export const RANKED_PROBABILITY = { ...meanLoss('rps', 'ranked probability score', 'RPS'), detail: false };

export const R2: Metric = {
  name: 'r2', label: 'R²', short: 'R²', needs: ['squares', 'truth'], interval: 'none', higherIsBetter: true, ofAll: true, detail: true,
  value({ squares, truth, weight }) {
    const centre = average(truth!, weight);
    const weighed = (values: Float64Array): number => values.reduce((sum, value, n) => sum + (weight?.[n] ?? 1) * value, 0);
    const spread = weighed(truth!.map((value) => (value - centre) ** 2));
    if (spread === 0) return undefined;
    const share = 1 - weighed(squares!) / spread;
    // Of the mean of the rows itself nothing but rounding is left.
    return Math.abs(share) < 1e-12 ? 0 : share;
  },
};

/** What is made of the true and the predicted class of each row. */
const ofClasses = (
  name: string, label: string, value: (classes: Decided, losses: RowLosses) => number,
): Metric => ({
  name, label, short: label, needs: ['labels', 'predicted'], interval: 'none', higherIsBetter: true, ofAll: true, detail: true,
  value: (losses) => value({ labels: losses.labels!, predicted: losses.predicted!, weight: losses.weight }, losses),
});

/** More than two classes have scores of the first, too. */
const isBinary = (losses: RowLosses): boolean => losses['score0'] === undefined;

export const BALANCED_ACCURACY = ofClasses('balancedAccuracy', 'balanced accuracy', balancedAccuracy);
export const F1 = ofClasses('f1', 'F1', (classes, losses) => (isBinary(losses) ? f1(classes, 1) : macroF1(classes)));
export const MCC = ofClasses('mcc', "Matthews' correlation", matthewsCorrelation);

/** Something of the scores of a class and of which rows are of it. */
type OfScores<V> = (scores: ArrayLike<number>, inside: ArrayLike<boolean>, weight?: ArrayLike<number>) => V | undefined;

/** Of two classes that of the second. Of more the mean over the classes for which there is one. */
function overClasses(losses: RowLosses, of: OfScores<number>): number | undefined {
  if (isBinary(losses)) return ofClass(losses, 1, of);
  const each: number[] = [];
  for (let label = 0; losses[`score${label}`]; label++) {
    const value = ofClass(losses, label, of);
    if (value !== undefined) each.push(value);
  }
  return each.length > 0 ? average(each) : undefined;
}

/** Of one class against all others; undefined where it has no scores. */
function ofClass<V>(losses: RowLosses, label: number, of: OfScores<V>): V | undefined {
  const scores = losses[`score${label}`];
  return scores && of(scores, Array.from(losses.labels!, (each) => each === label), losses.weight);
}

/** The area under the ROC curve of one class against all others; of two classes that of both. */
export const areaOfClass = (losses: RowLosses, label: number): number | undefined =>
  ofClass<Area>(losses, isBinary(losses) ? 1 : label, areaUnderRoc)?.value;

/** How the scores of one class put its rows before all others. */
export interface ClassRanking {
  area: Area;
  averagePrecision: number;
  cuts: Cut[];
}

/** Of one class against all others; undefined where all rows are of it, or none, and where it has no scores. */
export const rankingOfClass = (losses: RowLosses, label: number): ClassRanking | undefined =>
  ofClass<ClassRanking>(losses, label, (...ranked) => {
    const area = areaUnderRoc(...ranked);
    return area && { area, averagePrecision: averagePrecision(...ranked)!, cuts: rankingCuts(...ranked) };
  });

const RANKED = { needs: ['labels', 'score1'], interval: 'none', higherIsBetter: true, ofAll: true } as const;

export const AUC: Metric = {
  ...RANKED, name: 'auc', label: 'area under the ROC curve', short: 'AUC', interval: 'normal', least: 0, bare: true,
  value: (losses) => overClasses(losses, (scores, inside, weight) => areaUnderRoc(scores, inside, weight)?.value),
  error: (losses) => (isBinary(losses) ? ofClass<Area>(losses, 1, areaUnderRoc)?.error : undefined),
};

export const AVERAGE_PRECISION: Metric = {
  ...RANKED, name: 'averagePrecision', label: 'average precision', short: 'average precision', detail: true,
  // Without a row of the class there is nothing to find, and where all are of it nothing to tell apart.
  value: (losses) => overClasses(losses, (scores, inside, weight) =>
    (areaUnderRoc(scores, inside, weight) === undefined ? undefined : averagePrecision(scores, inside, weight))),
};

export const CALIBRATION: Metric = {
  name: 'ece', label: 'calibration error', short: 'calib. error', needs: ['confidence', 'hits'], interval: 'none',
  higherIsBetter: false, ofAll: true, value: ({ confidence, hits, weight }) => calibrationError(confidence!, hits!, weight),
};

const BINS = 15;

/** Expected calibration error (Naeini, Cooper, Hauskrecht 2015): mean |accuracy - confidence| over equal-width bins, by rows. */
export function calibrationError(confidence: ArrayLike<number>, hits: ArrayLike<number>, weight?: ArrayLike<number>): number {
  const gaps = new Float64Array(BINS);
  for (let n = 0; n < hits.length; n++) {
    gaps[Math.min(BINS - 1, Math.floor(confidence[n] * BINS))] += (weight ? weight[n] : 1) * (hits[n] - confidence[n]);
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / (weight ? sumOf(weight) : hits.length);
}

/** A metric's value, and its standard error where it has one. */
export interface Figure {
  value: number | undefined;
  error?: number | undefined;
}

/**
 * The metrics among `known` that the losses give, of at least one row.
 * @param instead what a metric is that is not to be made of them
 */
export function metricsFrom(
  losses: RowLosses, known: readonly Metric[], instead: (metric: Metric) => Figure | undefined = () => undefined,
): Metrics {
  const found: Metrics = { rows: losses.nll.length, nll: mean('nll')(losses), nllSe: meanError('nll')(losses) };
  for (const metric of known) {
    const { name, needs } = metric;
    if (name === NLL.name || needs.some((need) => !losses[need])) continue;
    const { value, error } = instead(metric) ?? { value: metric.value(losses), error: metric.error?.(losses) };
    if (value === undefined) continue;
    found[name] = value;
    if (error !== undefined) found[`${name}Se`] = error;
  }
  return found;
}
