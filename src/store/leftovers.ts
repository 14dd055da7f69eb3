/** Names of what is being written beside its place, and clearing away what a killed program left of it. */

import { randomUUID } from 'node:crypto';
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hostMark, isAlive, self } from '../owner.js';
import { syncFolder } from './sync.js';

/** `.NAME.partial-HOST-PID-RANDOM`; the host as four digits of its hash. */
const PATTERN = /^\.(.+)\.(partial|old)-([0-9a-f]{4})-([1-9]\d*)-[0-9a-f]{8}$/;

const DAY = 24 * 3600 * 1000;

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
    const left = join(folder, name);
    if (await isGone({ name: left, host, pid })) await rm(left, { recursive: true, force: true }).catch(() => {});
  }
}

/** Told of a folder whose replacement was finished, or taken back. */
export type Settled = (path: string, now: 'new' | 'old') => void;

let onSettled: Settled = () => {};

/** Who tells people of such folders. */
export const tellSettled = (listener: Settled): void => { onSettled = listener; };

/**
 * Ends what a killed program was about: nothing is at `path`, since it was killed between moving the old folder away and the new
 * one in. The new one, which was whole by then, comes to its place, or, where it is gone, the old one again.
 * @returns whether something is at `path` now
 */
export async function settleSwap(path: string): Promise<boolean> {
  const folder = dirname(path);
  const beside = (await readdir(folder).catch((): string[] => [])).flatMap((name) => {
    const [, of, purpose, host, pid] = PATTERN.exec(name) ?? [];
    return of === basename(path) ? [{ name: join(folder, name), purpose, host, pid }] : [];
  });
  for (const old of beside.filter(({ purpose }) => purpose === 'old')) {
    if (!(await isGone(old))) continue;
    const built = beside.find(({ purpose, host, pid }) => purpose === 'partial' && host === old.host && pid === old.pid);
    const moved = await rename((built ?? old).name, path).then(() => true, () => false);
    if (!moved) return false;
    await syncFolder(folder);
    if (built) await rm(old.name, { recursive: true, force: true }).catch(() => {});
    onSettled(path, built ? 'new' : 'old');
    return true;
  }
  return false;
}

/** The same for all places in a folder. Where the new one is in its place, the old one, which a kill has left, is removed. */
export async function settleSwapsIn(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch((): string[] => [])) {
    const [, of, purpose, host, pid] = PATTERN.exec(name) ?? [];
    if (purpose !== 'old') continue;
    const [path, old] = [join(folder, of), join(folder, name)];
    const taken = (await lstat(path).catch(() => undefined)) !== undefined;
    if (!taken) await settleSwap(path);
    else if (await isGone({ name: old, host, pid })) await rm(old, { recursive: true, force: true }).catch(() => {});
  }
}

const isGone = async ({ name, host, pid }: { name: string; host: string; pid: string }): Promise<boolean> =>
  (host === hostMark() ? isAlive({ ...self(), pid: Number(pid) }) === false : isOld(name));

async function isOld(path: string): Promise<boolean> {
  return lstat(path).then(({ mtimeMs }) => Date.now() - mtimeMs > DAY, () => false);
}
