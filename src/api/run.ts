/** The run that a function is given. */

import { fail } from '../errors.js';
import { newestRun, openRun, type RunFolder } from '../store/open.js';
import { telling, type Tell } from '../voice.js';
import { folderOf, heed, isObject } from './environment.js';
import type { CommonOptions } from './options/shared.js';

export type { RunFolder };

/** A run: the path of its folder, or the run opened, as `train` and `openRun` give it. */
export type RunSource = string | RunFolder;

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
