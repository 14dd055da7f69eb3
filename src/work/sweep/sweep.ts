/** A sweep: settings of the config are measured on the same folds, in workers, until the best of them is known. */
import type { Resolved } from '../../config/resolve.js';
import type { SweepPlan } from '../../config/sweep.js';
import { shareThreads } from '../../engine/backend.js';
import type { EnginePreference } from '../../engine/preference.js';
import { BnncError, fail } from '../../errors.js';
import { Interrupted, unlessAborted } from '../../jobs/abort.js';
import { planFolds, lookAt, ofFold, type Looks, type PlannedFold } from '../cv/plan.js';
import { checkMemory, memoryNeeded, planMemory, type MemoryLimit } from '../memory.js';
import { checkMemoryBefore } from '../memory-before.js';
import { dataTable, type Given } from '../prepare.js';
import { handedThrough, jobCount, openWorkers, type Jobs, type Through, type Workers } from '../workers.js';
import type { Table } from '../../data/index.js';
import { rungsOf, type Rung } from './rungs.js';
import { standings, type FoldOutcome, type Standing, type Tried } from './standing.js';
import type { Setting } from './trials.js';

/** How settings are measured and compared. */
export type SweepRules = Pick<SweepPlan, 'method' | 'folds' | 'repeats' | 'eta' | 'measure' | 'threshold'>;

/** Where outcomes are kept, so that none is made twice. */
export interface OutcomeStore {
  read(trial: number, repeat: number, fold: number): Promise<FoldOutcome | undefined>;
  write(trial: number, outcome: FoldOutcome): Promise<void>;
}

export interface SweepOptions {
  plan: SweepRules;
  /** A config for each setting. */
  trials: readonly { setting: Setting; resolved: Resolved }[];
  given?: Given | undefined;
  engine?: EnginePreference;
  jobs?: Jobs | undefined;
  /** What there is; absent: it is not looked at. */
  memory?: MemoryLimit | undefined;
  /** What the folds are handed through. */
  through?: Through | undefined;
  signal?: AbortSignal | undefined;
  /** Called when the table is known, before anything is learned from. @throws where outcomes are of another table */
  onTable(table: Pick<Table, 'sha256' | 'rows'>): Promise<OutcomeStore>;
  /** Called after each fold; those that were there already count. */
  onFold?: ((done: number, of: number) => void) | undefined;
}

export interface SweepResult {
  rungs: Rung[];
  standing: Standing[];
  data: { rows: number; sha256: string };
  /** How many folds were learned from, and how many were there already. */
  learned: number;
  found: number;
}

/**
 * @throws usage.sweep where a setting would be measured on other rows; errors of the data stage; training.non-finite,
 *   training.memory; interrupted.stopped, what is done being kept
 */
export async function sweep(options: SweepOptions): Promise<SweepResult> {
  const { plan, trials, signal, memory = {}, jobs: asked = 'auto' } = options;
  const { rungs, units } = climbOf(plan, trials.length);
  shareThreads(units);
  await unlessAborted(checkMemoryBefore(trials[0].resolved, memory, asked), signal);
  const { planned, looks } = await planTrials(plan, trials, options.given, signal);
  const { table } = planned[0][0];
  // The largest of all, whichever are learned from at once.
  const sizes = looks.map(({ first }) => first.size);
  const size = sizes.reduce((most, each) => (memoryNeeded(each, 1) > memoryNeeded(most, 1) ? each : most));
  const fits = looks[0].work[0].fits * units;
  const room = planMemory(size, memory, { asked, most: Math.min(units, jobCount(asked, fits, looks[0].first)), whole: true });
  checkMemory(room, size, { file: trials[0].resolved.dataName });
  const store = await options.onTable(table);
  const opened = await openWorkers(room.jobs, options.engine, signal);
  const workers = await handedThrough(options.through, opened, { data: table.sha256 });
  const counter = { learned: 0, found: 0 };
  const told = (): void => options.onFold?.(counter.learned + counter.found, units);
  try {
    const standing = await climb(rungs, trials, (trial, from, to) =>
      outcomesOf(planned[trial].slice(from, to), { workers, store, counter, told, k: plan.folds }), plan.measure);
    return { rungs, standing, data: { rows: table.rows, sha256: table.sha256 }, ...counter };
  } finally {
    await workers.close();
  }
}

