/** One fold of a cross-validation: learn from the other folds' rows, predict its own. */
import type { Config } from '../../config/schema.js';
import type { Table } from '../../data/index.js';
import type { RowLosses } from '../../likelihood/index.js';
import type { ElboEstimate } from '../../model/elbo.js';
import { Stream } from '../../random.js';
import type { Splits, TrainProgress } from '../../types.js';
import { Interrupted } from '../../jobs/abort.js';
import { learn, type Learned } from '../learn.js';
import { outcomeOf, type Measured, type ModelName } from '../compare-models.js';
import type { Runner } from '../../jobs/runner.js';
import type { TrainTasks } from '../tasks.js';
import { prepareTable } from '../prepare.js';

export interface FoldTask {
  table: Table;
  splits: Splits;
  /** `train.seed` is the fold's own. */
  config: Config;
  threshold: number;
  repeat: number;
  /** Within its repeat; both are counted from 1. */
  fold: number;
  /** Of a sweep: the number of its setting, counted from 1. */
  trial?: number | undefined;
}

export type ByModel<T> = Partial<Record<ModelName, T>>;

export interface FoldResult {
  models: ByModel<Measured>;
  /** On the rows held out, in their order. */
  losses: ByModel<RowLosses>;
  /** Inputs of the pruned model, in the order of the file. */
  kept: string[];
  /** The inputs that vary over the training rows, and their PIPs: one list per restart; of a search one list. */
  inputs: string[];
  pips: number[][];
  /** Which of the lists is that of the chosen network, and the highest ELBO of a restart on the training rows. */
  best: number;
  elbo: ElboEstimate;
}

/** How many fits' time the outcome of a fold takes, which fine-tunes the pruned network. */
const TUNED = 0.5;

/**
 * Makes the fits of a fold and measures what came of them. Needs a started engine.
 * @returns undefined when `signal` stopped it
 * @throws the errors of the data stage; training.non-finite
 */
export async function learnFold(
  runner: Runner<TrainTasks>, { table, splits, config, threshold }: FoldTask, signal: AbortSignal,
  onProgress: (progress: TrainProgress) => void,
): Promise<FoldResult | undefined> {
  const prepared = prepareTable(table, splits, config);
  const { train } = config;
  try {
    const learned = await learn(runner, config, prepared, { onProgress, laterEpochs: TUNED * prepared.plan.epochs });
    const stream = Stream.fromSeed(train.seed).split('outcome');
    const options = { threshold, split: 'test' as const, train, signal };
    const outcome = await outcomeOf(learned, learned.prepared, options, stream);
    const { kept, losses, baseline, linear, dense, full, pruned, tuned } = outcome;
    const { assessed, best } = learned;
    return signal.aborted ? undefined : {
      models: { baseline, ...(linear && { linear }), ...(dense && { dense }), full, pruned, tuned }, losses, kept,
      inputs: prepared.encoder.features.map(({ name }) => name),
      ...pipsOf(learned), elbo: assessed[best].elbo,
    };
  } catch (error) {
    if (error instanceof Interrupted) return undefined;
    throw error;
  }
}

function pipsOf({ search, inputs, assessed, best }: Learned): Pick<FoldResult, 'pips' | 'best'> {
  if (search) return { pips: [inputs.map(({ pip }) => pip)], best: 0 };
  return { pips: assessed.map(({ inclusion }) => Array.from(inclusion.inputs)), best };
}
