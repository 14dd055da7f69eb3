/** Opening complete runs. */

import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { readPlainFile } from '../special-file.js';
import type { Table } from '../data/index.js';
import { fail } from '../errors.js';
import { reading, systemCode } from './refusals.js';
import { folderKind, resumeCall, type FolderKind } from './folder.js';
import { RUN_FILES } from './layout.js';
import { settleSwapsIn } from './leftovers.js';
import { isHeld, readLock } from './lock.js';
import { parseManifest, type Manifest } from './manifest.js';
import { call, option, words } from '../voice.js';

/** A complete run that was opened, or made in memory. */
export interface RunFolder {
  /** As the person knows it. */
  readonly path: string;
  readonly manifest: Manifest;
  /** The table that it was trained on, where that lies in memory; else its rows are read from the data file again. */
  readonly table?: Table | undefined;
  /** @throws run.damaged when the file is not there */
  read(name: string): Promise<Buffer>;
  readText(name: string): Promise<string>;
}

/**
 * Opens a complete run: its manifest is of this version and every file it lists is there in its size.
 * @throws run.missing, run.not-a-run, run.busy, run.incomplete, run.not-readable, run.version, run.damaged
 */
export async function openRun(path: string, cwd: string): Promise<RunFolder> {
  const place = resolve(cwd, path);
  const kind = await folderKind(place, path);
  if (kind !== 'run' && isHeld(await readLock(place))) {
    throw fail('run.busy', 'this run is not finished yet', { where: { file: path }, hint: 'Wait for it.' });
  }
  if (kind !== 'run') throw notARun(path, kind);
  const name = RUN_FILES.manifest.path;
  const manifest = parseManifest((await readPart(place, path, name)).toString(), join(path, name));
  for (const [name, { bytes }] of Object.entries(manifest.files)) {
    const size = await sizeOf(join(place, name), join(path, name));
    if (size === bytes) continue;
    throw fail('run.damaged', size === undefined ? 'the file is missing' : `the file has ${size} bytes instead of ${bytes}`, {
      where: { file: join(path, name) }, hint: 'Train the run again.',
    });
  }
  return runFolder(place, path, manifest);
}

/** The complete run at `place`, which the person knows as `path`. */
export const runFolder = (place: string, path: string, manifest: Manifest): RunFolder => ({
  path,
  manifest,
  read: (name) => readPart(place, path, name),
  readText: async (name) => (await readPart(place, path, name)).toString(),
});

async function sizeOf(file: string, shown: string): Promise<number | undefined> {
  return reading(shown, () => stat(file).then((found) => found.size, (error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return undefined;
    throw error;
  }));
}

function notARun(path: string, kind: FolderKind): Error {
  const where = { file: path };
  if (kind === 'free') return fail('run.missing', 'no such run', { where, hint: 'Check the path.' });
  if (kind === 'checkpoint') {
    return fail('run.incomplete', 'this run was interrupted before it was complete', {
      where, hint: words`Continue it: ${resumeCall(path)}`,
    });
  }
  if (kind === 'broken') {
    return fail('run.incomplete', 'this run is incomplete and has no checkpoint', {
      where, hint: words`Train it again with ${option('force', true)}.`,
    });
  }
  return fail('run.not-a-run', kind === 'model' ? 'this is an exported model, not a run' : 'not the folder of a run', {
    where, hint: kind === 'model' ? 'Give the run that it came from.' : undefined,
  });
}

/** Reads a file of a run; `path` is the run as the person knows it. @throws run.damaged, run.not-readable */
export async function readPart(place: string, path: string, name: string): Promise<Buffer> {
  const file = join(path, name);
  return reading(file, async () => {
    try {
      await refuseOutside(place, name, file);
      return await readPlainFile(join(place, name));
    } catch (error) {
      const what = { ENOENT: 'the file is missing', EISDIR: 'it is a folder' }[systemCode(error)];
      if (what === undefined) throw error;
      throw fail('run.damaged', what, { where: { file }, hint: 'Train the run again.' });
    }
  });
}

/** Refuses a link that leads out of the run: what is there is no part of it. @throws run.damaged */
async function refuseOutside(place: string, name: string, file: string): Promise<void> {
  const [folder, target] = await Promise.all([realpath(place), realpath(join(place, name))]);
  if (target.startsWith(`${folder}${sep}`)) return;
  throw fail('run.damaged', "this link leads out of the run's folder", { where: { file }, hint: 'Put the file itself in its place.' });
}

/**
 * The newest complete run below a folder, by the time its manifest says it was finished; runs that are incomplete or
 * of another version do not count.
 * @throws run.none, run.not-readable
 */
export async function newestRun(root: string, cwd: string): Promise<RunFolder> {
  await settleSwapsIn(resolve(cwd, root));
  const names = await reading(root, () => readdir(resolve(cwd, root)).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return [];
    throw error;
  }));
  let newest: { path: string; finished: number } | undefined;
  for (const name of names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))) {
    const path = join(root, name);
    const finished = await readPlainFile(resolve(cwd, path, RUN_FILES.manifest.path), 'utf8')
      .then((text) => Date.parse(parseManifest(text, basename(path)).finished), () => NaN).catch(() => NaN);
    if (finished >= (newest?.finished ?? -Infinity)) newest = { path, finished };
  }
  if (newest === undefined) {
    throw fail('run.none', `there is no complete run in ${root}/`, {
      hint: words`Name the folder of a run, or make one with ${call('train')}.`,
    });
  }
  return openRun(newest.path, cwd);
}
