/** From prepared rows to the chosen restart and its inclusion probabilities: the inference of one table, in memory. */
import type { Config } from '../config/schema.js';
import { bestRestart, inputInclusion } from '../inference/inclusion/restarts.js';
import type { Inclusion } from '../inference/inclusion/inclusion.js';
import type { Restart } from '../inference/rescue/rescue.js';
import type { ElboEstimate } from '../model/elbo.js';
import { weighed } from '../linear/index.js';
import type { LinearPart } from '../linear/types.js';
import { fitJobs, fitNames, isReference, type FitJob, type FitsAskedFor } from '../train/fits.js';
import type { FitData } from '../train/types.js';
import type { PhaseProgress, TrainProgress } from '../progress.js';
import type { InputInclusion, Posterior } from '../types.js';
import { Interrupted } from '../jobs/abort.js';
import { fitBackground, wantsBackground } from './background.js';
import { laterOf, TrainForecast } from './forecast.js';
import { startingClosed } from './open-inputs.js';
import { fitAndAssess, type FitStates, type Fitted, type Fitting } from './fitting.js';
import type { Runner } from '../jobs/runner.js';
import type { TrainTasks } from './tasks.js';
import type { Prepared } from './prepare.js';
import type { SearchFacts, TemperatureChoice } from './run-metrics.js';
import { CHAINS, searchStructures, whyNoSearch, withinReach, type ChainStates, type Kept, type Searched } from './search.js';
import { chooseTemperature } from './temperature.js';
import type { Words } from '../voice.js';
import { plural } from '../wording.js';

type Learning = Pick<Config, 'model' | 'prior' | 'train' | 'inclusion' | 'search'>;

export interface Learned extends Fitted {
  /** What was learnt from: training rows of groups are weighed as they depend on one another. */
  prepared: Prepared;
  /** Which restart has the highest hard-gate ELBO. */
  best: number;
  /** What is predicted with and pruned: what a search over structures found, else the best restart. */
  chosen: { posterior: Posterior; inclusion: Inclusion; elbo?: ElboEstimate };
  /** Its inclusion probabilities, with their spread over all chains or restarts; in the order of the encoder's features. */
  inputs: InputInclusion[];
  search?: SearchFacts;
  /** What a linear model alone finds; known before the fits begin. */
  linear: LinearPart;
  /** The mean-field network of the same shape without gates, where it was asked for. */
  dense?: Posterior;
  /** Where it was left to cross-validation. */
  temperature?: TemperatureChoice | undefined;
}

/** The fits that a config asks for of a table; a temperature of `auto` is still to be chosen. */
export function jobsOf(asked: Omit<Learning, 'inclusion'>, prepared: Prepared): FitJob[] {
  const { shape, plan: { epochs, batch } } = prepared;
  const config = withinReach(asked, prepared);
  const { prior, train: { learningRate, gateLearningRate, temperature } } = config;
  return fitJobs({ shape, epochs, batch, learningRate, gateLearningRate, prior, temperature: temperature === 'auto' ? 1 : temperature }, fitsAskedFor(config));
}

/** How many fits a config asks for, and of what kind. */
export function fitsAskedFor({ model, prior, train, search }: Omit<Learning, 'inclusion'>): FitsAskedFor {
  // Chains need one start, and decide between networks better than further ones do (docs/decisions/14-simplify.md).
  const few = search.steps !== 0 && train.restarts === 'auto';
  return {
    gates: model.gates, spike: prior.spike, restarts: few ? 1 : train.restarts, reference: train.reference,
    skip: model.skip && model.hidden.length > 0, linear: !few,
  };
}

/** How many fits and chains there are for workers. */
export const tasksOf = (config: Omit<Learning, 'inclusion'>): number =>
  fitNames(fitsAskedFor(config)).length + (config.search.steps === 0 ? 0 : CHAINS);

type LearnOptions = Partial<Pick<Fitting, 'jobs' | 'from'>> & {
  onProgress?: ((progress: TrainProgress) => void) | undefined;
  /** Epochs of fits that the caller makes afterwards, for the forecast. */
  laterEpochs?: number;
  /** What the chains of a search go on from. */
  chains?: ChainStates | undefined;
  /** Keeps all states there are; never called again before it is done. */
  save?: (fits: FitStates, chains?: ChainStates) => Promise<void>;
  /** Told what the linear part leaves out. */
  onNote?: ((text: Words) => void) | undefined;
};

/**
 * Finds the linear part, makes all fits and chooses between the restarts. `train.seed` names every random draw.
 * @throws interrupted.stopped after `save` had the states; training.non-finite, training.worker
 */
