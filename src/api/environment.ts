/** What a program need not say, taken from the process that it runs in. */

import { resolve } from 'node:path';
import { env, versions } from 'node:process';
import { enginePreference, type EnginePreference } from '../engine/backend.js';
import { fail } from '../errors.js';
import { Interrupted } from '../jobs/abort.js';
import { newestRun, openRun, type RunFolder } from '../store/open.js';
import { telling, type Tell } from '../voice.js';
import type { CommonOptions, EngineOptions } from './options/shared.js';

export type { RunFolder };

/** A run: the path of its folder, or the folder opened, as `train` and `openRun` give it. */
export type RunSource = string | RunFolder;

export const NODE_VERSION = versions.node;
/** Of the interface of native modules. */
export const NAPI_VERSION = Number(versions.napi);

/** What BNNC_ENGINE says, as it is. */
export const ENGINE_WISH = env.BNNC_ENGINE;

/** Absolute. */
export const folderOf = ({ cwd }: Pick<CommonOptions, 'cwd'>): string => resolve(cwd ?? '.');

export { unlessAborted } from '../jobs/abort.js';

/** What was asked for, else BNNC_ENGINE. @throws usage.engine when BNNC_ENGINE holds an unknown word */
export const engineOf = ({ engine }: EngineOptions): EnginePreference => engine ?? enginePreference(env.BNNC_ENGINE);

/** @throws interrupted.stopped when the signal has come already */
export function heed({ signal }: Pick<CommonOptions, 'signal'>): void {
  if (signal?.aborted) throw new Interrupted();
}

export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Opens a run that is named by its path. @throws run.missing, run.not-a-run, run.incomplete, run.busy, run.damaged */
export async function runOf(run: RunSource, options: CommonOptions): Promise<RunFolder> {
  heed(options);
  if (typeof run === 'string') return openRun(run, folderOf(options));
  if (isObject(run) && 'manifest' in run) return run;
  throw fail('usage.option', 'a run must be the path of its folder, or the run as train and openRun give it');
}

/** Opens the run that is named, else the newest complete one under runs/, whose path is then told. @throws run.* */
export async function findRun(
  named: RunSource | undefined, { onNote, ...options }: CommonOptions & { onNote?: Tell | undefined },
): Promise<RunFolder> {
  if (named !== undefined) return runOf(named, options);
  const run = await newestRun('runs', folderOf(options));
  telling(onNote)(`using ${run.path}, the newest run`);
  return run;
}
