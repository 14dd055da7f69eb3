/** Makes the plan of a job: reads the data once, and lists the units. */
import type { Resolved } from '../config/resolve.js';
import { shareThreads, startEngine } from '../engine/backend.js';
import type { EnginePreference } from '../engine/preference.js';
import { fail } from '../errors.js';
import { unlessAborted } from '../jobs/abort.js';
import { planNullCheck } from '../select/null-check.js';
import { openRun } from '../store/open.js';
import { programVersion } from '../version.js';
import { checkThreshold } from '../inference/inclusion/select.js';
import type { Prepared } from '../work/prepare.js';
import { dataTable, prepare } from '../work/prepare.js';
import { jobsOf, tasksOf } from '../work/learn.js';
import { lookAt, planFolds } from '../work/cv/plan.js';
import { climbOf, planTrials } from '../work/sweep/sweep.js';
import { cvUnits, tableUnits, trainUnits, type Unit } from '../work/units.js';
import { configHash, type Job, type Plan } from './plan.js';

export interface MakePlanOptions {
  job: Job;
  resolved: Resolved;
  engine?: EnginePreference;
  signal?: AbortSignal | undefined;
}

/** What reading the data tells. */
interface Facts {
  units: Unit[];
  /** Among how many fits the cores are shared. */
  sharing: number;
  hashes: Pick<Plan, 'dataSha256' | 'testSha256'>;
}

/**
 * @throws usage.plan-stdin where the data come through a pipe; what the job throws before its tasks begin; usage.no-native-engine
 */
export async function makePlan({ job, resolved, engine: prefer, signal }: MakePlanOptions): Promise<Plan> {
  const { config, dataName } = resolved;
  const synthetic = job.what === 'calibrate' && job.synthetic !== undefined;
  if ([config.data.path, config.data.split.testFile].includes('-') && !synthetic) {
    throw fail('usage.plan-stdin', 'the data come through a pipe, which no other process can read again', { hint: 'Name a file.' });
  }
  const { units, sharing, hashes } = await unlessAborted(factsOf(job, resolved), signal);
  shareThreads(sharing);
  const { name, threads } = await startEngine({ prefer });
  const facts = { job, bnnc: programVersion(), configSha256: configHash(config), ...hashes };
  return { ...facts, engine: { name, threads }, config, dataName, units };
}

async function factsOf(job: Job, resolved: Resolved): Promise<Facts> {
  const { config } = resolved;
  const { seed } = config.train;
  switch (job.what) {
    case 'train': {
      const prepared = await prepare(resolved);
      const units = trainUnits(config, prepared, jobsOf(config, prepared));
      return { units, sharing: tasksOf(config), hashes: hashesOf(prepared) };
    }
    case 'cv': {
      checkThreshold(job.threshold);
      const table = await dataTable(resolved);
      const { planned } = planFolds(table, config, job);
      // What cannot be learned from is told now.
      lookAt(planned, job.folds);
      return { units: cvUnits(planned), sharing: planned.length, hashes: { dataSha256: table.sha256 } };
    }
    case 'sweep': {
      checkThreshold(job.threshold);
      const trials = job.trials.map(({ setting, config }) => ({ setting, resolved: { ...resolved, config } }));
      const { planned } = await planTrials(job, trials);
      const [[{ table }]] = planned;
      return { units: cvUnits(planned.flat()), sharing: climbOf(job, trials.length).units, hashes: { dataSha256: table.sha256 } };
    }
    case 'calibrate': {
      const hashes = job.synthetic ? {} : hashesOf(await prepare(resolved));
      return { units: tableUnits(job.tables, seed), sharing: job.tables, hashes };
    }
    case 'knockoffs': {
      const { config: quick, copies: { prepared }, jobs } = await planNullCheck(await openRun(job.run, '.'), 'knockoffs');
      const alone = { ...quick, model: { ...quick.model, background: false } };
      return { units: trainUnits(alone, prepared, jobs), sharing: jobs.length, hashes: { dataSha256: prepared.table.sha256 } };
    }
  }
}

const hashesOf = ({ table, tests }: Prepared): Facts['hashes'] =>
  ({ dataSha256: table.sha256, ...(tests && { testSha256: tests.sha256 }) });
