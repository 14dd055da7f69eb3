/** A training run from start to finish: prepare -> fit and assess -> measure -> write. */
import { outputCount, targetTitle } from '../likelihood/index.js';
import { resolve } from 'node:path';
import { parseFullConfig, type Resolved } from '../config/resolve.js';
import { stringifyConfig } from '../config/stringify.js';
import { ROWS_NAME, rowsTable, type Row, type Table } from '../data/index.js';
import { fail } from '../errors.js';
import { findSets } from '../inference/inclusion/sets.js';
import { stemOf } from '../table-path.js';
import type { InputInclusion, InputSet, TrainProgress } from '../types.js';
import { loadCheckpoint, readCheckpoint, saveCheckpoint, sha256, type Begun, type CheckpointFacts } from './checkpoint.js';
import { releasing } from './interrupted.js';
import type { FitStates } from '../work/fitting.js';
import { secondsSince, withWork, type Work, type WorkOptions } from '../work/begin.js';
import { measuringLine } from '../work/large.js';
import { learn } from '../work/learn.js';
import type { ChainStates } from '../work/search.js';
import { measureRun } from '../work/measure.js';
import type { RunMetrics } from '../work/run-metrics.js';
import { STDIN_NAME } from '../work/prepare.js';
import { createRun, resumeRun } from './create-run.js';
import { memoryRun } from './memory-run.js';
import { placeOf } from './files.js';
import type { RunFolder } from './open.js';
import type { RunWriter } from './run-writer.js';
import { RUN_FILES } from './layout.js';
import { writeResults } from './results.js';
import { option, words } from '../voice.js';
import { warmStart } from './warm-start.js';

export interface TrainRunOptions extends WorkOptions {
  /** Folder of the run as typed; `true`: `runs/NAME-N`; absent: nothing is written. */
  out?: string | true | undefined;
  force?: boolean | undefined;
  /** Arguments as typed and the version of Node, for the manifest. */
  argv: readonly string[];
  nodeVersion: string;
  /** Whether a checkpoint is written. Default: yes. */
  checkpoints?: boolean;
  cwd: string;
  onProgress?: ((progress: TrainProgress) => void) | undefined;
}

export interface TrainRunResult {
  run: RunFolder;
  metrics: RunMetrics;
  inputs: InputInclusion[];
  /** Credible sets of inputs. */
  sets: InputSet[];
}

/**
 * Trains and writes a run, into a folder or into memory.
 * @throws errors of the config, data and run stages; training.non-finite; interrupted.checkpoint after `signal` aborted,
 *   or interrupted.stopped when there was nothing yet to save
 */
export async function trainRun(options: TrainRunOptions): Promise<TrainRunResult> {
  return withWork(options, async (work) => {
    const { cwd, out, force, resolved, resolved: { config: { train } } } = options;
    if (typeof out === 'string' && train.warm !== null && await placeOf(cwd, out) === await placeOf(cwd, train.warm)) {
      throw fail('run.warm', 'a run cannot take the place of the one that it begins with', {
        where: { file: out }, hint: words`Name another folder with ${option('out')}.`,
      });
    }
    const { jobs, fits } = await warmStart(work, train, options.onNote);
    const run = out === undefined ? memoryRun()
      : await createRun({ cwd, path: out === true ? undefined : out, name: runName(resolved), force });
    return releasing(run, options.resolved, () => trainInto(run, { ...work, jobs }, { fits }, options));
  });
}

export type ResumeOptions = Omit<TrainRunOptions, 'resolved' | 'given' | 'out' | 'force'> & {
  /** Those of a run that was trained on rows in memory. */
  rows?: readonly Row[] | Table | undefined;
};

