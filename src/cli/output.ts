/** A result that goes to a file which appears when all of it is written, else to stdout. */

import { unlessAborted } from '../api/environment.js';
import { openFile, type PendingFile } from '../api/output.js';
import type { CliContext } from './context.js';

export type Output = Pick<PendingFile, 'write'>;

/**
 * Does the work with the file open; it leaves no trace when the work fails.
 * @param path as typed; without one there is no file
 * @throws run.not-writable
 */
export async function withOutput<T>(
  path: string | undefined, { cwd, signal }: CliContext, work: (output: Output | undefined) => Promise<T>,
): Promise<T> {
  if (path === undefined) return work(undefined);
  // Whoever reads a pipe may let it wait.
  const file = await unlessAborted(openFile(path, cwd), signal);
  try {
    const done = await work({ write: (content) => unlessAborted(file.write(content), signal) });
    await file.commit();
    return done;
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** The same, with stdout where no file is named, or `-`. */
export function withOutputOrStdout<T>(
  path: string | undefined, context: CliContext, work: (output: Output) => Promise<T>,
): Promise<T> {
  const stdout: Output = { write: (text) => unlessAborted(context.terminal.result(String(text)), context.signal) };
  return withOutput(path === '-' ? undefined : path, context, (file) => work(file ?? stdout));
}
