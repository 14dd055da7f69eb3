/** What a program need not say, taken from the process that it runs in. */

import { freemem, totalmem } from 'node:os';
import { resolve } from 'node:path';
import process, { env, getuid, versions } from 'node:process';
import { enginePreference, type EnginePreference } from '../engine/preference.js';
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

/** @throws interrupted.stopped when the signal has come already */
export function heed({ signal }: Pick<CommonOptions, 'signal'>): void {
  if (signal?.aborted) throw new Interrupted();
}

export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
