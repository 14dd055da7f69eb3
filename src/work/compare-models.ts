/** What came of learning from one table: all models, from no inputs to the fine-tuned network, on rows held out. */
import type { Config } from '../config/schema.js';
import { columnSubset, CompressedPredictor } from '../inference/predictive/compressed-draws.js';
import { metricsOf, type Metrics, type OutputDraws, type RowLosses } from '../likelihood/index.js';
import { fineTune } from '../inference/prune/fine-tune.js';
import { rowLosses } from '../inference/predictive/evaluate.js';
import { linearDraws, linearSize } from '../inference/predictive/linear-model.js';
import { nullModelDraws } from '../inference/predictive/null-model.js';
import { drawOutputs } from '../inference/predictive/predict.js';
import { cutNetwork } from '../inference/prune/cut.js';
import { networkSize, posteriorSize, type NetworkSize } from '../inference/prune/size.js';
import type { Stream } from '../random.js';
import type { CompressedModel, Posterior } from '../types.js';
import { DEFAULT_DRAWS } from '../inference/predictive/predictive.js';
import { cutFacts } from './cut-facts.js';
import type { Learned } from './learn.js';
import type { Prepared, SplitName } from './prepare.js';

/** One model of an outcome. */
export interface Measured {
  metrics: Metrics;
  size: NetworkSize;
}

export type ModelName = 'baseline' | 'linear' | 'dense' | 'full' | 'pruned' | 'tuned';

export interface Outcome {
  /** Inputs of the pruned model, in the order of the file. */
  kept: string[];
  /** Every row predicted alike. */
  baseline: Measured;
  /** The penalised linear model, where there is one. */
  linear?: Measured | undefined;
  dense?: Measured | undefined;
  /** The whole posterior, averaged over gates and weights. */
  full: Measured;
  /** What passed the threshold, gates fixed on, averaged over draws of the weights. */
  pruned: Measured;
  /** The same after fine-tuning on the training rows. */
  tuned: Measured;
  /** What each model loses on each row, in the order of the rows; their means are the metrics. */
  losses: Partial<Record<ModelName, RowLosses>>;
  model: CompressedModel;
  tunedModel: CompressedModel;
}

export interface OutcomeOptions {
  threshold: number;
  /** The rows to measure on. */
  split: SplitName;
  train: Pick<Config['train'], 'batch' | 'learningRate'>;
  signal?: AbortSignal;
}

/** Prunes, fine-tunes and measures. Needs a started engine. */
export async function outcomeOf(
  learned: Pick<Learned, 'chosen' | 'dense'> & Partial<Pick<Learned, 'linear' | 'inputs'>>, prepared: Prepared,
  { threshold, split, train, signal }: OutcomeOptions, stream: Stream,
): Promise<Outcome> {
  const { encoder, fitData, sets } = prepared;
  const rows = sets[split]!;
  const { posterior, inclusion } = learned.chosen;
  const losses: Outcome['losses'] = {};
  const measure = (outputs: OutputDraws, name: ModelName): Metrics => {
    losses[name] = rowLosses(outputs, rows.y, encoder.target, undefined, rows);
    return metricsOf(losses[name]);
  };
  const whole = (which: Posterior, name: ModelName): Measured => {
    const [outputs] = drawOutputs(which, DEFAULT_DRAWS, stream.split(name), [rows.x]);
    return { metrics: measure(outputs, name), size: posteriorSize(which) };
  };
  const none = nullModelDraws(sets.train!.y, encoder.target, rows.y.length, fitData.y);
  const ridge = learned.linear?.ridge;
  const facts = learned.linear && learned.inputs && cutFacts(learned.linear, learned.inputs, prepared);
  const { model, tau } = cutNetwork(posterior, inclusion, encoder, { threshold, level: 'all' }, facts);
  const pick = columnSubset(encoder, model.encoder);
  const small = (which: CompressedModel, name: ModelName): Measured => ({
    metrics: measure(new CompressedPredictor(which, DEFAULT_DRAWS, stream.split('pruned')).outputs(pick(rows.x)), name),
    size: networkSize(which),
  });
  const tunedModel = await fineTune(model, { ...fitData, x: pick(fitData.x) }, { ...train, tau, signal }, stream.split('tune'));
  return {
    kept: model.encoder.features.map(({ name }) => name),
    baseline: { metrics: measure(none, 'baseline'), size: { parameters: none.outputs, nonZero: none.outputs, multiplyAdds: 0 } },
    linear: ridge && { metrics: measure(linearDraws(ridge, encoder.target.task, rows.x), 'linear'), size: linearSize(ridge) },
    dense: learned.dense && whole(learned.dense, 'dense'), full: whole(posterior, 'full'),
    pruned: small(model, 'pruned'), tuned: small(tunedModel, 'tuned'),
    losses, model, tunedModel,
  };
}
