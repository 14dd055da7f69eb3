/** metrics.json: how every model of a run does on every split. */
import type { Division } from '../data/index.js';
import { sameOutputs } from '../inference/predictive/null-model.js';
import { columnSubset, CompressedPredictor } from '../inference/predictive/compressed-draws.js';
import { linearDraws, linearSize } from '../inference/predictive/linear-model.js';
import { decisionThresholdOf, figuresOfClasses, figuresOfTargets, rowLosses, type TargetFigures } from '../inference/predictive/evaluate.js';
import type { PenalisedLinear } from '../linear/types.js';
import {
  classesOf, likelihoodOf, metricsOf, type ClassFigures, type Metrics, type OutputDraws, type RowLosses,
} from '../likelihood/index.js';
import { drawOutputs } from '../inference/predictive/predict.js';
import { cutNetwork, type CutFacts } from '../inference/prune/cut.js';
import { prune } from '../inference/prune/prune.js';
import type { Inclusion } from '../inference/inclusion/inclusion.js';
import { namedShare } from '../inference/prune/with-background.js';
import { networkSize, posteriorSize, type NetworkSize } from '../inference/prune/size.js';
import type { ElboEstimate } from '../model/elbo.js';
import type { Stream } from '../random.js';
import type { Gates, Matrix, Posterior, Target } from '../types.js';
import { DEFAULT_DRAWS } from '../inference/predictive/predictive.js';
import type { Held } from './large.js';
import type { Leakage } from './leakage/leakage.js';
import type { Prepared, SplitName } from './prepare.js';
import { sizesOf, type Sizes } from './sizes.js';
import type { Verdict } from './verdict.js';

export type SplitMetrics = Partial<Record<SplitName, Metrics>>;

export interface ModelMetrics {
  /** Hard-gate ELBO on the training rows, in nats. */
  elbo?: ElboEstimate;
  splits: SplitMetrics;
  /** How held-out rows of each class are predicted; absent for numbers, for many classes, and in runs of earlier versions. */
  classes?: Partial<Record<SplitName, ClassFigures[]>>;
  /** How rows of each of several targets are predicted; absent of a single one. */
  targets?: Partial<Record<SplitName, TargetFigures[]>> | undefined;
  /**
   * Two classes: from which probability on the second is predicted for the highest balanced accuracy on the training rows; absent
   * of models that nobody decides by, and in runs of earlier versions.
   */
  decisionThreshold?: number;
  size: NetworkSize;
}

export interface TemperatureChoice {
  chosen: number;
  /** Mean negative log-likelihood of the median probability model on rows it did not learn from, in nats; from hot to cold. */
  tried: { temperature: number; nll: number }[];
}

/** The reference structure of a search, and the average that it stands for. */
export interface StructureFacts {
  /** Log evidence and log posterior of the reference, in nats. */
  evidence: number;
  logPosterior: number;
  units: number;
  /** Structures that were fitted, and the smallest number of them that have nine tenths of the average. */
  structures: number;
  material: number;
  /** Share of the linear model of all inputs in predictions; absent where it was not fitted. */
  dense?: number;
}

/** What a search over structures did. */
export interface SearchFacts extends StructureFacts {
  /** Of each chain: those that climbed, those that were not counted, those that were. */
  steps: { climb: number; burn: number; counted: number };
  chains: { start: string; fits: number }[];
  /** Inputs on which chains, or the two estimates of a PIP, differ by more than .3. */
  unstable: string[];
}

