/** Calibration: tables like those of a run, like a data file, or of Gaussian inputs are simulated and learned from. */

import { defaultTask } from '../likelihood/index.js';
import { join } from 'node:path';
import type { Config } from '../config/schema.js';
import type { Resolved } from '../config/resolve.js';
import type { Job } from '../shards/plan.js';
import { fail } from '../errors.js';
import { unlessAborted } from '../jobs/abort.js';
import { readConfig, readMetrics } from '../store/parts.js';
import { joined, option, telling, words, type Words } from '../voice.js';
import type { Calibration, CalibrateOptions as Work } from '../work/calibrate/calibrate.js';
import { engineOf, folderOf, heed, memoryOf } from './environment.js';
import { findRun, type RunSource } from './run.js';
import { refuseBesideQueue, throughQueue } from './through-queue.js';
import { CALIBRATE, type CalibrateOptions } from './options/calibrate.js';
import { checked } from './options/check.js';
import { learningData } from './learning-data.js';

export type { Calibration } from '../work/calibrate/calibrate.js';
export type { Coverage, Mean, Realised, ReliabilityBin } from '../inference/inclusion/reliability.js';
export type { SelectionRule } from '../inference/inclusion/select.js';

/** What is to be simulated. */
export interface Simulation {
  /** What the tables are like: for people, and as keys of the JSON document. */
  name: string;
  like: object;
  /** Data files. */
  reads: (string | null)[];
  work: Pick<Work, 'source' | 'config' | 'signalRange'>;
}

/**
 * Simulates tables with a planted truth, learns from each as a run does, and compares the inclusion probabilities with the
 * truth: reliability, realised false discovery rate, power. The inputs are those of a run and its data; without a run those of a
 * config's data, or Gaussian (`rows` and `inputs`).
 * @param run path of a run folder, or a run as `train` and `openRun` give it
 * @throws {BnncError} `usage.option`, `usage.calibrate`, `usage.threshold`, `usage.fdr`; `config.*`; `data.*`; `run.*`;
 *   `training.*`; `interrupted.stopped`
 * @example
 * ```ts
 * const { reliability, rules } = await calibrate('runs/birds', { tables: 50 });
 * ```
 * @category More of the command line
 */
export async function calibrate(run: RunSource | undefined, options: CalibrateOptions = {}): Promise<Calibration> {
  return calibrateOn(await simulation(run, options), options);
}

/** The work on what {@link simulation} has found out. */
export async function calibrateOn(found: Simulation, options: CalibrateOptions): Promise<Calibration> {
  const { work } = found;
  const { tables: sets, threshold, fdr, jobs, memory, signal, onTable: onSet } = checked('calibrate', options, CALIBRATE);
  refuseBesideQueue(options, ['jobs', 'memory']);
  if (options.queue !== undefined) {
    const planned = calibrationJob(found, { tables: sets, threshold, fdr }, folderOf(options));
    return (await throughQueue(planned, { ...options, onProgress: undefined })).calibration;
  }
  const { calibrate: simulate } = await import('../work/calibrate/calibrate.js');
  return simulate({ ...work, sets, threshold, fdr, jobs, memory: memoryOf(memory), engine: engineOf(options), signal, onSet });
}

/** The simulation as a job that others can be given a part of. */
export function calibrationJob(
  { name, like, work: { source, config, signalRange } }: Simulation,
  asked: { tables: number; threshold: number; fdr: number }, cwd: string,
): { job: Extract<Job, { what: 'calibrate' }>; resolved: Resolved } {
  const synthetic = 'synthetic' in source ? source.synthetic : undefined;
  return {
    job: { what: 'calibrate', ...asked, signalRange, name, like, ...(synthetic && { synthetic }) },
    resolved: { config: config as Config, origins: {}, baseDir: cwd, dataName: name },
  };
}

const GAUSSIAN = ['rows', 'inputs', 'correlation', 'structure'] as const;
const MIN_ROWS = 5;

/** @throws usage.calibrate when it is not clear what is meant; config.*, data.*, run.* */
export async function simulation(run: RunSource | undefined, options: CalibrateOptions): Promise<Simulation> {
  checked('calibrate', options, CALIBRATE);
  heed(options);
  engineOf(options);
  refuseMixed(run, options);
  if (GAUSSIAN.some((name) => options[name] !== undefined)) return gaussian(options);
  const named = (['config', 'data', 'target'] as const).some((name) => options[name] !== undefined);
  return run === undefined && named ? likeData(options) : likeRun(run, options);
}

