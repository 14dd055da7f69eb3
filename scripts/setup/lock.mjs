/** One set-up at a time: a file that names the process that holds it. */

import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './run.mjs';

/** No process has it: the holder that an empty lock names. */
const NOBODY = 2 ** 30;

/** After so long a lock is taken for left behind, whoever has the process number now. */
const STALE_MS = 30 * 60 * 1000;

/**
 * Runs `work` while no other process holds `file`. What is guarded must be safe without it too (written beside its place
 * and renamed): the lock only saves doing it twice.
 */
export async function withLock(file, work) {
  mkdirSync(path.dirname(file), { recursive: true });
  for (let tries = 1; !take(file); tries++) {
    if (tries === 10) say(`waiting for another set-up (${file})`);
    await sleep(200);
  }
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

function take(file) {
  if (put(file)) return true;
  if (isHeld(file)) return false;
  rmSync(file, { force: true });
  return take(file);
}

/** What a file system says that has no links. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** Writes the lock beside its place and links it there, so that a kill leaves none that is empty. False where one is there. */
function put(file) {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (NO_LINKS.includes(error.code)) return putInPlace(file);
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

function putInPlace(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isHeld(file) {
  try {
    if (Date.now() - statSync(file).mtimeMs > STALE_MS) return false;
    process.kill(Number(readFileSync(file, 'utf8')) || NOBODY, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