/** Content of metrics.json. */
export interface RunMetrics {
  schemaVersion: 1;
  /** How rows that are not independent were divided; absent where they were dealt one by one. */
  division?: Division;
  /** What makes held-out rows easier to predict than new ones; absent in runs of earlier versions. */
  leakage?: Leakage;
  /** Of a large table: on how many rows of each part figures are; absent where these are all. */
  held?: Held;
  /** Every row predicted alike, by the distribution of the training targets; absent in runs of earlier versions. */
  baseline?: {
    /**
     * Its outputs on the likelihood's scale. In runs of earlier versions null stands for -infinity, of a class that the training
     * rows are without.
     */
    output?: (number | null)[]; noiseVariance?: number;
    splits: SplitMetrics;
    targets?: ModelMetrics['targets'] | undefined;
  };
  /** The penalised linear model; absent where it was not fitted, and in runs of earlier versions. */
  linear?: ModelMetrics;
  /** The mean-field network of the same shape without gates; absent when it was not trained. */
  dense?: ModelMetrics;
  /** The spike-and-slab posterior, averaged over gates and weights. */
  full: ModelMetrics;
  /** The median probability model: what has PIP >= 0.5, gates fixed on. */
  median: ModelMetrics & { inputs: string[] };
  /**
   * Only of a run with a dense background: what the network's outputs are multiplied by, and which part of the variance of all
   * outputs on the training rows the inputs of the median probability model carry (absent where they do not vary).
   */
  background?: { share: number; named?: number } | undefined;
  /**
   * What each begins from, the bound by which they are compared (the ELBO with what relabelling of hidden units adds), and the
   * inputs of a PIP of at least 0.5. All three absent in runs of earlier versions.
   */
  restarts: { name?: string; gates: Gates; elbo: ElboEstimate; bound?: number; inputs?: string[]; chosen: boolean }[];
  /** Where there was a search, `full` and `median` are what it found. */
  search?: SearchFacts;
  /** Beside a search: the posterior of the chosen restart, which then is not `full`. */
  variational?: ModelMetrics;
  /** Present where cross-validation chose it. */
  temperature?: TemperatureChoice;
  /** How much smaller the median probability model is than the network asked for; absent in runs of earlier versions. */
  sizes?: Sizes;
  /** What held-out rows show of the whole posterior; absent in runs of earlier versions. */
  verdict?: Verdict;
}

/** What the dense background of a posterior leaves to the median probability model; on the training rows. */
export function backgroundMetrics(posterior: Posterior, pips: Inclusion, { sets, encoder }: Measured): RunMetrics['background'] {
  if (!posterior.background) return undefined;
  const { model } = prune(posterior, pips, encoder, { threshold: 0.5, level: 'all' });
  const named = namedShare(model, posterior.background, encoder, sets.train!.x);
  return { share: posterior.background.share, ...(named !== undefined && { named }) };
}

/** What a model loses on every row that was held out: -log p, in nats. */
export type HeldOutLosses = Partial<Record<'validation' | 'test', Float64Array>>;

/** Metrics of a model, and its losses row by row. */
export interface Measurement<M> {
  metrics: M;
  losses: HeldOutLosses;
}

/** The encoded rows that are measured, and how they were encoded. */
export type Measured = Pick<Prepared, 'sets' | 'encoder'>;

/** Metrics of a prediction that uses no input on all splits. */
export function nullModelMetrics(
  prepared: Measured & Partial<Pick<Prepared, 'fitData'>>,
): Measurement<NonNullable<RunMetrics['baseline']>> {
  const { sets: { train }, encoder: { target }, fitData } = prepared;
  const { output, noiseVariance } = likelihoodOf(target.task).nullModel(train!.y, target, fitData?.y);
  const facts = { output: [...output], noiseVariance };
  return onSplits(prepared, (xs) => xs.map(({ rows }) => sameOutputs(facts, target.task, rows)), facts);
}

/** Metrics of the penalised linear model on all splits. */
export function linearMetrics(ridge: PenalisedLinear, prepared: Measured): Measurement<ModelMetrics> {
  const { target: { task } } = prepared.encoder;
  return onSplits(prepared, (xs) => xs.map((x) => linearDraws(ridge, task, x)), { size: linearSize(ridge) });
}

