/** Names of what is being written beside its place, and clearing away what a killed program left of it. */

import { createHash, randomUUID } from 'node:crypto';
import { lstat, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isAlive, self } from './owner.js';

/** `.NAME.partial-HOST-PID-RANDOM`; the host as four digits of its hash. */
const PATTERN = /^\.(.+)\.(partial|old)-([0-9a-f]{4})-([1-9]\d*)-[0-9a-f]{8}$/;

const DAY = 24 * 3600 * 1000;

const hostMark = (): string => createHash('sha256').update(self().host).digest('hex').slice(0, 4);

/** A name beside `path` that nobody else uses: hidden, on the same file system, telling what it is and whose. */
export function besidePath(path: string, purpose: 'partial' | 'old'): string {
  const name = `.${basename(path)}.${purpose}-${hostMark()}-${self().pid}-${randomUUID().slice(0, 8)}`;
  return join(dirname(path), name);
}

/** Whether a file of this name is something that was being written. */
export const isPartial = (name: string): boolean => PATTERN.exec(name)?.[2] === 'partial';

/**
 * Removes what programs that are gone left beside `path`: their process is dead, or, on another host, it is older than a
 * day. A replaced folder stays as long as nothing is at `path`, for it is then the only copy. Never fails.
 */
export async function sweepBeside(path: string): Promise<void> {
  const folder = dirname(path);
  for (const name of await readdir(folder).catch(() => [])) {
    const [, of, purpose, host, pid] = PATTERN.exec(name) ?? [];
    if (of !== basename(path)) continue;
    if (purpose === 'old' && (await lstat(path).catch(() => undefined)) === undefined) continue;
    const gone = host === hostMark() ? isAlive({ ...self(), pid: Number(pid) }) === false : await isOld(join(folder, name));
    if (gone) await rm(join(folder, name), { recursive: true, force: true }).catch(() => {});
  }
}

async function isOld(path: string): Promise<boolean> {
  return lstat(path).then(({ mtimeMs }) => Date.now() - mtimeMs > DAY, () => false);
}
