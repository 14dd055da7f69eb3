/** Opening complete runs. */

import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fail } from '../errors.js';
import { systemCode } from './files.js';
import { folderKind, resumeCommand, type FolderKind } from './folder.js';
import { parseManifest, type Manifest } from './manifest.js';

/** A complete run that was opened. */
export interface RunFolder {
  /** As the person knows it. */
  readonly path: string;
  readonly manifest: Manifest;
  /** @throws run.damaged when the file is not there */
  read(name: string): Promise<Buffer>;
  readText(name: string): Promise<string>;
}

/**
 * Opens a complete run: its manifest is of this version and every file it lists is there in its size.
 * @throws run.missing, run.not-a-run, run.incomplete, run.version, run.damaged
 */
export async function openRun(path: string, cwd: string): Promise<RunFolder> {
  const place = resolve(cwd, path);
  const kind = await folderKind(place);
  if (kind !== 'run') throw notARun(path, kind);
  const manifest = parseManifest((await readPart(place, path, 'manifest.json')).toString(), join(path, 'manifest.json'));
  for (const [name, { bytes }] of Object.entries(manifest.files)) {
    const size = await stat(join(place, name)).then((found) => found.size, () => undefined);
    if (size === bytes) continue;
    throw fail('run.damaged', size === undefined ? 'the file is missing' : `the file has ${size} bytes instead of ${bytes}`, {
      where: { file: join(path, name) }, hint: 'Train the run again.',
    });
  }
  return {
    path,
    manifest,
    read: (name) => readPart(place, path, name),
    readText: async (name) => (await readPart(place, path, name)).toString(),
  };
}

function notARun(path: string, kind: FolderKind): Error {
  const where = { file: path };
  if (kind === 'free') return fail('run.missing', 'no such run', { where });
  if (kind === 'checkpoint') {
    return fail('run.incomplete', 'this run was interrupted before it was complete', {
      where, hint: `Go on with it: ${resumeCommand(path)}`,
    });
  }
  if (kind === 'broken') {
    return fail('run.incomplete', 'this run is incomplete and has no checkpoint', {
      where, hint: 'Train it again with --force.',
    });
  }
  return fail('run.not-a-run', kind === 'model' ? 'this is an exported model, not a run' : 'not the folder of a run', {
    where, hint: kind === 'model' ? 'Give the run that it came from.' : undefined,
  });
}

/** Reads a file of a run; `path` is the run as the person knows it. @throws run.damaged */
export async function readPart(place: string, path: string, name: string): Promise<Buffer> {
  try {
    return await readFile(join(place, name));
  } catch (error) {
    throw fail('run.damaged', `cannot be read (${systemCode(error) || String(error)})`, {
      where: { file: join(path, name) }, hint: 'Train the run again.',
    });
  }
}

/**
 * The newest complete run below a folder, by the time its manifest says it was finished; runs that are incomplete or
 * of another version do not count.
 * @throws run.none
 */
export async function newestRun(root: string, cwd: string): Promise<RunFolder> {
  const names = await readdir(resolve(cwd, root)).catch(() => []);
  let newest: { path: string; finished: number } | undefined;
  for (const name of names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))) {
    const path = join(root, name);
    const finished = await readFile(resolve(cwd, path, 'manifest.json'), 'utf8')
      .then((text) => Date.parse(parseManifest(text, basename(path)).finished), () => NaN).catch(() => NaN);
    if (finished >= (newest?.finished ?? -Infinity)) newest = { path, finished };
  }
  if (newest === undefined) {
    throw fail('run.none', `there is no complete run in ${root}/`, {
      hint: 'Name the folder of a run, or make one with bnnc train.',
    });
  }
  return openRun(newest.path, cwd);
}