/** Metrics of a whole posterior on all splits. */
export function posteriorMetrics(
  posterior: Posterior, prepared: Measured, stream: Stream, elbo?: ElboEstimate,
): Measurement<ModelMetrics> {
  const splits = (xs: Matrix[]): OutputDraws[] => drawOutputs(posterior, DEFAULT_DRAWS, stream, xs);
  return onSplits(prepared, splits, { ...(elbo && { elbo }), size: posteriorSize(posterior) }, true);
}

/**
 * Metrics of the median probability model on all splits, and what it saves.
 * @param asked the network asked for, where a linear fit was chosen in its place
 */
export function medianMetrics(
  posterior: Posterior, pips: Inclusion, prepared: Measured, stream: Stream,
  { facts, asked }: { facts?: CutFacts | undefined; asked?: Posterior | undefined } = {},
): Required<Pick<RunMetrics, 'median' | 'sizes'>> {
  const { model, report } = cutNetwork(posterior, pips, prepared.encoder, { threshold: 0.5, level: 'all' }, facts);
  const predictor = new CompressedPredictor(model, DEFAULT_DRAWS, stream);
  const pick = columnSubset(prepared.encoder, model.encoder);
  const { metrics: median } = onSplits(prepared, (xs) => xs.map((x) => predictor.outputs(pick(x))), {
    size: networkSize(model), inputs: model.encoder.features.map(({ name }) => name),
  }, true);
  return { median, sizes: sizesOf({ posterior, encoder: prepared.encoder, asked }, model, report) };
}

/**
 * @param outputs gives the draws for every set of rows
 * @param facts what else is told of the model
 * @param decides whether it may be asked for decisions
 */
function onSplits<F>(
  { sets, encoder }: Measured, outputs: (xs: Matrix[]) => OutputDraws[], facts: F, decides = false,
): Measurement<F & Pick<ModelMetrics, 'splits' | 'classes' | 'targets' | 'decisionThreshold'>> {
  const present = Object.entries(sets);
  const draws = outputs(present.map(([, { x }]) => x));
  const losses = present.map(([, { y, ...facts }], at) => rowLosses(draws[at], y, encoder.target, undefined, facts));
  const bySplit = <V>(value: (at: number) => V): Record<string, V> =>
    Object.fromEntries(present.map(([name], at) => [name, value(at)]));
  const { train: _, ...heldOut } = bySplit((at) => losses[at].nll) as Record<SplitName, Float64Array>;
  const classes = classesBySplit(Object.fromEntries(present.map(([name], at) => [name, losses[at]])), encoder.target);
  const decisionThreshold = decides ? onTraining(draws[present.findIndex(([name]) => name === 'train')], { sets, encoder }) : undefined;
  const splits = bySplit((at) => metricsOf(losses[at]));
  const targets = figuresOfTargets(losses[0], encoder.target) && bySplit((at) => figuresOfTargets(losses[at], encoder.target)!);
  return {
    metrics: {
      ...facts, splits, ...(classes && { classes }), ...(targets && { targets }),
      ...(decisionThreshold !== undefined && { decisionThreshold }),
    },
    losses: heldOut,
  };
}

function onTraining(draws: OutputDraws | undefined, { sets: { train }, encoder }: Measured): number | undefined {
  return draws && decisionThresholdOf(draws, train!.y, encoder.target, train!.weights);
}

/** Of more classes a confusion matrix would be most of the document. */
const MAX_LISTED_CLASSES = 50;

/** Training rows are left out: nobody decides by them. */
function classesBySplit(losses: Partial<Record<string, RowLosses>>, target: Target): ModelMetrics['classes'] {
  if ((classesOf(target)?.length ?? Infinity) > MAX_LISTED_CLASSES) return undefined;
  const held = (['validation', 'test'] as const).filter((split) => losses[split]);
  return Object.fromEntries(held.map((split) => [split, figuresOfClasses(losses[split]!, target)]));
}