/** The rungs of a sweep, and of how many folds something is learned in all. */
export function climbOf({ method, folds, repeats, eta }: SweepRules, trials: number): { rungs: Rung[]; units: number } {
  const all = { trials, folds: folds * repeats };
  const rungs = method === 'halving' ? rungsOf(all.trials, all.folds, eta) : [all];
  return { rungs, units: rungs.reduce((sum, rung, at) => sum + rung.trials * (rung.folds - (rungs[at - 1]?.folds ?? 0)), 0) };
}

/**
 * The folds of every setting. Each is encoded once, so that what is wrong with a setting is told before anything is learned from.
 * @throws usage.sweep where a setting would be measured on other rows; errors of the data stage
 */
export async function planTrials(
  { folds, repeats, threshold }: SweepRules, trials: SweepOptions['trials'], given?: Given, signal?: AbortSignal,
): Promise<{ planned: PlannedFold[][]; looks: Looks[] }> {
  const tables = new Map<string, Promise<Table>>();
  const planned: PlannedFold[][] = [];
  for (const [at, { resolved }] of trials.entries()) {
    // How a table is read is said in `data`; settings that leave it alone share one.
    const key = JSON.stringify(resolved.config.data);
    if (!tables.has(key)) tables.set(key, unlessAborted(dataTable(resolved, given), signal));
    const own = planFolds(await tables.get(key)!, resolved.config, { folds, repeats, threshold }).planned;
    planned.push(own.map((fold) => ({ ...fold, trial: at + 1 })));
  }
  checkSameRows(planned);
  return { planned, looks: planned.map((own) => lookAt(own, folds)) };
}

/** Rung by rung; those that do not go on keep what they have. */
async function climb(
  rungs: readonly Rung[], trials: SweepOptions['trials'], measured: (trial: number, from: number, to: number) => Promise<FoldOutcome[]>,
  measure: SweepPlan['measure'],
): Promise<Standing[]> {
  const tried: Tried[] = trials.map(({ setting }) => ({ setting, outcomes: [] }));
  let going = trials.map((_, trial) => trial);
  for (const rung of rungs) {
    going = going.slice(0, rung.trials);
    const more = await settled(going.map((trial) => measured(trial, tried[trial].outcomes.length, rung.folds)));
    going.forEach((trial, at) => { tried[trial] = { ...tried[trial], outcomes: [...tried[trial].outcomes, ...more[at]] }; });
    const order = standings(going.map((trial) => tried[trial]), measure);
    going = order.map(({ trial }) => going[trial - 1]);
  }
  return standings(tried, measure);
}

interface Measuring {
  workers: Workers;
  store: OutcomeStore;
  counter: { learned: number; found: number };
  told(): void;
  k: number;
}

async function outcomesOf(folds: readonly PlannedFold[], measuring: Measuring): Promise<FoldOutcome[]> {
  const { workers, store, counter, told, k } = measuring;
  return settled(folds.map(async (own) => {
    const { repeat, fold, trial = 1 } = own;
    const there = await store.read(trial, repeat, fold);
    if (there) {
      counter.found++;
      told();
      return there;
    }
    const result = await workers.run('fold', own).catch((error: unknown) => {
      throw isStop(error) ? error : ofFold(error, own, k);
    });
    if (!result) throw new Interrupted();
    const models = Object.fromEntries(Object.entries(result.models).map(([name, { metrics, size }]) =>
      [name, { metrics, size }]));
    const outcome: FoldOutcome = { repeat, fold, models, kept: result.kept };
    await store.write(trial, outcome);
    counter.learned++;
    told();
    return outcome;
  }));
}

/** All of them, or the first failure after the others have ended, so that what they made is kept. */
async function settled<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const ended = await Promise.allSettled(work);
  const failures = ended.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  if (failures.length > 0) throw failures.find((reason) => !isStop(reason)) ?? failures[0];
  return ended.map((each) => (each as PromiseFulfilledResult<T>).value);
}

const isStop = (reason: unknown): boolean => reason instanceof BnncError && reason.problems[0].code === 'interrupted.stopped';

/** Losses on other rows cannot be compared. @throws usage.sweep */
function checkSameRows(planned: readonly PlannedFold[][]): void {
  const rowsOf = (own: readonly PlannedFold[]): string => JSON.stringify(own.map(({ splits }) => Array.from(splits.test)));
  const first = rowsOf(planned[0]);
  const other = planned.findIndex((own) => rowsOf(own) !== first);
  if (other < 0) return;
  throw fail('usage.sweep', `setting ${other + 1} would be measured on other rows than setting 1`, {
    hint: 'Leave out the key that decides which rows there are, or how they are divided.',
  });
}
