/** What `--force` may replace: folders that bnnc wrote and in which nobody has put anything else. */

import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readPlainFile } from '../special-file.js';
import { EXPORT_FILES } from '../export/formats.js';
import { SUMS_FILE } from '../export/sums.js';
import { BEGUN_FILE, isBegun } from './begun.js';
import { reading } from './refusals.js';
import { CHECKPOINT_STATE, isRunFile, PRUNED, REPORT_FILES, RUN_FILES } from './layout.js';
import { isPartial } from './leftovers.js';
import { LOCK_FILE, readLock } from './lock.js';

/** Files of an exported model. */
const MODEL_FILES = new Set<string>([
  'encoder.json', 'model-card.md', 'model-card.json', 'report.json', SUMS_FILE, ...Object.values(EXPORT_FILES).flat(),
]);

/** What systems put into folders by themselves. */
const LITTER = new Set([LOCK_FILE, BEGUN_FILE, '.DS_Store', 'Thumbs.db']);

/** Whether bnnc wrote the folder: other programs, too, write a manifest.json, a model.json or a checkpoint. */
export async function isOurs(path: string, kind: 'run' | 'model' | 'checkpoint' | 'broken'): Promise<boolean> {
  if ((await readLock(path)) !== undefined) return true;
  if (kind === 'broken') return isBegun(path);
  if (kind === 'checkpoint') {
    const state = await parsed(join(path, CHECKPOINT_STATE));
    return Number.isInteger(state?.schemaVersion) && Array.isArray(state?.fits);
  }
  for (const name of kind === 'run' ? [RUN_FILES.manifest.path] : ['model.json', 'report.json']) {
    const text = await readPlainFile(join(path, name), 'utf8').catch(() => '');
    if (/"bnnc":\s*"/.test(text)) return true;
  }
  return false;
}

/** Parts lie at most so many folders below theirs. */
const DEPTH = 3;

/**
 * What a file belongs to, as a part that bnnc reads or made with others: a run or a model. Undefined of any other file; a
 * run's report is made anew at will, and no part.
 */
export async function owningFolder(file: string): Promise<'run' | 'model' | undefined> {
  let [folder, name] = [dirname(file), basename(file)];
  for (let depth = 0; depth < DEPTH; depth++) {
    if (isRunFile(name) && !REPORT_FILES.includes(name)) {
      for (const kind of ['run', 'checkpoint'] as const) if (await isOurs(folder, kind)) return 'run';
    }
    if (MODEL_FILES.has(name) && (await isOurs(folder, 'model'))) return 'model';
    name = `${basename(folder)}/${name}`;
    folder = dirname(folder);
  }
  return undefined;
}

/** A file in a folder of ours that bnnc did not write, or undefined. */
export async function stranger(path: string, kind: 'run' | 'model'): Promise<string | undefined> {
  const known = (name: string): boolean => (kind === 'run' ? isRunFile(name) : MODEL_FILES.has(name));
  const pruned = kind === 'run' && (await isOurs(join(path, PRUNED), 'model'));
  return (await reading(path, () => allFiles(path))).find((name) => {
    if (known(name) || LITTER.has(basename(name)) || isPartial(basename(name))) return false;
    return !(pruned && name.startsWith(PRUNED) && MODEL_FILES.has(name.slice(PRUNED.length)));
  });
}

/** Paths of all files below a folder, with `/`, sorted. Those in a folder being written are its own matter. */
async function allFiles(folder: string, below = ''): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const name = below ? `${below}/${entry.name}` : entry.name;
    if (entry.isDirectory() && !isPartial(entry.name)) names.push(...(await allFiles(folder, name)));
    else names.push(name);
  }
  return names.sort();
}

async function parsed(file: string): Promise<Record<string, unknown> | undefined> {
  try {
    return (JSON.parse(await readPlainFile(file, 'utf8')) ?? undefined) as Record<string, unknown> | undefined;
  } catch {
    return undefined;
  }
}
