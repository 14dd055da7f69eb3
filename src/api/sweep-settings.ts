/** The config of each setting of a sweep: the base, what the options say, and the values of the setting on top. */

import { basename } from 'node:path';
import { resolveConfig, type Resolved } from '../config/resolve.js';
import type { ConfigInput } from '../config/schema.js';
import { loadSweep, type SweepPlan } from '../config/sweep.js';
import { BnncError, fail } from '../errors.js';
import { unlessAborted } from '../jobs/abort.js';
import { resolveTable } from '../table-path.js';
import { telling } from '../voice.js';
import type { Setting } from '../work/sweep/trials.js';
import type { SweepOptions } from './options/sweep.js';

export interface SweepTrials {
  plan: SweepPlan;
  trials: { setting: Setting; resolved: Resolved }[];
  /** Of the folder, where none is given. */
  name: string;
}

/**
 * Reads the file of a sweep, and resolves the config of each of its settings.
 * @throws usage.sweep; config.*
 */
export async function sweepTrials(options: Asked, cwd: string): Promise<SweepTrials> {
  const { config: file, onNote, signal } = options;
  const plan = await unlessAborted(loadSweep(file, cwd), signal);
  const { settingsOf, gridSize, MOST_TRIALS } = await import('../work/sweep/trials.js');
  if (plan.method === 'grid' && gridSize(plan.keys) > MOST_TRIALS) {
    throw fail('usage.sweep', `the grid has ${gridSize(plan.keys)} settings; ${MOST_TRIALS} are the most`, {
      where: { file }, hint: 'Use the method random or halving, or fewer values.',
    });
  }
  const trials: SweepTrials['trials'] = [];
  for (const setting of settingsOf(plan)) trials.push({ setting, resolved: await resolvedFor(setting, plan, options, cwd) });
  if (plan.method !== 'grid' && trials.length < plan.trials) telling(onNote)(`only ${trials.length} different settings were found`);
  return { plan, trials, name: basename(file).replace(/\.(ya?ml|json)$/i, '') };
}

/** What of the options decides about the settings. */
type Asked = Pick<SweepOptions, 'sets' | 'data' | 'query' | 'target' | 'ignore' | 'hidden' | 'onNote' | 'signal'> & { config: string };

/** The base config with the values of a setting. @throws config.sweep, naming the place in the sweep's file */
async function resolvedFor(setting: Setting, plan: SweepPlan, options: Asked, cwd: string): Promise<Resolved> {
  const { sets = [], data, query, target, ignore, hidden } = options;
  const base = typeof plan.config === 'string' ? { file: resolveTable(plan.baseDir, plan.config) } : { object: fromFolder(plan) };
  const given = typeof data === 'object' ? { sections: { data } } : {};
  const flags = { data: typeof data === 'string' ? data : undefined, query, target, ignore, hidden };
  const resolve = (of: Setting): Promise<Resolved> => resolveConfig({
    ...base, ...given, cwd, flags, sets: [...sets, ...Object.entries(of).map(([key, value]) => `${key}=${JSON.stringify(value)}`)],
  });
  // What is wrong without the setting is told in its own place.
  await resolve({});
  try {
    return await resolve(setting);
  } catch (error) {
    if (!(error instanceof BnncError)) throw error;
    const said = error.problems.map(({ message }) => message.replace(AS_SET, '')).join('; ');
    const [key, value] = await faulty(setting, resolve);
    const at = Array.isArray(plan.keys[key]) ? plan.keys[key].indexOf(value) : undefined;
    const message = `keys.${key}: ${JSON.stringify(value)} cannot be used: ${said}`;
    throw new BnncError({ code: 'config.sweep', message, where: plan.at(key, at) }, { cause: error });
  }
}

/** How a fault of a value begins that was given as `--set` is. */
const AS_SET = /^sets: \[.*?'\]: /s;

/** The entry that is wrong by itself, else the last: then they do not go together. */
async function faulty(setting: Setting, resolve: (of: Setting) => Promise<Resolved>): Promise<[key: string, value: unknown]> {
  const entries = Object.entries(setting);
  for (const [key, value] of entries) {
    if (await resolve({ [key]: value }).then(() => false, () => true)) return [key, value];
  }
  return entries.at(-1)!;
}

/** Paths of a config inside the sweep's file start from its folder. */
function fromFolder({ config = {}, baseDir }: SweepPlan): ConfigInput {
  const inside = config as ConfigInput;
  const path = inside.data?.path;
  return typeof path === 'string' && path !== '-' ? { ...inside, data: { ...inside.data!, path: resolveTable(baseDir, path) } } : inside;
}
