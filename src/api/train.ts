/** Training: from a config to a finished run. */

import { fail } from '../errors.js';
import { findingLine, type Finding } from '../diagnose/finding.js';
import type { RunMetrics } from '../work/run-metrics.js';
import type { RunFolder } from '../store/open.js';
import type { InputInclusion, InputSet } from '../types.js';
import { checked } from './options/check.js';
import { TRAIN, type TrainOptions } from './options/train.js';
import { cacheOf, engineOf, folderOf, heed, memoryOf, NODE_VERSION } from './environment.js';
import { learningData } from './learning-data.js';
import { refuseBesideQueue, throughQueue } from './through-queue.js';
import type { TrainRunOptions, TrainRunResult } from '../store/train-run.js';
import { joined, option, telling, words, type Tell } from '../voice.js';

/** A finished run, in its folder or in memory, and what came of it. All functions that take a run take it. */
export interface TrainedRun extends RunFolder {
  metrics: RunMetrics;
  /** Inclusion probabilities of the inputs, in the order of the columns. */
  inputs: InputInclusion[];
  /** Credible sets of inputs: those of the linear part, then those of inputs that the network alone has found. */
  sets: InputSet[];
  /** What may be wrong with the run or is easily misread, each with what to do about it. */
  findings: Finding[];
}

/** What would change a run that is resumed. */
const NEW_RUN = [
  'queue', 'config', 'data', 'query', 'target', 'ignore', 'test', 'testQuery', 'warm', 'hidden', 'seed', 'sets',
  'model', 'prior', 'train', 'inclusion', 'search', 'out', 'force',
] as const;

/**
 * Trains a network on the rows of a table, of a file or in memory. With `out` the run is written to a folder; without it
 * nothing is written. Nothing is printed; fits are made in worker processes where that is worth it.
 * @returns the finished run
 * @throws {BnncError} `usage.option`, `usage.resume`, `usage.add-restarts`; `config.*`, all faults at once; `data.*`; `run.*`
 *   when the folder cannot be written; `training.*`; after `signal`: `interrupted.checkpoint` when the run can be resumed, else
 *   `interrupted.stopped`, and then nothing is left behind
 * @example
 * ```ts
 * const run = await train({
 *   rows: birds, target: 'species', train: { restarts: 2 },
 *   onProgress: ({ epoch, epochs }) => console.error(epoch, 'of', epochs),
 * });
 * console.log(run.inputs, run.metrics.full.splits.test?.accuracy);
 * ```
 * @category Main functions
 */
export async function train(options: TrainOptions): Promise<TrainedRun> {
  checked('train', options, TRAIN);
  heed(options);
  refuseBeside(options);
  refuseBesideQueue(options, ['jobs', 'memory', 'rows']);
  if (options.queue !== undefined) return finishedRun(await queued(options), options.onWarning);
  const { argv = [], jobs, memory, cache, signal, onProgress, onNote, onWarning } = options;
  const tells = { onProgress, onNote: telling(onNote) };
  const common = {
    argv, nodeVersion: NODE_VERSION, cwd: folderOf(options), engine: engineOf(options), jobs, memory: memoryOf(memory),
    cache: cacheOf(cache), signal,
    ...tells,
  };
  return finishedRun(await made(options, common), onWarning);
}

/** A run that was made, with what may be wrong with it. @param onWarning told of each warning */
export async function finishedRun({ run, metrics, inputs, sets }: TrainRunResult, onWarning?: Tell): Promise<TrainedRun> {
  const { diagnoseRun } = await import('../diagnose/index.js');
  const findings = await diagnoseRun(run);
  for (const finding of findings) if (finding.severity === 'warning') telling(onWarning)(findingLine(finding));
  return { ...run, metrics, inputs, sets, findings };
}

/** A new run whose fits the workers of a queue make. */
async function queued(options: TrainOptions): Promise<TrainRunResult> {
  const { out, force, argv = [] } = options;
  const { resolved } = await learningData(options, folderOf(options));
  const { trained } = await throughQueue({ job: { what: 'train' }, resolved }, options, { out, force, argv });
  return trained!;
}

type Common = Omit<TrainRunOptions, 'resolved' | 'given' | 'out' | 'force'>;

/** A new run, one that goes on, or one with more restarts. The work is loaded only when what was asked for can be done. */
async function made(options: TrainOptions, common: Common): Promise<TrainRunResult> {
  const { resume, rows, out, force, run } = options;
  if (options.addRestarts !== undefined) {
    const { addRestarts } = await import('../store/add-restarts.js');
    return addRestarts(run!, options.addRestarts, common);
  }
  const data = resume === undefined ? await learningData(options, common.cwd) : undefined;
  const { resumeTraining, trainRun } = await import('../store/train-run.js');
  return data ? trainRun({ ...common, ...data, out, force }) : resumeTraining(resume!, { ...common, rows });
}

/**
 * A run that is there goes on as it began: anything that would change it is a misunderstanding.
 * @param besides what else was given
 * @throws usage.resume, usage.add-restarts
 */
export function refuseBeside(options: TrainOptions, besides: readonly string[] = []): void {
  const { addRestarts, run } = options;
  if (addRestarts === undefined && run !== undefined) {
    throw fail('usage.add-restarts', words`a run is named without ${option('addRestarts')}`, {
      hint: words`Name the table with ${option('data')}, or say how many restarts to add.`,
    });
  }
  if (addRestarts !== undefined && (run === undefined || run === '')) {
    throw fail('usage.add-restarts', words`${option('addRestarts')} needs the folder of a finished run`, {
      hint: 'Name the folder beside it.',
    });
  }
  const mode = addRestarts === undefined ? 'resume' : 'addRestarts';
  if (options[mode] === undefined) return;
  const rivals = mode === 'resume' ? NEW_RUN : [...NEW_RUN, 'rows' as const, 'resume' as const];
  const given = [...rivals.filter((name) => options[name] !== undefined), ...besides];
  if (given.length === 0) return;
  const [it, others] = [option(mode), joined(given.map((name) => [option(name)]), ', ')];
  const code = mode === 'resume' ? 'usage.resume' : 'usage.add-restarts';
  throw fail(code, words`${it} uses the run's own config and data, so ${others} cannot be given with it`, {
    hint: words`Leave it out, or start a new training without ${it}.`,
  });
}
