/** Planning: a job becomes a file with its units, which any number of processes and machines can share. */

import { resolve } from 'node:path';
import { calibrationJob, simulation } from './calibrate.js';
import { learningData } from './learning-data.js';
import { openFile, refuseLoss } from './output.js';
import { findRun, type RunSource } from './run.js';
import { engineOf, folderOf, heed } from './environment.js';
import { checked } from './options/check.js';
import { PLAN, type PlanUnitsOptions } from './options/shards.js';
import { readConfig } from '../store/parts.js';
import { fail } from '../errors.js';
import type { Resolved } from '../config/resolve.js';
import type { Job, What } from '../shards/plan.js';
import { joined, option, words } from '../voice.js';
import { unlessAborted } from '../jobs/abort.js';

export const PLANNED = ['train', 'cv', 'calibrate', 'sweep', 'knockoffs'] as const satisfies What[];

/** A plan that was written. */
export interface PlannedUnits {
  /** Its path, as it was given. */
  path: string;
  job: What;
  engine: { name: string; threads: number };
  /** In the order of the file. Of a training some may turn out not to be needed. */
  units: { kind: string; name: string; seed: number }[];
}

type Name = keyof typeof PLAN;
const GAUSSIAN: Name[] = ['rows', 'inputs', 'correlation', 'structure', 'noise'];
const LEARNED: Name[] = ['config', 'data', 'query', 'target', 'ignore', 'test', 'testQuery', 'hidden', 'seed', 'sets'];
/** The options of each job beside those of all. */
const OWN: Record<What, readonly Name[]> = {
  train: [...LEARNED, 'warm'],
  cv: [...LEARNED, 'folds', 'repeats', 'threshold'],
  calibrate: [...LEARNED, 'threshold', 'fdr', 'tables', ...GAUSSIAN],
  sweep: ['config', 'data', 'query', 'target', 'ignore', 'hidden', 'sets'],
  knockoffs: ['fdr'],
};

/**
 * Writes the plan of a job: what it is, the SHA-256 of its config and data, and a line for each unit. `workUnits` does the units,
 * as many processes as there are share them, and `mergeUnits` makes of their results what the job alone would have made.
 * @param run of `knockoffs` and `calibrate`: the run, or its path; by default the newest one
 * @throws {BnncError} `usage.option`, `usage.plan`, `usage.plan-stdin`; what the job throws before it trains; `run.not-writable`
 * @example
 * ```ts
 * await planUnits('cv', { config: 'bnnc.yaml', folds: 5, out: 'plan.jsonl' });
 * ```
 * @category Many machines
 */
export async function planUnits(
  what: What, options: PlanUnitsOptions & { run?: RunSource | undefined } = {},
): Promise<PlannedUnits> {
  const { run, ...given } = options;
  const { out, signal } = checked('planUnits', given, PLAN);
  heed(options);
  refuseForeign(what, given, run);
  const cwd = folderOf(options);
  const { job, resolved } = await jobOf(what, given, run, cwd);
  const { config } = resolved;
  await refuseLoss([config.data.path, config.data.split.testFile, typeof given.config === 'string' ? given.config : undefined], out, cwd);
  const [{ makePlan }, { planText }] = await Promise.all([import('../shards/make-plan.js'), import('../shards/plan-file.js')]);
  const plan = await makePlan({ job, resolved, engine: engineOf(options), signal });
  const file = await unlessAborted(openFile(out, cwd), signal);
  try {
    await file.write(planText(plan, resolve(cwd, out)));
    await file.commit();
  } catch (error) {
    await file.discard();
    throw error;
  }
  return { path: out, job: what, engine: plan.engine, units: plan.units };
}

/** @throws usage.plan for options that the job does not have */
function refuseForeign(what: What, options: PlanUnitsOptions, run: RunSource | undefined): void {
  if (!PLANNED.includes(what)) {
    throw fail('usage.plan', `a plan is for one of ${PLANNED.join(', ')}, not for '${String(what)}'`);
  }
  const all = [...new Set(Object.values(OWN).flat())];
  const wrong = all.filter((name) => options[name as keyof PlanUnitsOptions] !== undefined && !OWN[what].includes(name));
  if (wrong.length > 0) {
    throw fail('usage.plan', words`a plan for ${what} does not take ${joined(wrong.map((name) => [option(name)]), ', ')}`, {
      hint: 'Leave this out.',
    });
  }
  if (run === undefined || what === 'knockoffs' || what === 'calibrate') return;
  throw fail('usage.plan', `a plan for ${what} takes no run`, { hint: 'Name a config, or a table and a target.' });
}

/** What a plan is of. @throws what reading config, data or run throws */
export async function jobOf(
  what: What, options: PlanUnitsOptions, run: RunSource | undefined, cwd: string,
): Promise<{ job: Job; resolved: Resolved }> {
  const { folds = 10, repeats = 1, threshold = 0.5, fdr = 0.1, tables = 20 } = options;
  if (what === 'knockoffs') {
    const folder = await findRun(run, { cwd, onNote: options.onNote });
    const config = await readConfig(folder);
    return {
      job: { what, fdr, run: resolve(cwd, folder.path), name: folder.path },
      resolved: { config, origins: {}, baseDir: cwd, dataName: folder.manifest.data.path },
    };
  }
  if (what === 'calibrate') {
    const { warm: _warm, out: _out, folds: _folds, repeats: _repeats, ...rest } = options;
    return calibrationJob(await simulation(run, rest), { tables, threshold, fdr }, cwd);
  }
  if (what === 'sweep') return sweepJob(options, cwd);
  const { rows: _rows, inputs: _inputs, ...rest } = options;
  const { resolved } = await learningData(rest, cwd);
  return { job: what === 'cv' ? { what, folds, repeats, threshold } : { what }, resolved };
}

async function sweepJob(options: PlanUnitsOptions, cwd: string): Promise<{ job: Job; resolved: Resolved }> {
  const { sweepFile } = await import('../config/sweep.js');
  const { sweepTrials } = await import('./sweep-settings.js');
  const { plan, trials, name } = await sweepTrials({ ...options, config: sweepFile(options.config) }, cwd);
  const { method, folds, repeats, eta, measure, threshold } = plan;
  const settings = trials.map(({ setting, resolved: { config } }) => ({ setting, config }));
  const job: Job = { what: 'sweep', name, method, folds, repeats, eta, measure, threshold, trials: settings };
  return { job, resolved: trials[0].resolved };
}
