/** The model card beside an export: what the model was made from, what it does, how well, and what it should not be used for. */
import type { Config } from '../config/schema.js';
import { dayText } from '../data/date.js';
import type { Division } from '../data/index.js';
import { columnCount } from '../data/feature.js';
import { classesOf, eachOf, likelihoodOf, type Metric, type Metrics } from '../likelihood/index.js';
import { wilson } from '../inference/inclusion/reliability.js';
import type { NetworkSize } from '../inference/prune/size.js';
import type { CompressedModel, Feature, InputInclusion, InputSet, InputVerdict, Task } from '../types.js';
import type { Manifest } from '../store/manifest.js';
import type { RunMetrics, SearchFacts } from '../work/run-metrics.js';
import type { PruneDocument, PruneMetrics } from './document.js';
import { carriedBy } from '../text/background.js';
import { skipsOf, type Skip } from '../text/skips.js';
import { countFits, type FitCounts } from '../train/fits.js';

/** A figure with its 95 % interval over the rows that it was measured on. */
export interface Figure {
  value: number;
  lower?: number;
  upper?: number;
}

export interface CardInput {
  name: string;
  kind: Feature['kind'];
  /** Numeric: smallest and largest value of the training rows; absent where only the indicator of missing cells is left. */
  range?: [number, number];
  /** Whether numbers are percentages. */
  form?: 'percent' | 'ordinal';
  /** Dates: first and last day of the training rows. */
  days?: [string, string];
  /** Categorical: all levels of the training rows. */
  levels?: string[];
  /** Whether training rows had missing cells. */
  missing: boolean;
  /** In the pruned network, averaged over all networks that training visited, and over the fits. */
  pip: number;
  pipAveraged: number;
  pipMin: number;
  pipMax: number;
  /** The averaged PIP by what the input does, and what is most probable; absent where linear and nonlinear are not told apart. */
  linear?: number;
  nonlinear?: number;
  verdict?: InputVerdict;
  /** Whether the fits disagree: `pipMin` and `pipMax` lie more than 0.5 apart. */
  unstable: boolean;
  /** The config keeps it, so that its PIP is not found, but given. */
  kept?: true;
  /** The credible sets that it is in, with all their inputs by descending probability. */
  sets: { inputs: { name: string; probability: number }[]; purity: number }[];
}

/** Content of model-card.json. */
export interface ModelCard {
  schemaVersion: 1;
  bnnc: string;
  target: { name: string; task: Task; classes?: string[]; targets?: string[] };
  data: {
    name: string; sha256: string; rows: number;
    /** How rows that are not independent were divided; absent where they were dealt one by one. */
    division?: Division;
    /** The column by which rows are weighed, in learning and in all figures. */
    weights?: { column: string; scale: Config['data']['weightScale'] };
  };
  network: {
    widths: number[]; activation: string; size: NetworkSize; before: NetworkSize; fineTuned?: number; quantized?: number;
    /** What layers read past the layer before them; absent when they read nothing else. */
    skips?: Skip[];
    /** Of which structures of the search it is the average; absent when it is the network that was cut. */
    ensemble?: PruneDocument['ensemble'];
  };
  pruning: { threshold: number; level: string; chosen: 'given' | 'validation'; temperature: number };
  /** Two classes: what `decisionThreshold: 'auto'` is, by the balanced accuracy on the training rows. */
  decisionThreshold?: number;
  inputs: CardInput[];
  /** Inputs that were there and were not kept. */
  leftOut: string[];
  /** Absent when the held-out rows could not be read. */
  metrics?: { split: string; rows: number; models: Partial<Record<ModelName, Record<string, Figure>>> };
  training: FitCounts & {
    seed: number; gates: string; spike: string; engine: string; search?: SearchFacts;
    /** How much rows of each class count in learning, in no figure; absent: all alike. */
    classWeights?: NonNullable<Config['data']['classWeights']>;
  };
  versions: Record<string, string>;
  files: { file: string; bytes: number; gzip: number }[];
  limits: string[];
}

type ModelName = Exclude<keyof PruneMetrics, 'split' | 'classes' | 'targets'>;

export interface CardFacts {
  report: PruneDocument;
  model: CompressedModel;
  files: readonly { file: string; bytes: number; gzip: number }[];
  manifest: Manifest;
  config: Config;
  metrics: RunMetrics;
  /** By column of the file. */
  inputs: readonly InputInclusion[];
  sets: readonly InputSet[];
}

