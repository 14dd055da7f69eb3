/** What the folds of a cross-validation say together of each model. */
import { allMetrics, lossesOfEach, metricsOf, type Metric, type Metrics, type RowLosses } from '../../likelihood/index.js';
import { average, standardError } from '../../maths/statistics.js';
import type { ModelName } from '../compare-models.js';
import { gainOf, verdictOf, type Gain, type Gains, type RowsVerdict } from '../verdict.js';
import type { ByModel, FoldResult } from './fold.js';

/** A mean over folds and its standard error. */
export interface Estimate {
  mean: number;
  se: number;
}

/** By the name of the metric; those of the task at hand. */
export type MetricEstimates = Partial<Record<string, Estimate>>;

/** How one of several targets is predicted. */
export interface TargetEstimates {
  target: string;
  /** Means of the folds' metrics, in its own units. */
  folds: MetricEstimates;
}

export interface ModelSummary {
  /** Means of the folds' metrics. */
  folds: MetricEstimates;
  /** Metrics of the predictions for all rows, each by a model that did not see it; their errors are over rows. */
  pooled: Metrics;
  /** Inputs that the model uses, entries of its matrices and biases, and those that are not pruned. */
  size: Record<'inputs' | 'parameters' | 'nonZero', Estimate>;
  /** In the order of the config; absent of a single target. */
  targets?: TargetEstimates[];
}

/** Models whose difference to the dense one is told. */
export type Compared = 'pruned' | 'tuned';

export interface Summary {
  models: ByModel<ModelSummary>;
  /** The metric of each minus that of the dense model in the same fold. Absent without a dense model. */
  differences?: Record<Compared, MetricEstimates>;
  /** What the folds show of the whole posterior: gains are means over folds, with intervals by their spread. */
  verdict: RowsVerdict;
}

/** A fold's result, which repeat of the division it belongs to, and its rows. */
export interface Placed {
  repeat: number;
  /** Indices of the rows held out. */
  rows: Int32Array;
  result: FoldResult;
}

const MODELS: ModelName[] = ['baseline', 'linear', 'dense', 'full', 'pruned', 'tuned'];

/**
 * @param rows number of rows that are held out, each in one fold of every repeat
 * @param targets names of what is predicted, in the order of the config
 */
export function summarise(folds: readonly Placed[], rows: number, targets: readonly string[]): Summary {
  const present = MODELS.filter((name) => folds.every(({ result }) => result.models[name] !== undefined));
  const over = (value: (result: FoldResult) => number): Estimate =>
    estimate(folds.map(({ repeat, result }) => ({ repeat, value: value(result) })));
  const metrics = (value: (result: FoldResult, metric: string) => number): MetricEstimates =>
    Object.fromEntries(allMetrics().filter((metric) => present.every((model) =>
      folds.every(({ result }) => result.models[model]!.metrics[metric.name] !== undefined)))
      .map((metric) => [metric.name, over((result) => value(result, metric.name))]));
  const metric = ({ models }: FoldResult, model: ModelName, name: string): number => models[model]!.metrics[name]!;
  const summary = (model: ModelName): ModelSummary => ({
    folds: metrics((result, name) => metric(result, model, name)),
    pooled: pooledMetrics(folds, model),
    size: {
      inputs: over((result) => inputsOf(result, model)),
      parameters: over(({ models }) => models[model]!.size.parameters),
      nonZero: over(({ models }) => models[model]!.size.nonZero),
    },
    ...(targets.length > 1 && { targets: estimatesOfTargets(folds, model, targets) }),
  });
  const minusDense = (model: Compared): MetricEstimates =>
    metrics((result, name) => metric(result, model, name) - metric(result, 'dense', name));
  return {
    models: Object.fromEntries(present.map((name) => [name, summary(name)])),
    ...(present.includes('dense') && { differences: { pruned: minusDense('pruned'), tuned: minusDense('tuned') } }),
    verdict: foldsVerdict(folds, rows, present),
  };
}

function estimatesOfTargets(folds: readonly Placed[], model: ModelName, targets: readonly string[]): TargetEstimates[] {
  const each = folds.map(({ repeat, result }) =>
    ({ repeat, metrics: lossesOfEach(result.losses[model]!).map((losses): Partial<Metrics> => metricsOf(losses)) }));
  return targets.map((target, place) => ({
    target,
    folds: Object.fromEntries(allMetrics().flatMap(({ name }) => {
      const values = each.flatMap(({ repeat, metrics }) => {
        const value = metrics[place][name];
        return value === undefined ? [] : [{ repeat, value }];
      });
      return values.length < folds.length ? [] : [[name, estimate(values)] as const];
    })),
  }));
}