export async function learn(
  runner: Runner<TrainTasks>, asked: Learning, given: Prepared,
  options: LearnOptions = {},
): Promise<Learned> {
  const config = withinReach(asked, given);
  const { jobs = jobsOf(config, given), from = [], chains, save = async () => {}, onProgress, onNote } = options;
  const forecast = new TrainForecast(laterOf(config, given, runner.size, options.laterEpochs), () => performance.now());
  const linear = await linearPart(runner, config, given);
  if (linear === undefined) {
    // Whoever stops it here goes on from here.
    await save(jobs.map((_, j) => from[j] ?? null), chains);
    throw new Interrupted();
  }
  const prepared = { ...given, fitData: allWeighed(given.fitData, linear.dependence) };
  const notes = [dependenceWords(linear.dependence, given), linear.skipped, whyNoSearch(asked, prepared)];
  for (const note of notes) if (note !== undefined) onNote?.(note);
  const temperature = config.train.temperature === 'auto' ? await chooseTemperature(runner, config, prepared) : undefined;
  const tempered = (of: readonly FitJob[]): FitJob[] =>
    of.map((job) => (temperature ? atTemperature(job, temperature.chosen) : job));
  let last: PhaseProgress | undefined;
  const tell = (progress: PhaseProgress): void => onProgress?.({ ...(last = progress), ...forecast.see(progress) });
  const told = (phase: PhaseProgress['phase']) => (epoch: number, epochs: number): void => {
    if (last) tell({ ...last, phase, epoch, epochs });
  };
  const fitted = await fitAndAssess({
    runner, config, prepared, from, save: (all) => save(all, chains), onProgress: tell,
    jobs: tempered(jobs).map((job) => startingClosed(job, linear, prepared.fitData.x.rows)),
  });
  const kept = { from: chains, save: (all: ChainStates) => save(fitted.states, all), onSteps: told('search') };
  const searched = await search(runner, config, prepared, { assessed: fitted.assessed, linear }, kept);
  const best = bestRestart(fitted.assessed);
  const dense = fitted.posteriors[fitted.jobs.findIndex(isReference)];
  if (searched) {
    const { posterior, inclusion, pips: inputs, search: facts } = searched;
    return { ...fitted, prepared, best, chosen: { posterior, inclusion }, inputs, search: facts, linear, dense, temperature };
  }
  const inputs = inputInclusion(prepared.encoder.features, fitted.assessed, best);
  const made = tempered(jobs).filter(({ name }) => fitted.jobs.some((job) => job.name === name));
  const assessed = await withBackground(runner, config, prepared, made, { assessed: fitted.assessed, best, linear }, told('background'));
  return { ...fitted, prepared, assessed, best, chosen: assessed[best], inputs, linear, dense, temperature };
}

/** The training rows as groups make them count, those of a large table too. */
function allWeighed({ x, y, all }: FitData, dependence: LinearPart['dependence']): FitData {
  const held = weighed({ x, y }, dependence);
  return all ? { ...held, all: { ...all, y: weighed({ x, y: all.y }, dependence).y } } : held;
}

/** What rows of groups count for. */
function dependenceWords(dependence: LinearPart['dependence'], { fitData: { x }, division }: Prepared): string | undefined {
  if (!dependence || !division?.group) return undefined;
  return `rows of one '${division.group.column}' are alike: ${plural(x.rows, 'training row')} count as ${Math.max(1, Math.round(dependence.rows))}`;
}

/** Undefined where none is asked for. */
async function search(
  runner: Runner<TrainTasks>, config: Learning, prepared: Prepared, { assessed, linear }: Pick<Learned, 'assessed' | 'linear'>,
  kept: Kept,
): Promise<Searched | undefined> {
  if (config.search.steps === 0) return undefined;
  const best = bestRestart(assessed);
  const hidden = assessed.filter(({ posterior: { units } }) => units.length > 0);
  const starts = [assessed[best], ...(hidden.length > 0 ? [hidden[bestRestart(hidden)]] : [])];
  return searchStructures(runner, config, prepared, { linear, starts: [...new Set(starts)] }, kept);
}

const atTemperature = (job: FitJob, temperature: number): FitJob =>
  (isReference(job) ? job : { ...job, settings: { ...job.settings, temperature } });

/** The chosen network with what weak effects add to its predictions. */
async function withBackground(
  runner: Runner<TrainTasks>, config: Learning, prepared: Prepared, jobs: readonly FitJob[],
  { assessed, best, linear: { ridge } }: Pick<Learned, 'assessed' | 'best' | 'linear'>,
  onFold: (done: number, folds: number) => void,
): Promise<Restart[]> {
  const { posterior } = assessed[best];
  if (!ridge || !wantsBackground(config.model, posterior)) return assessed;
  const background = await fitBackground(runner, config, prepared, { posterior, job: jobs[best], jobs, ridge }, onFold);
  return assessed.map((each, r) => (r === best ? { ...each, posterior: { ...posterior, background } } : each));
}

/** Undefined when it was stopped. */
async function linearPart(
  runner: Runner<TrainTasks>, { train: { seed } }: Learning, { fitData: { x, y }, shape }: Prepared,
): Promise<LinearPart | undefined> {
  const { task, inputGroup: group, inputGates: inputs, inputPriors: own } = shape;
  const problem = { task, x, y, group, inputs, own };
  return runner.run('linear', { problem, stream: [seed, 'linear'] }).catch((error: unknown) => {
    if (error instanceof Interrupted) return undefined;
    throw error;
  });
}
