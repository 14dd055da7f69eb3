/** What the system says when a file cannot be read or written. */

import { BnncError, fail } from '../errors.js';
import { option, words } from '../voice.js';

const REASONS: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder',
  ENOTREG: 'it is a pipe or a device, not a file',
  ERR_FS_FILE_TOO_LARGE: 'the file is too large',
  EIO: 'the disk does not answer',
  ELOOP: 'links of the path form a circle',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'a folder of the path no longer exists',
};

/** Does some writing at `path` and turns what the system refuses into `run.not-writable`. */
export async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  return refusals(work, (reason, full) => fail('run.not-writable', `cannot write: ${reason}`, {
    where: { file: path }, hint: words`${full ? 'Free space, or choose' : 'Choose'} another place with ${option('out')}.`,
  }));
}

/** Does some reading at `path` and turns what the system refuses into `run.not-readable`. */
export async function reading<T>(path: string, work: () => Promise<T>): Promise<T> {
  return refusals(work, (reason) => fail('run.not-readable', `cannot read: ${reason}`, {
    where: { file: path }, hint: 'Check the path and its permissions.',
  }));
}

async function refusals<T>(work: () => Promise<T>, refused: (reason: string, full: boolean) => Error): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = systemCode(error);
    if (error instanceof BnncError || REASONS[code] === undefined) throw error;
    throw Object.assign(refused(REASONS[code], code === 'ENOSPC' || code === 'EDQUOT'), { cause: error });
  }
}

/** The code of a system error (`ENOENT`), or an empty string. */
export function systemCode(error: unknown): string {
  return String((error as NodeJS.ErrnoException | undefined)?.code ?? '');
}
