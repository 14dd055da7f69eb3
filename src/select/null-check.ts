/** Trains a run's config again with a copy of every input that the target knows nothing of; compares each input with its copy. */
import type { Config } from '../config/schema.js';
import { shareThreads } from '../engine/backend.js';
import type { EnginePreference } from '../engine/preference.js';
import { fail } from '../errors.js';
import { filterRates, gateEvidence } from '../inference/copies/knockoff-filter.js';
import { Stream } from '../random.js';
import type { FitJob } from '../train/fits.js';
import type { TrainProgress } from '../types.js';
import { learn, jobsOf } from '../work/learn.js';
import { withCopies, type NullInputs, type NullKind } from './null-inputs.js';
import type { RunFolder } from '../store/open.js';
import { handedThrough, jobCount, openWorkers, type Jobs, type Through } from '../work/workers.js';
import type { Runner } from '../jobs/runner.js';
import type { TrainTasks } from '../work/tasks.js';
import { readConfig, readSplitRows } from '../store/parts.js';
import { prepareTable, type Prepared } from '../work/prepare.js';
import { RunRows } from '../store/run-rows.js';
import type { Words } from '../voice.js';

export interface NullCheckOptions {
  kind: NullKind;
  /** Knockoffs: target of the false discovery rate. */
  fdr: number;
  /** A copy with a PIP of at least this has entered; so do probes select. */
  threshold: number;
  engine?: EnginePreference;
  jobs?: Jobs | undefined;
  /** What the tasks are handed through. */
  through?: Through | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: TrainProgress) => void) | undefined;
}

export interface CheckedInput {
  input: string;
  /** PIPs beside one another in the network that has both. */
  pip: number;
  copyPip: number;
  /** Evidence for the input minus that for its copy, in nats. */
  w: number;
  /** Knockoffs: the smallest false discovery rate at which the input is selected; 1: none. */
  fdr?: number;
  /** Knockoffs: correlation of the input with its copy. */
  copyCorrelation?: number;
}

export interface NullCheck {
  kind: NullKind;
  /** By descending W. */
  inputs: CheckedInput[];
  selected: CheckedInput[];
  /** How many copies have a PIP of at least the threshold. */
  copiesEntered: number;
  /** Knockoffs: how far the correlations were drawn to 0. */
  shrinkage?: number;
}

/**
 * Reads the run's data again and trains its restarts on twice the inputs, which takes about as long as the run did.
 * @throws usage.knockoffs, usage.fdr; run.no-rows; errors of data and training; interrupted.stopped
 */
export async function checkNull(run: RunFolder, options: NullCheckOptions): Promise<NullCheck> {
  const { kind, fdr, engine, signal, onProgress, threshold } = options;
  if (!(fdr > 0 && fdr < 1)) {
    throw fail('usage.fdr', `the false discovery rate of knockoffs must be above 0 and below 1, not ${fdr}`, { hint: 'A usual value is 0.1.' });
  }
  const { config, copies, jobs } = await planNullCheck(run, kind);
  shareThreads(jobs.length);
  const opened = await openWorkers(jobCount(options.jobs ?? 'auto', jobs.length, copies.prepared), engine, signal, options.through?.apart);
  const workers = await handedThrough(options.through, opened, { data: copies.prepared.table.sha256 });
  try {
    return await compareWithCopies(workers, config, copies, { kind, fdr, threshold, onProgress });
  } finally {
    await workers.close();
  }
}

/** What a check trains. */
export interface PlannedNullCheck {
  /** That of the run without what the check does not need. */
  config: Config;
  copies: NullInputs;
  jobs: FitJob[];
}

/**
 * The fits of a check, before they are made.
 * @throws usage.knockoffs; run.no-rows; errors of the data stage
 */
export async function planNullCheck(run: RunFolder, kind: NullKind): Promise<PlannedNullCheck> {
  const { config, prepared } = await prepareAgain(run, `a check with ${kind} needs the training rows`);
  if (config.model.gates === 'none' && config.prior.spike === 'dirac') {
    throw fail('usage.knockoffs', 'this run has no gates (model.gates: none), so every input is included', { hint: 'Train again with gates.' });
  }
  const copies = withCopies(prepared, kind, Stream.fromSeed(config.train.seed).split('null check', kind));
  const quick = { ...config, train: { ...config.train, reference: false }, search: { steps: 0 } };
  return { config: quick, copies, jobs: jobsOf(quick, copies.prepared) };
}

/**
 * The check of a table in memory: trains on inputs and copies together.
 * @throws those of `learn`
 */
export async function compareWithCopies(
  runner: Runner<TrainTasks>, config: Config, copies: NullInputs,
  { kind, fdr, threshold, onProgress }: Pick<NullCheckOptions, 'kind' | 'fdr' | 'threshold' | 'onProgress'>,
): Promise<NullCheck> {
  // Nothing is predicted here, and an input is compared with its copy by the gates of one network.
  const alone = { ...config, model: { ...config.model, background: false }, search: { steps: 0 } };
  const { assessed, best, inputs } = await learn(runner, alone, copies.prepared, { onProgress });
  const evidence = gateEvidence(assessed[best]);
  const w = Float64Array.from(copies.places, ({ input, copy }) => evidence[input] - evidence[copy]);
  const asked = copies.places.map(({ input }) => !inputs[input].kept);
  const rates = kind === 'knockoffs' ? filterRates(w.filter((_, f) => asked[f])) : undefined;
  let next = 0;
  // Nothing is claimed for inputs that are kept.
  const rows = copies.places.flatMap(({ input, copy }, f): CheckedInput[] => (!asked[f] ? [] : [{
    input: inputs[input].input, pip: inputs[input].pip, copyPip: inputs[copy].pip, w: w[f],
    ...(rates && { fdr: rates[next++], copyCorrelation: copies.knockoffs!.copyCorrelations[f] }),
  }])).sort((a, b) => b.w - a.w || b.pip - a.pip);
  return {
    kind, inputs: rows,
    selected: rows.filter((row) => (row.fdr === undefined ? row.pip >= threshold : row.fdr <= fdr)),
    copiesEntered: rows.filter(({ copyPip }) => copyPip >= threshold).length,
    ...(copies.knockoffs && { shrinkage: copies.knockoffs.shrinkage }),
  };
}

/**
 * Config and prepared rows as training had them; rows of a test file are left out.
 * @param what the purpose, as in `probes: true needs the training rows`
 * @throws run.no-rows; errors of the data stage
 */
export async function prepareAgain(run: RunFolder, what: Words): Promise<{ config: Config; prepared: Prepared }> {
  const { table } = await new RunRows(run).need('train', what, 'Put the data file back, or train again from a file.');
  const config = await readConfig(run);
  return { config, prepared: prepareTable(table, await readSplitRows(run), config) };
}
