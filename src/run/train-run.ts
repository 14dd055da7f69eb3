/** A training run from start to finish: prepare -> fit -> assess -> measure -> write. */
import { resolve } from 'node:path';
import { parseFullConfig, type Resolved } from '../config/resolve.js';
import { stringifyConfig } from '../config/stringify.js';
import { startEngine, type Engine, type EnginePreference } from '../engine/backend.js';
import { fail } from '../errors.js';
import { assessSteps, bestRestart, inputInclusion, type Assessment } from '../inference/assess.js';
import { finishUnlessAborted } from '../inference/steps.js';
import { Stream } from '../random.js';
import type { FitState } from '../train/fit.js';
import { fitJobs, runFits, type FitJob } from '../train/fits.js';
import type { InputInclusion, TrainProgress } from '../types.js';
import { Interrupted, unlessAborted } from './abort.js';
import { loadCheckpoint, readCheckpoint, saveCheckpoint, sha256 } from './checkpoint.js';
import { releasing } from './ending.js';
import { medianMetrics, posteriorMetrics, type RunMetrics } from './metrics.js';
import { prepare, STDIN_NAME, type Prepared } from './prepare.js';
import { createRun, resumeRun, type RunWriter } from './store.js';
import { writeResults } from './results.js';

export interface TrainRunOptions {
  resolved: Resolved;
  /** Folder of the run as typed; absent: `runs/NAME-N`. */
  out?: string;
  force?: boolean;
  stdin?: NodeJS.ReadableStream;
  /** Arguments as typed and the version of Node, for the manifest. */
  argv: string[];
  nodeVersion: string;
  cwd: string;
  engine?: EnginePreference;
  signal?: AbortSignal;
  onProgress?: (progress: TrainProgress) => void;
  onNote?: (text: string) => void;
}

export interface TrainRunResult {
  path: string;
  metrics: RunMetrics;
  inputs: InputInclusion[];
}

/**
 * Trains and writes a run folder.
 * @throws errors of the config, data and run stages; training.non-finite; interrupted.checkpoint after `signal` aborted,
 *   or interrupted.stopped when there was nothing yet to save
 */
export async function trainRun(options: TrainRunOptions): Promise<TrainRunResult> {
  const work = await begin(options);
  const name = runName(options.resolved);
  const run = await createRun({ cwd: options.cwd, path: options.out, name, force: options.force });
  return releasing(run, options.resolved, () => trainInto(run, work, [], options));
}

/** Goes on with an interrupted run; the config is the run's own. */
export async function resumeTraining(path: string, options: Omit<TrainRunOptions, 'resolved' | 'out' | 'force'>): Promise<TrainRunResult> {
  const run = await resumeRun(path, options.cwd);
  return releasing(run, undefined, async () => {
    const file = `${path}/config.yaml`;
    const text = (await run.read('config.yaml')).toString('utf8');
    const state = await readCheckpoint(run, text);
    const config = parseFullConfig(text, file);
    if (config.data.path === '-') {
      throw fail('run.resume-stdin', 'this run read its data from standard input, which cannot be read again', {
        where: { file }, hint: 'Train anew from a file.',
      });
    }
    const resolved: Resolved = { config, origins: {}, baseDir: resolve(options.cwd, path), dataName: config.data.path };
    const work = await begin({ ...options, resolved });
    const facts = { dataSha256: work.prepared.table.sha256, engine: work.engine.name };
    const states = await loadCheckpoint(run, state, facts, work.jobs.length);
    return trainInto(run, work, states, { ...options, resolved });
  });
}

interface Work {
  engine: Engine;
  prepared: Prepared;
  jobs: FitJob[];
  started: Date;
  prepareSeconds: number;
}

async function begin(options: TrainRunOptions): Promise<Work> {
  const started = new Date();
  const prepared = await unlessAborted(prepare(options.resolved, options.stdin), options.signal);
  for (const { name, reason } of prepared.encoder.dropped) {
    if (reason !== 'ignored in the config') options.onNote?.(`input '${name}' is left out: ${reason}`);
  }
  if (prepared.plan.steps < FEW_STEPS) {
    options.onNote?.(`${prepared.plan.steps} steps are few to settle the gates; train.epochs=auto takes some thousand`);
  }
  const engine = await startEngine({ prefer: options.engine });
  const { train, prior } = options.resolved.config;
  const { shape, plan: { epochs, batch } } = prepared;
  const { learningRate, gateLearningRate } = train;
  const settings = { shape, epochs, batch, learningRate, gateLearningRate, prior };
  const jobs = fitJobs(settings, train.restarts, train.reference);
  return { engine, prepared, jobs, started, prepareSeconds: seconds(started) };
}

