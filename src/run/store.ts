/**
 * Run folders. A run is built where it will stay, so that its checkpoint survives whatever happens; manifest.json comes
 * last and says that it is complete. Only when an old run is to be replaced is the new one built beside it and swapped in.
 */

import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fail } from '../errors.js';
import { besidePath, json, syncFolder, systemCode, writeFileAtomic, writing } from './files.js';
import { folderKind, isOurs, makeFolder, notOurs, removeEmpty, resumeCommand, swapInto } from './folder.js';
import { makeManifest, type Manifest, type RunFacts } from './manifest.js';
import { readPart } from './open.js';

export { json, writeFileAtomic } from './files.js';
export { resumeCommand, writeModelFolder } from './folder.js';
export { newestRun, openRun, type RunFolder } from './open.js';

export interface NewRun {
  cwd: string;
  /** Folder as typed. Absent: `runs/<name>-<n>`, n the next free number. */
  path?: string;
  name?: string;
  /** Replace a run that is there. */
  force?: boolean;
}

/** A run that is being made. Ends with `commit` or `release`. */
export interface RunWriter {
  /** The run's folder as the person knows it. */
  readonly path: string;
  /** Writes a file atomically; `name` may have folders (`inclusion/inputs.csv`). */
  write(name: string, content: string | Uint8Array): Promise<void>;
  /** Reads back a file of this run (the checkpoint, when resuming). @throws run.damaged when it is not there */
  read(name: string): Promise<Buffer>;
  /** Drops the checkpoint and writes the manifest: the run is complete. */
  commit(facts: RunFacts): Promise<Manifest>;
  /**
   * Ends without a manifest. A checkpoint is kept, in place of an old run only when `interrupted`; without a checkpoint
   * nothing stays behind. @returns whether there is a checkpoint at `path` to resume from
   */
  release(interrupted: boolean): Promise<boolean>;
}

/**
 * Starts a run.
 * @throws run.exists, run.not-a-run, run.not-writable
 */
export async function createRun({ cwd, path, name = 'run', force = false }: NewRun): Promise<RunWriter> {
  if (path === undefined) {
    const made = await makeFolder(resolve(cwd, 'runs'));
    const free = await nextFree(cwd, name);
    return writer(free, resolve(cwd, free), resolve(cwd, free), made ?? resolve(cwd, free));
  }
  const place = resolve(cwd, path);
  const kind = await folderKind(place);
  if (kind === 'free') return writer(path, place, place, await makeFolder(place));
  if (kind === 'empty') return writer(path, place, place, undefined);
  if (kind === 'foreign' || kind === 'model') throw notOurs(path);
  if (!force) {
    throw fail('run.exists', kind === 'run' ? 'a run is there already' : 'an interrupted run is there', {
      where: { file: path },
      hint: `${kind === 'checkpoint' ? `Go on with it: ${resumeCommand(path)}. Or replace` : 'Replace'} it with --force, ` +
        'or choose another folder with --out.',
    });
  }
  if (!(await isOurs(place, kind))) throw notOurs(path);
  const built = besidePath(place, 'partial');
  await makeFolder(built);
  return writer(path, place, built, built);
}

/**
 * Takes up an interrupted run again.
 * @throws run.missing, run.complete, run.no-checkpoint, run.not-a-run
 */
export async function resumeRun(path: string, cwd: string): Promise<RunWriter> {
  const place = resolve(cwd, path);
  const kind = await folderKind(place);
  const where = { file: path };
  if (kind === 'free') throw fail('run.missing', 'no such run', { where });
  if (kind === 'run') throw fail('run.complete', 'this run is complete; nothing is left to resume', { where });
  if (kind === 'foreign' || kind === 'model') throw fail('run.not-a-run', 'not the folder of a run', { where });
  if (kind !== 'checkpoint') {
    throw fail('run.no-checkpoint', 'no checkpoint was saved in this run', { where, hint: 'Train it anew with --force.' });
  }
  return writer(path, place, place, undefined);
}

/** Reserves `runs/<name>-<n>`: making the folder is what takes the number, so two programs never share one. */
async function nextFree(cwd: string, name: string): Promise<string> {
  const stem = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '') || 'run';
  const taken = (await readdir(resolve(cwd, 'runs')))
    .filter((entry) => entry.startsWith(`${stem}-`)).map((entry) => entry.slice(stem.length + 1))
    .filter((number) => /^\d+$/.test(number)).map(Number);
  for (let number = Math.max(0, ...taken) + 1; ; number++) {
    const path = `runs/${stem}-${number}`;
    if (await writing(path, () => makeNew(resolve(cwd, path)))) return path;
  }
}

/** Makes a folder; false when there is something of this name already. */
async function makeNew(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * @param place where the run will be
 * @param built where it is being built: `place`, or a folder beside it when an old run is replaced
 * @param made topmost folder that was made for it, removed again when nothing comes of the run
 */
function writer(path: string, place: string, built: string, made: string | undefined): RunWriter {
  return {
    path,
    write: (name, content) => writeFileAtomic(join(built, name), content),
    read: (name) => readPart(built, path, name),
    async commit(facts) {
      await rm(join(built, 'checkpoint'), { recursive: true, force: true });
      const manifest = await makeManifest(built, facts);
      await writeFileAtomic(join(built, 'manifest.json'), json(manifest));
      if (built !== place) await swapInto(place, built);
      return manifest;
    },
    async release(interrupted) {
      const kept = (await folderKind(built)) === 'checkpoint' && (interrupted || built === place);
      if (kept && built !== place) await swapInto(place, built);
      if (kept) return true;
      for (const entry of await readdir(built)) await rm(join(built, entry), { recursive: true, force: true });
      await removeEmpty(built, made);
      await syncFolder(dirname(made ?? built)).catch(() => {});
      return false;
    },
  };
}
