/** Folders of results: what is at a path now, and putting a finished folder in its place. */

import { readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fail } from '../errors.js';
import { READABLE_FILES } from '../export/formats.js';
import { BEGUN_FILE } from './begun.js';
import { makeFolders, placeOf, syncFolder, writeFileAtomic } from './files.js';
import { reading, systemCode, writing } from './refusals.js';
import { CHECKPOINT_STATE, RUN_FILES, RUN_PARTS } from './layout.js';
import { besidePath, isPartial, settleSwap, sweepBeside } from './leftovers.js';
import { LOCK_FILE } from './lock.js';
import { isOurs, stranger } from './ownership.js';
import { call, option, words, type Piece } from '../voice.js';

/** `run` and `model` are complete; `checkpoint` is an interrupted run; `foreign` is nothing of ours. */
export type FolderKind = 'free' | 'empty' | 'run' | 'checkpoint' | 'model' | 'broken' | 'foreign';

/** One of them is in the folder of an exported model: what `predict` runs, or what `prune` tells about it. */
const MODEL_PARTS = [...READABLE_FILES, 'report.json'];

/**
 * Looks at what is at a path, called `shown` in errors. A replacement there that was cut off is ended first.
 * @throws run.not-readable
 */
export async function folderKind(path: string, shown = path): Promise<FolderKind> {
  return reading(shown, async () => {
    const names = await namesIn(path);
    if (names === undefined && !(await isThere(path))) return (await settleSwap(path)) ? folderKind(path, shown) : 'free';
    if (names === undefined) return 'foreign';
    if (names.length === 0) return 'empty';
    if (names.includes(RUN_FILES.manifest.path)) return 'run';
    if (MODEL_PARTS.some((name) => names.includes(name))) return 'model';
    if (await hasCheckpoint(path)) return 'checkpoint';
    return names.every((name) => RUN_PARTS.has(name)) ? 'broken' : 'foreign';
  });
}

/** What is in a folder besides what bnnc hides there; undefined when it is no folder. */
async function namesIn(path: string): Promise<string[] | undefined> {
  try {
    return (await readdir(path)).filter((name) => name !== LOCK_FILE && name !== BEGUN_FILE && !isPartial(name));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return undefined;
    throw error;
  }
}

/** Whether a run can go on from here: the state is the last part of a checkpoint that is written. */
export const hasCheckpoint = (folder: string): Promise<boolean> => isThere(join(folder, CHECKPOINT_STATE));

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false);
}

/** Puts the folder `built` at `path`; what was there stays until the new one is in place. */
export async function swapInto(path: string, built: string): Promise<void> {
  const old = besidePath(path, 'old');
  const replaced = await isThere(path);
  if (replaced) await rename(path, old);
  try {
    await rename(built, path);
  } catch (error) {
    if (replaced) await rename(old, path);
    throw error;
  }
  // It is in its place; what cannot be removed now, a later command removes.
  await rm(old, { recursive: true, force: true }).catch(() => {});
  await syncFolder(dirname(path));
}

/** Makes a folder and those above it. @returns the first one that was made, or undefined when all were there */
export async function makeFolder(path: string, shown = path): Promise<string | undefined> {
  return writing(shown, () => makeFolders(path));
}

/**
 * Writes a folder of files so that it appears whole or not at all.
 * @param files content by name; names may have folders (`a/b.csv`)
 * @param options.force replace a model folder that is there
 * @throws run.exists, run.not-a-run, run.not-writable
 */
export async function writeModelFolder(
  path: string,
  files: ReadonlyMap<string, string | Uint8Array>,
  options: { cwd: string; force?: boolean | undefined },
): Promise<void> {
  const place = await placeOf(options.cwd, path);
  await checkModelFolder(path, options);
  await writing(path, async () => {
    await makeFolders(dirname(place));
    await sweepBeside(place);
    const built = besidePath(place, 'partial');
    try {
      for (const [name, content] of files) await writeFileAtomic(join(built, name), content, join(path, name));
      if (options.force) await swapInto(place, built);
      else await putInto(place, built, path);
    } catch (error) {
      await rm(built, { recursive: true, force: true }).catch(() => {});
      throw error;
    }
  });
}

/** Puts the folder `built` where nothing is, or an empty folder: what came there meanwhile stays. @throws run.exists */
async function putInto(place: string, built: string, path: string): Promise<void> {
  await rmdir(place).catch(() => {});
  try {
    await rename(built, place);
  } catch (error) {
    throw ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(systemCode(error)) && (await isThere(place)) ? modelExists(path) : error;
  }
  await syncFolder(dirname(place));
}

/** What to do instead of writing there. */
export const ANOTHER_FOLDER = words`choose another folder with ${option('out')}`;

const modelExists = (path: string): Error => fail('run.exists', 'a model exists here already', {
  where: { file: path }, hint: words`Replace it with ${option('force', true)}, or ${ANOTHER_FOLDER}.`,
});

/** Refuses a place where a model folder must not be written: worth asking before the work is done. */
export async function checkModelFolder(
  path: string, { cwd, force = false }: { cwd: string; force?: boolean | undefined },
): Promise<void> {
  const place = resolve(cwd, path);
  const kind = await folderKind(place, path);
  if (kind === 'free' || kind === 'empty') return;
  if (kind !== 'model' || !(await isOurs(place, kind))) throw notOurs(path);
  if (!force) throw modelExists(path);
  await refuseStrangers(place, path, 'model');
}

/** Refuses to replace a folder of ours into which somebody has put a file. @throws run.not-a-run, run.not-readable */
export async function refuseStrangers(place: string, path: string, kind: 'run' | 'model'): Promise<void> {
  const name = await stranger(place, kind);
  if (name !== undefined) throw notOurs(path, name);
}

/** The error for a place that must not be overwritten because it holds something else. */
export function notOurs(path: string, name?: string): Error {
  const message = name === undefined ? `'${basename(path)}' has other files and stays as it is`
    : `'${name}' in it is not from bnnc, so the folder stays as it is`;
  return fail('run.not-a-run', message, {
    where: { file: path }, hint: name === undefined ? words`Choose another folder with ${option('out')}.` : words`Move that file away, or ${ANOTHER_FOLDER}.`,
  });
}

/** The call that goes on with an interrupted run. */
export const resumeCall = (path: string): Piece => call('train', { resume: path });