/** Fewer steps than this leave the schedule no time: the probabilities are then worth little. */
const FEW_STEPS = 1000;

const seconds = (since: Date): number => (Date.now() - since.getTime()) / 1000;

/** The stem of `runs/NAME-N`: the config's or the data file's. */
function runName({ dataName }: Resolved): string {
  if (dataName === STDIN_NAME) return 'stdin';
  return dataName.replace(/^.*[\\/]/, '').replace(/(\.(csv|tsv|txt|gz))+$/i, '');
}

async function trainInto(run: RunWriter, work: Work, from: FitState[], options: TrainRunOptions): Promise<TrainRunResult> {
  const { config } = options.resolved;
  const { engine, prepared, jobs } = work;
  const stream = Stream.fromSeed(config.train.seed);
  const configText = stringifyConfig(config);
  const facts = { configSha256: sha256(configText), dataSha256: prepared.table.sha256, engine: engine.name };
  await run.write('config.yaml', configText);

  const fitStart = new Date();
  const fits = await runFits(prepared.fitData, jobs, stream.split('fit'), from, {
    signal: options.signal,
    onRow: (job, row) => options.onProgress?.({
      phase: jobs[job].name === 'reference' ? 'reference' : 'restart',
      restart: Math.min(job + 1, config.train.restarts), restarts: config.train.restarts,
      epoch: row.epoch, epochs: prepared.plan.epochs, elbo: row.elbo, active: row.active,
    }),
    onFitDone: (states) => saveCheckpoint(run, states, facts),
  });
  if (!fits.done) {
    await saveCheckpoint(run, fits.states, facts);
    throw new Interrupted();
  }
  const fitSeconds = seconds(fitStart);

  const inferenceStart = new Date();
  const assessed: Assessment[] = [];
  for (let r = 0; r < config.train.restarts; r++) {
    const steps = assessSteps(fits.posteriors[r], prepared.fitData, config.inclusion, stream.split('assess', r));
    const assessment = await finishUnlessAborted(steps, options.signal);
    // All fits are in the checkpoint: only this is done again.
    if (!assessment) throw new Interrupted();
    assessed.push(assessment);
    const { elbo, inclusion } = assessed[r];
    options.onProgress?.({
      phase: 'inclusion', restart: r + 1, restarts: config.train.restarts, epoch: r + 1, epochs: config.train.restarts, elbo: elbo.elbo,
      active: { weights: total(inclusion.weights), nodes: total(inclusion.nodes), inputs: total([inclusion.inputs]) },
    });
  }
  const best = bestRestart(assessed);
  const names = prepared.encoder.features.map(({ name }) => name);
  const inputs = inputInclusion(names, assessed, best);
  const dense = fits.posteriors[config.train.restarts];
  const metrics: RunMetrics = {
    schemaVersion: 1,
    ...(dense && { dense: posteriorMetrics(dense, prepared, stream.split('metrics', 'dense')) }),
    full: posteriorMetrics(assessed[best].posterior, prepared, stream.split('metrics', 'full'), assessed[best].elbo),
    median: medianMetrics(assessed[best].posterior, assessed[best].inclusion, prepared, stream.split('metrics', 'median')),
    restarts: assessed.map(({ elbo }, r) => ({ elbo, chosen: r === best })),
  };
  await writeResults(run, { prepared, chosen: assessed[best], dense, inputs, metrics, states: fits.states, jobs });
  await run.commit({
    versions: { node: options.nodeVersion, tfjs: engine.version, ...(engine.tensorflow && { tensorflow: engine.tensorflow }) },
    engine: { name: engine.name, threads: engine.threads },
    argv: options.argv,
    seed: config.train.seed,
    data: { path: config.data.path === '-' ? STDIN_NAME : config.data.path, sha256: prepared.table.sha256, rows: prepared.table.rows },
    target: config.data.target,
    task: prepared.encoder.target.task,
    started: work.started.toISOString(),
    finished: new Date().toISOString(),
    seconds: { prepare: work.prepareSeconds, fit: fitSeconds, inference: seconds(inferenceStart) },
  });
  return { path: run.path, metrics, inputs };
}

const total = (layers: ArrayLike<number>[]): number =>
  layers.reduce((sum, layer) => sum + Array.from(layer).reduce((inner, value) => inner + value, 0), 0);
