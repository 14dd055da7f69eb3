/** What the folds of a cross-validation say together of each model. */
import { calibrationError, metricsOf, type Metrics } from '../../inference/predictive/evaluate.js';
import { average, standardError } from '../../maths/statistics.js';
import type { RowLosses } from '../../inference/predictive/losses.js';
import type { ModelName } from '../compare-models.js';
import type { ByModel, FoldResult } from './fold.js';

/** A mean over folds and its standard error. */
export interface Estimate {
  mean: number;
  se: number;
}

/** The metrics that have no error of their own; those of the task at hand. */
export type MetricName = 'rmse' | 'accuracy' | 'nll' | 'coverage90' | 'ece';
export type MetricEstimates = Partial<Record<MetricName, Estimate>>;

export interface ModelSummary {
  /** Means of the folds' metrics. */
  folds: MetricEstimates;
  /** Metrics of the predictions for all rows, each by a model that did not see it; their errors are over rows. */
  pooled: Metrics;
  /** Inputs that the model uses, entries of its matrices and biases, and those that are not pruned. */
  size: Record<'inputs' | 'parameters' | 'nonZero', Estimate>;
}

/** Models whose difference to the dense one is told. */
export type Compared = 'pruned' | 'tuned';

export interface Summary {
  models: ByModel<ModelSummary>;
  /** The metric of each minus that of the dense model in the same fold. Absent without a dense model. */
  differences?: Record<Compared, MetricEstimates>;
}

/** A fold's result, which repeat of the division it belongs to, and its rows. */
export interface Placed {
  repeat: number;
  /** Indices of the rows held out. */
  rows: Int32Array;
  result: FoldResult;
}

const METRICS: MetricName[] = ['rmse', 'accuracy', 'nll', 'coverage90', 'ece'];
const MODELS: ModelName[] = ['dense', 'full', 'pruned', 'tuned'];

/** @param rows number of rows of the table, each in one fold of every repeat */
export function summarise(folds: readonly Placed[], rows: number): Summary {
  const present = MODELS.filter((name) => folds[0].result.models[name] !== undefined);
  const over = (value: (result: FoldResult) => number): Estimate =>
    estimate(folds.map(({ repeat, result }) => ({ repeat, value: value(result) })));
  const metrics = (value: (result: FoldResult, metric: MetricName) => number): MetricEstimates =>
    Object.fromEntries(METRICS.filter((metric) => folds[0].result.models.full!.metrics[metric] !== undefined)
      .map((metric) => [metric, over((result) => value(result, metric))]));
  const metric = ({ models }: FoldResult, model: ModelName, name: MetricName): number => models[model]!.metrics[name]!;
  const summary = (model: ModelName): ModelSummary => ({
    folds: metrics((result, name) => metric(result, model, name)),
    pooled: pooledMetrics(folds, model, rows),
    size: {
      inputs: over(({ inputs, kept }) => (model === 'pruned' || model === 'tuned' ? kept : inputs).length),
      parameters: over(({ models }) => models[model]!.size.parameters),
      nonZero: over(({ models }) => models[model]!.size.nonZero),
    },
  });
  const minusDense = (model: Compared): MetricEstimates =>
    metrics((result, name) => metric(result, model, name) - metric(result, 'dense', name));
  return {
    models: Object.fromEntries(present.map((name) => [name, summary(name)])),
    ...(present.includes('dense') && { differences: { pruned: minusDense('pruned'), tuned: minusDense('tuned') } }),
  };
}

/**
 * The mean over folds. Its standard error is that of one repeat, the root of the mean of the repeats' squared ones: dividing
 * the same rows again brings no new rows.
 */
export function estimate(values: readonly { repeat: number; value: number }[]): Estimate {
  const repeats = new Map<number, number[]>();
  for (const { repeat, value } of values) repeats.set(repeat, [...(repeats.get(repeat) ?? []), value]);
  const squares = [...repeats.values()].map((each) => standardError(Float64Array.from(each)) ** 2);
  return { mean: average(values.map(({ value }) => value)), se: Math.sqrt(average(squares)) };
}

/** Metrics of a row's loss averaged over the repeats; the calibration error is that of all predictions. */
function pooledMetrics(folds: readonly Placed[], model: ModelName, rows: number): Metrics {
  const repeats = new Set(folds.map(({ repeat }) => repeat)).size;
  const parts = folds.map(({ rows: held, result }) => ({ held, losses: result.losses[model]! }));
  const byRow = (name: keyof RowLosses): Float64Array | undefined => {
    if (!parts[0].losses[name]) return undefined;
    const sums = new Float64Array(rows);
    for (const { held, losses } of parts) held.forEach((row, at) => { sums[row] += losses[name]![at] / repeats; });
    return sums;
  };
  const all = (name: 'confidence' | 'hits'): number[] => parts.flatMap(({ losses }) => Array.from(losses[name]!));
  const [squares, inside, hits, confidence] = [byRow('squares'), byRow('inside'), byRow('hits'), byRow('confidence')];
  const metrics = metricsOf({ nll: byRow('nll')!, squares, inside, hits, confidence });
  return hits ? { ...metrics, ece: calibrationError(all('confidence'), all('hits')) } : metrics;
}
