/** Does the job of a plan: the same code as without one, its tasks handed through what puts shards together. */
import { pinThreads } from '../engine/backend.js';
import type { EnginePreference } from '../engine/preference.js';
import { fail } from '../errors.js';
import { unlessAborted } from '../jobs/abort.js';
import { checkNull, type NullCheck } from '../select/null-check.js';
import { openRun } from '../store/open.js';
import { trainRun, type TrainRunOptions, type TrainRunResult } from '../store/train-run.js';
import { warmStart } from '../store/warm-start.js';
import type { TrainProgress } from '../types.js';
import type { Words } from '../voice.js';
import { withWork } from '../work/begin.js';
import { calibrate, type Calibration, type CalibrateOptions } from '../work/calibrate/calibrate.js';
import { crossValidate } from '../work/cv/cross-validate.js';
import type { CvDocument } from '../work/cv/document.js';
import { learn } from '../work/learn.js';
import { prepare } from '../work/prepare.js';
import type { DataHashes, Jobs, Through, Workers } from '../work/workers.js';
import type { Plan } from './plan.js';
import { sweep, type SweepOptions, type SweepResult } from '../work/sweep/sweep.js';
import { resolvedOf, trialsOf } from './plan-file.js';

export interface PerformOptions {
  plan: Plan;
  /** Absolute path of its file, and the same as errors name it. */
  path: string;
  shown: string;
  engine?: EnginePreference;
  jobs?: Jobs | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: TrainProgress) => void) | undefined;
  onNote?: ((text: Words) => void) | undefined;
  /** What the tasks are handed through, once the data are known to be those of the plan. */
  through: (workers: Workers) => Workers;
  /** Where the outcomes of a sweep go; absent: nowhere. */
  onTable?: SweepOptions['onTable'] | undefined;
  /** Whether tasks are done in processes of their own even if there is only one. */
  apart?: boolean;
  /** Of a calibration: told when a table is done how many are. */
  onSimulated?: ((done: number) => void) | undefined;
  /** How to write the run of a training; absent: the fits are made, and nothing is written. */
  write?: Pick<TrainRunOptions, 'out' | 'force' | 'argv' | 'nodeVersion' | 'cwd'> | undefined;
}

/** What comes of a job. */
export type Performed =
  | { what: 'train'; trained?: TrainRunResult }
  | { what: 'cv'; document: CvDocument }
  | { what: 'sweep'; result: SweepResult }
  | { what: 'calibrate'; calibration: Calibration; name: string; like: object }
  | { what: 'knockoffs'; check: NullCheck; fdr: number; run: string };

/**
 * @throws run.plan-data when the data are not those of the plan; what the job throws, and whatever its tasks are handed through
 */
export async function perform(options: PerformOptions): Promise<Performed> {
  const unpin = pinThreads(options.plan.engine.threads);
  try {
    return await performed(options);
  } finally {
    unpin();
  }
}

async function performed(options: PerformOptions): Promise<Performed> {
  const { plan, plan: { job, config }, path, engine, jobs, signal, onProgress, onNote, write } = options;
  const resolved = resolvedOf(plan, path);
  const through: Through = Object.assign((workers: Workers, hashes: DataHashes) => {
    refuseOther(plan, hashes, options.shown);
    return options.through(workers);
  }, { apart: options.apart });
  const common = { ...(engine && { engine }), jobs, signal, through };
  switch (job.what) {
    case 'train': {
      const work = { ...common, resolved, onProgress, onNote };
      if (write) return { what: 'train', trained: await trainRun({ ...work, ...write, checkpoints: false }) };
      await withWork(work, async (begun) => {
        const { jobs: fits, fits: from } = await warmStart(begun, config.train, onNote);
        return learn(begun.workers, config, begun.prepared, { jobs: fits, from, onProgress, onNote });
      });
      return { what: 'train' };
    }
    case 'cv': {
      const { folds, repeats, threshold } = job;
      return { what: 'cv', document: await crossValidate({ ...common, resolved, folds, repeats, threshold, onProgress, onNote }) };
    }
    case 'sweep':
      return { what: 'sweep', result: await sweep({ ...common, plan: job, trials: trialsOf(job, plan, path), onTable: options.onTable ?? keepNothing }) };
    case 'calibrate': {
      const { tables, synthetic, threshold, fdr, signalRange, name, like } = job;
      const source: CalibrateOptions['source'] = synthetic ? { synthetic } : { prepared: await unlessAborted(prepare(resolved), signal) };
      const asked = { config, signalRange, sets: tables, threshold, fdr, onSet: options.onSimulated };
      const calibration = await calibrate({ ...common, ...asked, source });
      return { what: 'calibrate', calibration, name, like };
    }
    case 'knockoffs': {
      const { fdr, name } = job;
      const run = await openRun(job.run, '.');
      const check = await checkNull(run, { ...common, kind: 'knockoffs', fdr, threshold: 0.5, onProgress });
      return { what: 'knockoffs', check, fdr, run: name };
    }
  }
}

/** The results of shards are kept as results. */
const keepNothing: SweepOptions['onTable'] = async () => ({ read: async () => undefined, write: async () => {} });

/** @throws run.plan-data */
function refuseOther(plan: Plan, { data, test }: DataHashes, file: string): void {
  const other = data !== plan.dataSha256 ? 'the data' : test !== plan.testSha256 ? 'the test file' : undefined;
  if (other === undefined) return;
  throw fail('run.plan-data', `${other} of the plan ${other === 'the data' ? 'are not those' : 'is not the one'} that it was made for`, {
    where: { file }, hint: 'Put the file back as it was, or plan again.',
  });
}