function refuseMixed(run: RunSource | undefined, options: CalibrateOptions): void {
  const given = (names: readonly (keyof CalibrateOptions)[]): Words =>
    joined(names.filter((name) => options[name] !== undefined).map((name) => [option(name)]), ', ');
  const refuse = (message: Words, hint: Words): Error => fail('usage.calibrate', message, { hint });
  const besideRun = given(['config', 'target', ...GAUSSIAN]);
  if (run !== undefined && besideRun.length > 0) {
    throw refuse(words`a run has its own config and data, so ${besideRun} cannot be given with it`, 'Leave out one of them.');
  }
  const [gaussians, data] = [given(GAUSSIAN), given(['data', 'target'])];
  if (gaussians.length === 0) return;
  if (data.length > 0) throw refuse(words`${data} cannot be given together with ${gaussians}`, 'Simulate either from data or from Gaussian inputs.');
  if (options.inputs !== undefined && (options.rows ?? 0) >= MIN_ROWS) return;
  throw refuse(
    words`Gaussian inputs need ${option('inputs')} and at least ${MIN_ROWS} ${option('rows')}`,
    words`For example ${option('rows', 300)} ${option('inputs', 20)}.`);
}

/** The signal that a stated noise means: R^2, the function having variance 1. */
const signalOf = (noise: number | undefined): number | undefined => (noise === undefined ? undefined : 1 / (1 + noise ** 2));

/** What is stated, else what is usual. */
async function signalRange({ noise }: CalibrateOptions): Promise<Work['signalRange']> {
  const stated = signalOf(noise);
  const { USUAL_SIGNAL } = await import('../work/calibrate/calibrate.js');
  return stated === undefined ? USUAL_SIGNAL : [stated, stated];
}

async function gaussian(options: CalibrateOptions): Promise<Simulation> {
  const { rows, inputs, correlation = 0, structure = 'ar1' } = options;
  // No data are read; a name stands in for them, so that the rest of the config can be checked.
  const given = { ...options, rows: undefined, inputs: undefined, data: '-', target: 'y' };
  const { resolved: { config } } = await learningData(given, folderOf(options));
  const setting = { rows: rows!, inputs: inputs!, correlation, structure };
  return {
    name: `Gaussian inputs (${structure}, correlation ${correlation})`, like: { gaussian: setting }, reads: [],
    work: { source: { synthetic: { ...setting, task: taskOf(config) } }, config, signalRange: await signalRange(options) },
  };
}

/** There is no column to read the task off. */
const taskOf = ({ data: { task } }: Config): Exclude<Config['data']['task'], 'auto'> => (task === 'auto' ? defaultTask() : task);

async function likeData(options: CalibrateOptions): Promise<Simulation> {
  const { resolved, given } = await learningData({ ...options, rows: undefined }, folderOf(options));
  const { prepare } = await import('../work/prepare.js');
  const prepared = await unlessAborted(prepare(resolved, given), options.signal);
  const { config, dataName } = resolved;
  return {
    name: dataName, like: { data: dataName, target: config.data.target }, reads: [config.data.path, config.data.split.testFile],
    work: { source: { prepared }, config, signalRange: await signalRange(options) },
  };
}

async function likeRun(run: RunSource | undefined, options: CalibrateOptions): Promise<Simulation> {
  const { sets, data, seed, ignore, hidden, test, noise, stdin, signal, onWarning } = options;
  const folder = await findRun(run, { cwd: options.cwd, onNote: options.onNote });
  const metrics = await readMetrics(folder);
  await readConfig(folder); // a config that was changed since is told as such
  const given = { config: join(folder.path, 'config.yaml'), sets, data, seed, ignore, hidden, test };
  const { resolved } = await learningData(given, folderOf(options));
  const [{ prepare }, { reachedSignal }] = await Promise.all([import('../work/prepare.js'), import('../work/calibrate/calibrate.js')]);
  const prepared = await unlessAborted(prepare(resolved, stdin), signal);
  const { config, dataName } = resolved;
  if (prepared.table.sha256 !== folder.manifest.data.sha256) telling(onWarning)(`${dataName} has changed since the run`);
  const reached = signalOf(noise) ?? reachedSignal(metrics, prepared);
  return {
    name: folder.path, like: { run: folder.path, data: dataName, target: config.data.target },
    reads: [config.data.path, config.data.split.testFile],
    work: { source: { prepared }, config, signalRange: [reached, reached] },
  };
}
