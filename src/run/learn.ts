/** From prepared rows to the chosen restart and its inclusion probabilities: the inference of one table, in memory. */
import type { Config } from '../config/schema.js';
import { bestRestart, inputInclusion } from '../inference/choice.js';
import { fitJobs, isReference, type FitJob, type FitsAskedFor } from '../train/fits.js';
import type { InputInclusion, Posterior } from '../types.js';
import { fitAndAssess, type Fitted, type Fitting } from './fitting.js';
import type { Runner } from './parallel/runner.js';
import type { TrainTasks } from './parallel/tasks.js';
import type { Prepared } from './prepare.js';

type Learning = Pick<Config, 'model' | 'prior' | 'train' | 'inclusion'>;

export interface Learned extends Fitted {
  /** Which restart has the highest hard-gate ELBO. */
  best: number;
  /** Its inclusion probabilities, with their spread over all restarts; in the order of the encoder's features. */
  inputs: InputInclusion[];
  /** The mean-field network of the same shape without gates, where it was asked for. */
  dense?: Posterior;
}

/** The fits that a config asks for. */
export function jobsOf(config: Omit<Learning, 'inclusion'>, { shape, plan: { epochs, batch } }: Prepared): FitJob[] {
  const { prior, train: { learningRate, gateLearningRate } } = config;
  return fitJobs({ shape, epochs, batch, learningRate, gateLearningRate, prior }, fitsAskedFor(config));
}

/** How many fits a config asks for, and of what kind. */
export const fitsAskedFor = ({ model, prior, train }: Omit<Learning, 'inclusion'>): FitsAskedFor =>
  ({ gates: model.gates, spike: prior.spike, restarts: train.restarts, reference: train.reference });

/**
 * Makes all fits and chooses between the restarts. `train.seed` names every random draw.
 * @throws interrupted.stopped after `save` had the states; training.non-finite, training.worker
 */
export async function learn(
  runner: Runner<TrainTasks>, config: Learning, prepared: Prepared,
  { jobs = jobsOf(config, prepared), from = [], save = async () => {}, onProgress }: Partial<Pick<Fitting, 'jobs' | 'from' | 'save' | 'onProgress'>> = {},
): Promise<Learned> {
  const fitted = await fitAndAssess({ runner, config, prepared, jobs, from, onProgress, save });
  const best = bestRestart(fitted.assessed);
  const inputs = inputInclusion(prepared.encoder.features.map(({ name }) => name), fitted.assessed, best);
  return { ...fitted, best, inputs, dense: fitted.posteriors[jobs.findIndex(isReference)] };
}
