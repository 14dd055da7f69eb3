/**
 * The dense background of the chosen network (docs/method.md, The dense background): how much of it and of the network predicts
 * best is judged on rows that the network did not see, by fits of the same kind to the other rows.
 */
import type { Config } from '../config/schema.js';
import { Interrupted } from '../jobs/abort.js';
import type { Runner } from '../jobs/runner.js';
import { likelihoodOf } from '../likelihood/index.js';
import { partsOf, type Part } from '../linear/folds.js';
import type { PenalisedLinear } from '../linear/types.js';
import { hasGates } from '../model/shape.js';
import { Stream } from '../random.js';
import { isLinear, type FitJob } from '../train/fits.js';
import type { FitData } from '../train/types.js';
import type { Background, Posterior } from '../types.js';
import type { Prepared } from './prepare.js';
import type { TrainTasks } from './tasks.js';

/** Folds of a linear fit, and of a network that takes longer. */
const FOLDS = { linear: 5, hidden: 3 };
/** The most of them. */
export const HELD_OUT_FOLDS = Math.max(...Object.values(FOLDS));
/** Beyond so many rows one fold is held out, not each in turn. */
const ONE_FOLD = 2000;

export interface Chosen {
  posterior: Posterior;
  /** The fit that it came from, and all fits of the run, none of which begins with closed inputs. */
  job: FitJob;
  jobs: readonly FitJob[];
  ridge: Pick<PenalisedLinear, 'penalty' | 'noiseVariance'>;
}

/** Whether a network gets one: where the noise is normal, it was measured to add nothing. */
export const wantsBackground = ({ skip, background }: Config['model'], { gates, task }: Posterior): boolean =>
  skip && background && hasGates(gates) && !likelihoodOf(task).normal;

/** @throws interrupted.stopped; training.non-finite, training.worker */
export async function fitBackground(
  runner: Runner<TrainTasks>, { train: { seed }, inclusion: options }: Pick<Config, 'train' | 'inclusion'>,
  { fitData: data, shape }: Pick<Prepared, 'fitData' | 'shape'>, { posterior, job, jobs, ridge }: Chosen,
  onFold: (done: number, folds: number) => void = () => {},
): Promise<Background> {
  const beside = jobs.find(({ name }) => name === job.beside);
  const parts = foldsOf(data, shape.task, isLinear(job) ? FOLDS.linear : FOLDS.hidden, Stream.fromSeed(seed).split('held out'));
  let done = 0;
  onFold(done, parts.length);
  const folds = await Promise.all(parts.map(async (part, fold) => {
    const told = await runner.run('heldOut', { data, part, job, beside, options, stream: [seed, 'held out', fold] });
    onFold(++done, parts.length);
    return told;
  }));
  const background = folds.every((fold) => fold !== undefined)
    ? await runner.run('background', { data, posterior, folds, ridge, stream: [seed, 'background'] }) : undefined;
  if (!background) throw new Interrupted();
  return background;
}

function foldsOf({ x: { rows }, y }: FitData, task: Posterior['task'], count: number, stream: Stream): Part[] {
  const all = Int32Array.from({ length: rows }, (_, n) => n);
  const parts = partsOf(y, all, likelihoodOf(task).stratified, Math.min(count, rows), stream);
  return rows > ONE_FOLD ? parts.slice(0, 1) : parts;
}
