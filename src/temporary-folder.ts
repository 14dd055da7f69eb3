/** A folder for what is needed for a moment. */

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail } from './errors.js';

/** What the system says of a place that cannot be written to. */
const REASONS: Record<string, string> = {
  ENOENT: 'it does not exist', ENOTDIR: 'it is no folder', EACCES: 'permission denied', EPERM: 'not permitted',
  EROFS: 'the file system is read-only', ENOSPC: 'the disk is full', EDQUOT: 'the disk quota is used up',
};

/** Makes a folder whose name begins so; whoever asks for it removes it. @throws usage.temporary-folder */
export function temporaryFolder(prefix: string): string {
  return writingTemporarily(() => mkdtempSync(join(tmpdir(), prefix)));
}

/** Does some writing there. @throws usage.temporary-folder */
export function writingTemporarily<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const reason = REASONS[(error as NodeJS.ErrnoException).code ?? ''];
    if (reason === undefined) throw error;
    throw fail('usage.temporary-folder', `the folder for temporary files cannot be written to: ${reason}`, {
      where: { file: tmpdir() }, hint: 'Name another one in the variable TMPDIR (TEMP on Windows).',
    });
  }
}
