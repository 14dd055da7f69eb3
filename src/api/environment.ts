/** What a program need not say, taken from the process that it runs in. */

import { freemem, homedir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import process, { env, getuid, versions } from 'node:process';
import { enginePreference, type EnginePreference } from '../engine/preference.js';
import type { TableCache } from '../data/index.js';
import { fail } from '../errors.js';
import { Interrupted } from '../jobs/abort.js';
import type { MemoryLimit } from '../work/memory.js';
import type { CommonOptions, EngineOptions } from './options/shared.js';

export const NODE_VERSION = versions.node;
/** Of the interface of native modules. */
export const NAPI_VERSION = Number(versions.napi);

/** What BNNC_ENGINE says, as it is. */
export const ENGINE_WISH = env.BNNC_ENGINE;

/** Where browsers are looked for. */
export const browserVariables = (): { CHROME_PATH: string | undefined; PATH: string | undefined } =>
  ({ CHROME_PATH: env.CHROME_PATH, PATH: env.PATH });

/** What schedulers say of a task that is one of many. */
export const schedulerVariables = (): Partial<Record<SchedulerVariable, string>> =>
  Object.fromEntries(SCHEDULER_VARIABLES.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));

const SCHEDULER_VARIABLES = [
  'SLURM_ARRAY_TASK_ID', 'SLURM_ARRAY_TASK_COUNT', 'SLURM_ARRAY_TASK_MIN', 'SLURM_ARRAY_TASK_STEP', 'JOB_COMPLETION_INDEX',
] as const;
export type SchedulerVariable = (typeof SCHEDULER_VARIABLES)[number];

/** Whether this process may do everything. */
export const isRoot = (): boolean => getuid?.() === 0;

/** Absolute. */
export const folderOf = ({ cwd }: Pick<CommonOptions, 'cwd'>): string => resolve(cwd ?? '.');

export { unlessAborted } from '../jobs/abort.js';
export { tellSettled } from '../store/leftovers.js';

/** What was asked for, else BNNC_ENGINE. @throws usage.engine when BNNC_ENGINE holds an unknown word */
export const engineOf = ({ engine }: EngineOptions): EnginePreference => engine ?? enginePreference(env.BNNC_ENGINE);

/** What BNNC_QUEUE_PASSWORD says: the password of a queue, which so stands in no list of processes. */
export const queuePassword = (): string | undefined => env.BNNC_QUEUE_PASSWORD;

/** In bytes, what this process and its workers may use: what was said in GB, else all that the machine or its container has. */
export function memoryOf(said: number | 'any' | undefined): MemoryLimit {
  if (said === 'any') return {};
  if (said !== undefined) return { limit: said * 1e9 };
  // 0 or beyond the machine's where nothing constrains it.
  const allowed = process.constrainedMemory();
  const limit = allowed > 0 ? Math.min(allowed, totalmem()) : totalmem();
  // Node 20.0 does not know what is available.
  return { limit, free: process.availableMemory?.() ?? freemem() };
}

/** GB of tables that are kept, unless BNNC_CACHE_GB says otherwise. */
const CACHE_GB = 10;

/**
 * Where tables are kept that were read; undefined: nowhere.
 * @throws usage.cache when BNNC_CACHE_GB is no number from 0 on
 */
export function cacheOf(asked = true): TableCache | undefined {
  const { BNNC_CACHE, BNNC_CACHE_GB, XDG_CACHE_HOME } = env;
  const most = BNNC_CACHE_GB === undefined || BNNC_CACHE_GB.trim() === '' ? CACHE_GB : Number(BNNC_CACHE_GB);
  if (!(most >= 0)) {
    throw fail('usage.cache', `BNNC_CACHE_GB is '${BNNC_CACHE_GB}', which is no number from 0 on`, {
      hint: 'It says how many GB of tables the cache folder may hold; 0: none.',
    });
  }
  if (!asked || most === 0) return undefined;
  const folder = BNNC_CACHE ? resolve(BNNC_CACHE) : join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'bnnc');
  return { folder: join(folder, 'tables'), bytes: most * 1e9 };
}

/** @throws interrupted.stopped when the signal has come already */
export function heed({ signal }: Pick<CommonOptions, 'signal'>): void {
  if (signal?.aborted) throw new Interrupted();
}

export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
