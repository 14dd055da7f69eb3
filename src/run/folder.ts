/** Folders of results: what is at a path now, and putting a finished folder in its place. */

import { mkdir, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fail } from '../errors.js';
import { besidePath, syncFolder, systemCode, writeFileAtomic, writing } from './files.js';

/** `run` and `model` are complete; `checkpoint` is an interrupted run; `foreign` is nothing of ours. */
export type FolderKind = 'free' | 'empty' | 'run' | 'checkpoint' | 'model' | 'broken' | 'foreign';

/** Everything that training writes into a run folder before the manifest. */
const RUN_PARTS = ['config.yaml', 'encoder.json', 'posterior.safetensors', 'dense.safetensors', 'inclusion', 'metrics.json',
  'history.csv', 'splits.csv', 'checkpoint'];

/** Either is in the folder of an exported model: the one that `predict` runs, or what `prune` tells about it. */
const MODEL_PARTS = ['model.json', 'report.json'];

/** Looks at what is at a path. */
export async function folderKind(path: string): Promise<FolderKind> {
  try {
    const names = await readdir(path);
    if (names.length === 0) return 'empty';
    if (names.includes('manifest.json')) return 'run';
    if (MODEL_PARTS.some((name) => names.includes(name))) return 'model';
    if (names.includes('checkpoint') && (await hasFiles(join(path, 'checkpoint')))) return 'checkpoint';
    return names.every((name) => RUN_PARTS.includes(name) || /^\..*\.partial-[0-9a-f]{8}$/.test(name)) ? 'broken' : 'foreign';
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 'free';
    if (systemCode(error) === 'ENOTDIR') return (await isThere(path)) ? 'foreign' : 'free';
    throw error;
  }
}

/** Whether `--force` may replace the folder: other programs, too, write a manifest.json or a model.json. */
export async function isOurs(path: string, kind: FolderKind): Promise<boolean> {
  if (kind === 'broken' || kind === 'checkpoint') return true;
  if (kind !== 'run' && kind !== 'model') return false;
  for (const name of kind === 'run' ? ['manifest.json'] : MODEL_PARTS) {
    const text = await readFile(join(path, name), 'utf8').catch(() => 'null');
    if (/"bnnc":\s*"/.test(text)) return true;
  }
  return false;
}

async function hasFiles(folder: string): Promise<boolean> {
  return (await readdir(folder)).some((name) => !name.startsWith('.'));
}

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
  await rm(old, { recursive: true, force: true });
  await syncFolder(dirname(path));
}

/** Makes a folder and those above it. @returns the first one that was made, or undefined when all were there */
export async function makeFolder(path: string): Promise<string | undefined> {
  return writing(path, () => mkdir(path, { recursive: true }));
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

/**
 * Writes a folder of files so that it appears whole or not at all.
 * @param files content by name; names may have folders (`a/b.csv`)
 * @param options.force replace a model folder that is there
 * @throws run.exists, run.not-a-run, run.not-writable
 */
export async function writeModelFolder(
  path: string,
  files: ReadonlyMap<string, string | Uint8Array>,
  options: { cwd: string; force?: boolean },
): Promise<void> {
  const place = resolve(options.cwd, path);
  await checkModelFolder(path, options);
  await writing(path, async () => {
    await mkdir(dirname(place), { recursive: true });
    const built = besidePath(place, 'partial');
    try {
      for (const [name, content] of files) await writeFileAtomic(join(built, name), content);
      await swapInto(place, built);
    } catch (error) {
      await rm(built, { recursive: true, force: true });
      throw error;
    }
  });
}

/** Refuses a place where a model folder must not be written: worth asking before the work is done. */
export async function checkModelFolder(path: string, { cwd, force = false }: { cwd: string; force?: boolean }): Promise<void> {
  const kind = await folderKind(resolve(cwd, path));
  if (kind === 'free' || kind === 'empty') return;
  const ours = kind === 'model' && (await isOurs(resolve(cwd, path), kind));
  if (ours && force) return;
  if (ours) {
    throw fail('run.exists', `a model is there already`, {
      where: { file: path }, hint: 'Replace it with --force, or choose another folder with --out.',
    });
  }
  throw notOurs(path);
}

/** The error for a place that must not be overwritten because it holds something else. */
export function notOurs(path: string): Error {
  return fail('run.not-a-run', `'${basename(path)}' holds other things and is left alone`, {
    where: { file: path }, hint: 'Choose another folder with --out.',
  });
}

/** The command that goes on with an interrupted run. */
export function resumeCommand(path: string): string {
  return `bnnc train --resume ${/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`}`;
}