/** Rows that are held out, ascending. */
export const heldRows = (folds: readonly Placed[]): number[] =>
  [...new Set(folds.flatMap(({ rows }) => [...rows]))].sort((a, b) => a - b);

function inputsOf({ inputs, kept }: FoldResult, model: ModelName): number {
  if (model === 'baseline') return 0;
  return (model === 'pruned' || model === 'tuned' ? kept : inputs).length;
}

/** Student's t has one degree less than a repeat has folds. */
function foldsVerdict(folds: readonly Placed[], rows: number, present: readonly ModelName[]): RowsVerdict {
  const degrees = folds.filter(({ repeat }) => repeat === folds[0].repeat).length - 1;
  const gain = (worse: ModelName, better: ModelName): Gain => {
    const { mean, se } = estimate(folds.map(({ repeat, result: { models } }) =>
      ({ repeat, value: models[worse]!.metrics.nll - models[better]!.metrics.nll })));
    return gainOf({ mean, standardError: se }, degrees);
  };
  const gains: Gains = {
    overNoInputs: gain('baseline', 'full'),
    ...(present.includes('linear') && { overLinear: gain('linear', 'full'), linearOverNoInputs: gain('baseline', 'linear') }),
  };
  // A fold in ten keeps an input by chance.
  const finds = folds.filter(({ result }) => result.kept.length > 0).length;
  return verdictOf(gains, { rows, degrees, kept: 2 * finds > folds.length ? 1 : 0 });
}

/**
 * The mean over folds. Its standard error is that of one repeat, the root of the mean of the repeats' squared ones: dividing
 * the same rows again brings no new rows.
 */
export function estimate(values: readonly { repeat: number; value: number }[]): Estimate {
  const repeats = new Map<number, number[]>();
  for (const { repeat, value } of values) repeats.set(repeat, [...(repeats.get(repeat) ?? []), value]);
  const errors = [...repeats.values()].map((each) => standardError(Float64Array.from(each)));
  return { mean: average(values.map(({ value }) => value)), se: rootMeanSquare(errors) };
}

const rootMeanSquare = (values: readonly number[]): number => Math.sqrt(average(values.map((value) => value ** 2)));

/** Metrics of a row's loss averaged over the repeats; those that are no means over rows are of all predictions. */
function pooledMetrics(folds: readonly Placed[], model: ModelName): Metrics {
  const places = new Map(heldRows(folds).map((row, at) => [row, at]));
  const repeats = new Set(folds.map(({ repeat }) => repeat)).size;
  const parts = folds.map(({ rows: held, result, repeat }) => ({ held, losses: result.losses[model]!, repeat }));
  const names = Object.keys(parts[0].losses).filter((name) => parts[0].losses[name] !== undefined);
  const averaged = (name: string): Float64Array => {
    const sums = new Float64Array(places.size);
    for (const { held, losses } of parts) held.forEach((row, at) => { sums[places.get(row)!] += losses[name]![at] / repeats; });
    return sums;
  };
  const all = (name: string, some = parts): Float64Array =>
    Float64Array.from(some.flatMap(({ losses }) => Array.from(losses[name]!)));
  const gathered = (of: (name: string) => Float64Array): RowLosses =>
    Object.fromEntries(names.map((name) => [name, of(name)])) as unknown as RowLosses;
  // Classes and scores that were averaged would be nobody's: figures of all predictions come from these, one by one.
  const together = gathered(all);
  const byRepeat = [...new Set(folds.map(({ repeat }) => repeat))].map((repeat) =>
    gathered((name) => all(name, parts.filter((part) => part.repeat === repeat))));
  const errorOf = (error: NonNullable<Metric['error']>): number | undefined => {
    const errors = byRepeat.map(error);
    return errors.includes(undefined) ? undefined : rootMeanSquare(errors as number[]);
  };
  return metricsOf(gathered(averaged), ({ ofAll, value, error }) =>
    (ofAll ? { value: value(together), error: error && errorOf(error) } : undefined));
}
