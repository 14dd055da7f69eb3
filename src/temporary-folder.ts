/** A folder for what is needed for a moment. */

import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail } from './errors.js';
import { hostMark, isAlive, isOurs, self } from './owner.js';

/** What the system says of a place that cannot be written to. */
const REASONS: Record<string, string> = {
  ENOENT: 'it does not exist', ENOTDIR: 'it is no folder', EACCES: 'permission denied', EPERM: 'not permitted',
  EROFS: 'the file system is read-only', ENOSPC: 'the disk is full', EDQUOT: 'the disk quota is used up',
};

/** Makes a folder whose name begins so; whoever asks for it removes it. @throws usage.temporary-folder */
export function temporaryFolder(prefix: string): string {
  return writingTemporarily(() => mkdtempSync(join(tmpdir(), prefix)));
}

/** One whose name, `PREFIXHOST-PID-RANDOM`, tells {@link sweepTemporary} whose it is. @throws usage.temporary-folder */
export const ownedFolder = (prefix: string): string => temporaryFolder(`${prefix}${hostMark()}-${self().pid}-`);

/** Removes folders of this user that {@link ownedFolder} made for processes of this host that are gone. Never fails. */
export function sweepTemporary(prefix: string): void {
  for (const name of quietly(() => readdirSync(tmpdir())) ?? []) {
    if (!name.startsWith(prefix)) continue;
    const [, host, pid] = /^([0-9a-f]{4})-([1-9]\d*)-\w+$/.exec(name.slice(prefix.length)) ?? [];
    if (host !== hostMark() || isAlive({ ...self(), pid: Number(pid) }) !== false) continue;
    quietly(() => {
      const path = join(tmpdir(), name);
      const found = lstatSync(path);
      // The place is open to all users, and what belongs to another one may change while it is removed.
      if (found.isDirectory() && isOurs(found.uid)) rmSync(path, { recursive: true, force: true });
    });
  }
}

function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
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
