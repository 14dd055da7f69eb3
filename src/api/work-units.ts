/** Work: the units of a plan, all of them or those of one shard. */

import { resolve } from 'node:path';
import { fail } from '../errors.js';
import type { Shard, WorkedShard } from '../shards/share.js';
import { option, telling, words } from '../voice.js';
import { engineOf, folderOf, heed, schedulerVariables, type SchedulerVariable } from './environment.js';
import { checked } from './options/check.js';
import { WORK_UNITS, type WorkUnitsOptions } from './options/shards.js';

/** What one call has done. */
export interface WorkedUnits extends WorkedShard {
  /** Folder of the results, as it was given. */
  path: string;
  shard: Shard;
}

/**
 * Does the units of a plan that fall to a shard, and writes a file for each result. A result that is there is not made again, so
 * that a call that was killed is simply repeated.
 * @param plan path of the file
 * @throws {BnncError} `usage.option`, `usage.shard`; `run.*` where plan, data or results are not what they should be;
 *   `training.*`; `interrupted.stopped`, after which all finished results stay
 * @example
 * ```ts
 * await workUnits('plan.jsonl', { shard: '2/8', out: 'parts' });
 * ```
 * @category Many machines
 */
export async function workUnits(plan: string, options: WorkUnitsOptions = {}): Promise<WorkedUnits> {
  const { out, wait, jobs, signal, onProgress, onNote } = checked('workUnits', options, WORK_UNITS);
  heed(options);
  const cwd = folderOf(options);
  const shard = shardFrom(options.shard, schedulerVariables());
  const path = resolve(cwd, plan);
  const [{ readPlan }, { workShard }] = await Promise.all([import('../shards/plan-file.js'), import('../shards/share.js')]);
  const worked = await workShard({
    plan: await readPlan(path, plan), path, shown: plan, folder: resolve(cwd, out), shownFolder: out,
    shard, patience: 1000 * wait,
    engine: engineOf(options), jobs, signal, onProgress, onNote: telling(onNote),
  });
  return { path: out, shard, ...worked };
}

/**
 * The shard that is meant.
 * @param given `2/8`, `auto/8`, or nothing
 * @throws usage.shard when a scheduler's variables do not say which
 */
export function shardFrom(given: string | undefined, variables: Partial<Record<SchedulerVariable, string>>): Shard {
  const [index, count] = given?.split('/') ?? [];
  if (index !== undefined && index !== 'auto') return { index: Number(index), count: Number(count) };
  const whole = (name: SchedulerVariable): number | undefined => {
    const value = variables[name];
    if (value === undefined) return undefined;
    if (/^\d{1,9}$/.test(value)) return Number(value);
    throw fail('usage.shard', `${name} is no whole number: '${value}'`, { hint: words`Say which shard: ${option('shard', '1/8')}.` });
  };
  const slurm = whole('SLURM_ARRAY_TASK_ID');
  const [least = 0, step = 1] = [whole('SLURM_ARRAY_TASK_MIN'), whole('SLURM_ARRAY_TASK_STEP')];
  const completion = whole('JOB_COMPLETION_INDEX');
  const at = slurm === undefined ? completion : (slurm - least) / step;
  const all = count === undefined ? whole('SLURM_ARRAY_TASK_COUNT') : Number(count);
  if (at === undefined && given === undefined) return { index: 1, count: 1 };
  if (at === undefined) {
    throw fail('usage.shard', 'no scheduler says which shard this is: neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set', {
      hint: words`Say it: ${option('shard', `1/${count}`)}.`,
    });
  }
  if (all === undefined) {
    throw fail('usage.shard', 'the scheduler does not say how many shards there are', { hint: words`Say it: ${option('shard', 'auto/8')}.` });
  }
  if (Number.isInteger(at) && at >= 0 && at < all) return { index: at + 1, count: all };
  throw fail('usage.shard', `the scheduler says that this is shard ${at + 1} of ${all}`, {
    hint: words`Start as many tasks as there are shards, or say which this is: ${option('shard', `1/${all}`)}.`,
  });
}
