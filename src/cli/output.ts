/** Where a result goes: to stdout, or to a file that appears when all of it is written. */

import { resolve } from 'node:path';
import { openPending, type PendingFile } from '../store/files.js';
import type { CliContext } from './context.js';

export type Output = Pick<PendingFile, 'write' | 'commit' | 'discard'>;

/** @throws run.not-writable */
export async function openOutput(path: string | undefined, { cwd, terminal }: CliContext): Promise<Output> {
  if (path !== undefined && path !== '-') return openPending(resolve(cwd, path), path);
  return { write: (text) => terminal.result(String(text)), commit: async () => {}, discard: async () => {} };
}