/** Goes on with an interrupted run; the config is the run's own. */
export async function resumeTraining(path: string, options: ResumeOptions): Promise<TrainRunResult> {
  const run = await resumeRun(path, options.cwd);
  return releasing(run, undefined, async () => {
    const file = `${path}/config.yaml`;
    const text = (await run.read(RUN_FILES.config.path)).toString('utf8');
    const state = await readCheckpoint(run, text);
    const config = parseFullConfig(text, file);
    const { rows } = options;
    const fromFile = config.data.path !== '-';
    if (fromFile && rows !== undefined) {
      throw fail('usage.resume', "resume uses the run's own data file, so rows cannot be given with it", {
        hint: 'Leave them out.',
      });
    }
    if (!fromFile && rows === undefined) {
      throw fail('run.resume-stdin', 'this run read its data from standard input, which cannot be read again', {
        where: { file }, hint: 'Start a new training from a file.',
      });
    }
    const dataName = fromFile ? config.data.path : ROWS_NAME;
    const resolved: Resolved = { config, origins: {}, baseDir: resolve(options.cwd, path), dataName };
    const given = rows && rowsTable(rows, config.data);
    return withWork({ ...options, resolved, given }, async (work) => {
      const facts = factsOf(work);
      const { encoder: { features } } = work.prepared;
      const widths = { columns: features.map(({ columns }) => columns.length), outputs: outputCount(work.prepared.fitData.y) };
      const begun = await loadCheckpoint(run, state, facts, work.jobs.length, widths);
      const warm = await warmStart(work, config.train);
      const fits = begun.fits.map((fit, j) => fit ?? warm.fits[j] ?? null);
      return trainInto(run, { ...work, jobs: warm.jobs }, { ...begun, fits }, { ...options, resolved, given });
    });
  });
}

/** What a checkpoint must find again. */
const factsOf = ({ workers, prepared: { table, tests } }: Work): Omit<CheckpointFacts, 'configSha256'> =>
  ({ dataSha256: table.sha256, ...(tests && { testSha256: tests.sha256 }), engine: workers.engine.name });

/** The stem of `runs/NAME-N`: the config's or the data file's. */
function runName({ dataName }: Resolved): string {
  if (dataName === STDIN_NAME || dataName === ROWS_NAME) return dataName.slice(1, -1);
  return stemOf(dataName);
}

export async function trainInto(
  run: RunWriter, work: Work, { fits: from, chains }: Begun, options: TrainRunOptions,
): Promise<TrainRunResult> {
  const { config } = options.resolved;
  const { workers, workers: { engine }, prepared: begun, prepared: { tests }, jobs } = work;
  const configText = stringifyConfig(config);
  const facts = { configSha256: sha256(configText), ...factsOf(work) };
  await run.write(RUN_FILES.config.path, configText);

  const fitStart = new Date();
  if (config.train.temperature === 'auto') options.onNote?.('choosing the temperature by cross-validation before the restarts begin');
  const {
    prepared, jobs: made, states, assessed, best, chosen, search, inputs, linear, dense, temperature, fitsDone,
  } = await learn(workers, config, begun, {
    jobs, from, chains, onProgress: options.onProgress, onNote: options.onNote,
    ...(run.resumable && options.checkpoints !== false && {
      save: (fits: FitStates, all?: ChainStates) => saveCheckpoint(run, { fits, chains: all }, facts),
    }),
  });
  const measuring = measuringLine(prepared);
  if (measuring !== undefined) options.onNote?.(measuring);
  const metrics = await measureRun(workers, prepared, {
    assessed, names: made.map(({ name }) => name), best, chosen, search, dense, linear, inputs, temperature,
    seed: config.train.seed,
  });
  const { posterior, inclusion: pips } = chosen;
  const found = linear.effects?.sets ?? [];
  const { encoder, fitData: { y: { weights } } } = prepared;
  const sets = findSets({ encoder, linear: found, posterior, pips, ...prepared.sets.train!, ...(weights && { weights }) });
  await writeResults(run, { prepared, chosen, dense, inputs, linear, sets, metrics, states, jobs: made });
  const finished = await run.commit({
    versions: { node: options.nodeVersion, tfjs: engine.version, ...(engine.tensorflow && { tensorflow: engine.tensorflow }) },
    engine: { name: engine.name, threads: engine.threads },
    argv: options.argv,
    seed: config.train.seed,
    data: { path: config.data.path === '-' ? options.resolved.dataName : config.data.path, sha256: prepared.table.sha256, rows: prepared.table.rows },
    ...(tests && { test: { path: config.data.split.testFile!, ...tests } }),
    target: targetTitle(config.data.target),
    task: prepared.encoder.target.task,
    started: work.started.toISOString(),
    finished: new Date().toISOString(),
    seconds: {
      prepare: work.prepareSeconds, linear: linear.seconds, fit: secondsSince(fitStart, fitsDone) - linear.seconds,
      inference: secondsSince(fitsDone),
    },
  });
  const { given } = options;
  return { run: given && 'columns' in given ? { ...finished, table: given } : finished, metrics, inputs, sets };
}
