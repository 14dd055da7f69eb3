/** Files that are there whole or not at all. */

import { mkdir, open, realpath, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { openEntrance } from '../special-file.js';
import { besidePath, sweepBeside } from './leftovers.js';
import { systemCode, writing } from './refusals.js';
import { syncFolder } from './sync.js';

export { syncFolder } from './sync.js';
export { fileHash } from '../data/placed-bytes.js';

/** A file that is written piece by piece and appears at its place on `commit`. */
export interface PendingFile {
  write(content: string | Uint8Array): Promise<void>;
  commit(): Promise<void>;
  /** Leaves no trace of it. */
  discard(): Promise<void>;
}

/**
 * Opens a file beside its place. Missing folders above it are made, and go again with a file that is discarded; what killed
 * programs left there is removed. A device or a pipe, which nothing may take the place of, is written to as it is.
 * @param shown its path as errors name it
 * @throws run.not-writable (its functions, too)
 */
export async function openPending(path: string, shown = path): Promise<PendingFile> {
  return writing(shown, async () => {
    const made = await makeFolders(dirname(path));
    const there = await stat(path).catch(() => undefined);
    if (there?.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    if (there?.isFIFO()) return openPipe(path, shown);
    if (there && !there.isFile()) return openDevice(path, shown);
    // Through a link to the file that it stands for, so that the link stays.
    const place = await realpath(path).catch(() => path);
    await sweepBeside(place);
    return openBeside(place, shown, made);
  });
}

/**
 * Makes a folder and those above it, so that they outlast a power cut.
 * @returns the first one that was made, or undefined when all were there
 * @throws the system's error
 */
export async function makeFolders(path: string): Promise<string | undefined> {
  // One by one: Node's recursive way never ends where the system says that a folder is missing which is there (/proc), and
  // gives that as the reason on a read-only file system.
  if (await isFolder(path)) return undefined;
  const above = dirname(path) === path ? undefined : await makeFolders(dirname(path));
  return mkdir(path).then(async () => {
    await syncFolder(dirname(path));
    return above ?? path;
  }, async (error: unknown) => {
    // Somebody else may have made it in between.
    const made = systemCode(error) === 'EEXIST' && (await isFolder(path));
    if (made) return above;
    throw error;
  });
}

/** Removes empty folders from `path` upwards, up to and with `top`. */
export async function removeEmpty(path: string, top: string | undefined): Promise<void> {
  if (top === undefined) return;
  for (let folder = path; folder.length >= top.length; folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch {
      return; // not empty, or gone: either way nothing of ours
    }
  }
}

const isFolder = (path: string): Promise<boolean> => stat(path).then((found) => found.isDirectory(), () => false);

async function openBeside(place: string, shown: string, made: string | undefined): Promise<PendingFile> {
  const temporary = besidePath(place, 'partial');
  const file = await open(temporary, 'w');
  return {
    write: (content) => writing(shown, () => file.writeFile(content)),
    commit: () => writing(shown, async () => {
      await file.sync();
      await file.close();
      await rename(temporary, place);
      await syncFolder(dirname(place));
    }),
    async discard() {
      await file.close().catch(() => {});
      await rm(temporary, { force: true }).catch(() => {});
      await removeEmpty(dirname(place), made);
    },
  };
}

/** A pipe with a name: its reader may come later. */
async function openPipe(path: string, shown: string): Promise<PendingFile> {
  const entrance = await openEntrance(path);
  // A write's own callback tells of a closed pipe; the event that comes with it must not end the program.
  entrance.on('error', () => {});
  const settled = (start: (done: (error?: Error | null) => void) => unknown): Promise<void> =>
    writing(shown, () => new Promise((resolve, reject) => void start((error) => (error ? reject(error) : resolve()))));
  return {
    write: (content) => settled((done) => entrance.write(content, done)),
    commit: () => settled((done) => entrance.end(() => done())),
    discard: () => Promise.resolve(void entrance.destroy()),
  };
}

async function openDevice(path: string, shown: string): Promise<PendingFile> {
  const file = await open(path, 'w');
  return {
    write: (content) => writing(shown, () => file.writeFile(content)),
    commit: () => writing(shown, () => file.close()),
    discard: () => file.close().catch(() => {}),
  };
}

/**
 * Writes a file beside its place, syncs it and renames it: a reader sees the old content or the new, never a part.
 * @throws run.not-writable
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array, shown = path): Promise<void> {
  const file = await openPending(path, shown);
  try {
    await file.write(content);
    await file.commit();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** Where a folder is, or will be: through a link to the one that it stands for, so that the link stays. */
export const placeOf = (cwd: string, path: string): Promise<string> =>
  realpath(resolve(cwd, path)).catch(() => resolve(cwd, path));

/**
 * The same document in fewer bytes: lists of numbers, and objects without other objects in them, on one line each.
 */
export function jsonLines(value: unknown, indent = ''): string {
  const isFlat = (each: unknown): boolean =>
    typeof each !== 'object' || each === null || (Array.isArray(each) && each.every((item) => typeof item !== 'object'));
  const inner = `${indent}  `;
  const text = (each: unknown): string => {
    if (isFlat(each) || (!Array.isArray(each) && Object.values(each as object).every(isFlat))) return JSON.stringify(each);
    return jsonLines(each, inner).trimEnd();
  };
  const lines = Array.isArray(value) ? value.map(text)
    : Object.entries(value as object).filter(([, each]) => each !== undefined).map(([key, each]) => `${JSON.stringify(key)}: ${text(each)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return lines.length === 0 ? `${open}${close}\n` : `${open}\n${lines.map((line) => `${inner}${line}`).join(',\n')}\n${indent}${close}\n`;
}

/** JSON as this program writes it: two spaces, a newline at the end. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
