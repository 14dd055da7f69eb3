/** Finds the run or the model that a command's arguments mean. */

import { newestRun, openRun, type RunFolder } from '../store/open.js';
import type { CliContext } from './context.js';

/** Opens the named run, or the newest complete one under runs/, whose path is then told on stderr. */
export async function findRun(path: string | undefined, { cwd, terminal }: CliContext): Promise<RunFolder> {
  if (path !== undefined) return openRun(path, cwd);
  const run = await newestRun('runs', cwd);
  terminal.note(`using ${run.path}, the newest run`);
  return run;
}
