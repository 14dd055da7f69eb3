/** One program at a time makes a run in a folder: a file in it names the process. */

import { randomUUID } from 'node:crypto';
import { link, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPlainFile } from '../special-file.js';
import { fail } from '../errors.js';
import { json } from './files.js';
import { besidePath, sweepBeside } from './leftovers.js';
import { systemCode, writing } from './refusals.js';
import { isAlive, self, type Owner } from '../owner.js';
import { programVersion } from '../version.js';
import { option, words } from '../voice.js';

export const LOCK_FILE = '.bnnc.lock';

/** Of the locks that this process holds; another one with its number is left from an earlier life of the host. */
const held = new Set<string>();

interface LockText extends Owner {
  bnnc: string;
  token: string;
}

/**
 * Takes the lock of a folder; that of a process that is gone does not count.
 * @param path the folder as errors name it
 * @returns gives the lock back
 * @throws run.busy, run.not-writable
 */
export async function lockFolder(folder: string, path: string): Promise<() => Promise<void>> {
  const file = join(folder, LOCK_FILE);
  const text: LockText = { bnnc: programVersion(), ...self(), token: randomUUID() };
  if (!(await writing(path, () => createNew(file, json(text))))) {
    const other = await readLock(folder);
    if (!isStale(other)) throw busy(path, other);
    await writing(path, () => rm(file, { force: true }));
    if (!(await writing(path, () => createNew(file, json(text))))) throw busy(path, await readLock(folder));
  }
  held.add(text.token);
  return async () => {
    held.delete(text.token);
    if ((await readLock(folder))?.token === text.token) await rm(file, { force: true }).catch(() => {});
  };
}

/** What the lock file of a folder says, if there is one and bnnc wrote it. */
export async function readLock(folder: string): Promise<LockText | undefined> {
  try {
    const value = JSON.parse(await readPlainFile(join(folder, LOCK_FILE), 'utf8')) as Partial<LockText> | null;
    const whole = typeof value?.bnnc === 'string' && typeof value.host === 'string' && Number.isInteger(value.pid) && value.pid! > 0;
    return whole ? (value as LockText) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a program that lives holds the lock; one on another host is taken to live. */
export const isHeld = (lock: LockText | undefined): boolean => lock !== undefined && !isStale(lock);

function isStale(lock: LockText | undefined): boolean {
  if (lock === undefined) return false; // just being written, or not ours
  const own = lock.pid === self().pid && lock.host === self().host;
  return own ? !held.has(lock.token) : isAlive(lock) === false;
}

/** A lock that is there is whole: a program that is killed while it writes one leaves none. */
async function createNew(file: string, text: string): Promise<boolean> {
  await sweepBeside(file);
  const temporary = besidePath(file, 'partial');
  try {
    await writeFile(temporary, text);
    await link(temporary, file);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    if (NO_LINKS.includes(systemCode(error))) return createInPlace(file, text);
    throw error;
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

/** What a file system says that has no links. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

async function createInPlace(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    await rm(file, { force: true }).catch(() => {});
    throw error;
  }
}

function busy(path: string, other: LockText | undefined): Error {
  const who = other === undefined ? '' : ` (process ${other.pid}${other.host === self().host ? '' : ` on ${other.host}`})`;
  return fail('run.busy', `another process is making a run here${who}`, {
    where: { file: path },
    hint: words`Wait for it, or choose another folder with ${option('out')}. If no such program is left, delete ${LOCK_FILE} in the folder.`,
  });
}