export function modelCard({ report, model, files, manifest, config, metrics, inputs, sets }: CardFacts): ModelCard {
  const { encoder: { features, target }, layers, activation, decisionThreshold, fineTuned, quantized } = model;
  const { data, engine, seed, versions, bnnc } = manifest;
  const { data: { weights, weightScale, classWeights }, train: { temperature: asked } } = config;
  const temperature = asked === 'auto' ? metrics.temperature!.chosen : asked;
  const skips = skipsOf(model);
  const kept = new Set(features.map(({ name }) => name));
  const [classes, targets] = [classesOf(target), eachOf(target).map(({ name }) => name)];
  const unresolved = sets.some(({ inputs: all }) => all.length > 1 && all.some(({ input }) => kept.has(input)));
  return {
    schemaVersion: 1, bnnc,
    target: {
      name: target.name, task: target.task, ...(classes && { classes: [...classes] }), ...(targets.length > 1 && { targets }),
    },
    data: {
      name: data.path.replace(/^.*[\\/]/, ''), sha256: data.sha256, rows: data.rows,
      ...(metrics.division && { division: metrics.division }),
      ...(weights !== null && { weights: { column: weights, scale: weightScale } }),
    },
    network: {
      widths: [columnCount(features), ...layers.map(({ outputs }) => outputs)], activation,
      size: report.after, before: report.before,
      ...(fineTuned !== undefined && { fineTuned }), ...(quantized !== undefined && { quantized }),
      ...(skips.length > 0 && { skips }), ...(report.ensemble && { ensemble: report.ensemble }),
    },
    pruning: { threshold: report.threshold, level: report.level, chosen: report.choice ? 'validation' : 'given', temperature },
    ...(decisionThreshold !== undefined && { decisionThreshold }),
    inputs: features.map((feature, f) => {
      const row = inputs.find(({ input }) => input === feature.name)!;
      const { pip, pipMin, pipMax, linear, nonlinear, verdict, unstable, kept: given } = row;
      const { name, kind, form, levels, dates, missing = false, columns } = feature;
      const range = kind === 'numeric' && form !== 'ordinal' ? columns.find(({ type }) => type === 'number')?.range : undefined;
      const days = dates?.days.map(dayText) as [string, string] | undefined;
      return {
        name, kind, ...(form && { form }), ...(range && { range }), ...(days && { days }), ...(levels && { levels }), missing,
        pip: model.inputPips[f], pipAveraged: pip, pipMin, pipMax, unstable, ...(given && { kept: given }),
        ...(linear !== undefined && nonlinear !== undefined && verdict && { linear, nonlinear, verdict }),
        sets: setsOf(name, sets),
      };
    }),
    leftOut: inputs.filter(({ input }) => !kept.has(input)).map(({ input }) => input),
    ...(report.metrics && { metrics: measured(report.metrics, target.task) }),
    training: {
      seed, ...countFits(metrics.restarts), gates: config.model.gates, spike: config.prior.spike, engine: engine.name,
      ...(metrics.search && { search: metrics.search }), ...(classWeights !== null && { classWeights }),
    },
    versions, files: [...files], limits: limitsOf(report, temperature, unresolved),
  };
}

const setsOf = (name: string, sets: readonly InputSet[]): CardInput['sets'] =>
  sets.filter(({ inputs }) => inputs.some(({ input }) => input === name)).map(({ inputs, purity }) =>
    ({ inputs: inputs.map(({ input, probability }) => ({ name: input, probability })), purity }));

function measured({ split, classes: _, targets: __, ...models }: PruneMetrics, task: Task): NonNullable<ModelCard['metrics']> {
  const figures = Object.entries(models).flatMap(([name, metrics]) => (metrics ? [[name, figuresOf(metrics, task)]] : []));
  return { split, rows: models.pruned.rows, models: Object.fromEntries(figures) as Record<ModelName, Record<string, Figure>> };
}

/** Normal intervals of means over rows, none of a single row; of an accuracy Wilson's, which stays within 0 and 1. */
function figuresOf(metrics: Metrics, task: Task): Record<string, Figure> {
  const { rows } = metrics;
  const around = (value: number, se: number, least = -Infinity): Figure =>
    ({ value, ...(rows > 1 && { lower: Math.max(least, value - 1.96 * se), upper: value + 1.96 * se }) });
  const figure = ({ name, interval, least }: Metric, value: number): Figure => {
    if (interval === 'wilson') return { value, ...wilson(value * rows, rows) };
    return interval === 'normal' ? around(value, metrics[`${name}Se`]!, least) : { value };
  };
  return Object.fromEntries(likelihoodOf(task).metrics.flatMap((metric) => {
    const value = metrics[metric.name];
    return value === undefined ? [] : [[metric.name, figure(metric, value)]];
  }));
}

function limitsOf(
  { noMetrics, metrics, background, ensemble, inputs }: PruneDocument, temperature: number, unresolved: boolean,
): string[] {
  return [
    'The model has seen only its training rows. Outside the ranges and levels of its inputs, its predictions are guesses.',
    'An inclusion probability says that the predictions need an input. It does not say that the input causes the target.',
    ...(background || ensemble?.linear !== undefined ? [
      `The model has a ${background ? 'dense background' : 'linear model of all inputs'}, which reads every input. A small weight in it does not show that an input matters.`,
      ...carriedBy(background?.named, inputs.length)] : []),
    ...(unresolved ? ['Some inputs are in credible sets with others. The rows do not tell which of them carries the effect.'] : []),
    ...(temperature < 1 ? [`The gates were trained at temperature ${temperature}. This mostly improves predictions, but the inclusion probabilities are too high.`] : []),
    ...(noMetrics === undefined ? [] : [`The model was not measured on held-out rows: ${noMetrics}.`]),
    ...(metrics?.split === 'validation' ? ['The figures are those of validation rows, which may have served to choose the threshold.'] : []),
  ];
}
