/** Which folders below another one are runs, and in what state. */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BnncError } from '../errors.js';
import { folderKind } from './folder.js';
import { settleSwapsIn } from './leftovers.js';
import { isHeld, readLock } from './lock.js';
import { openRun, type RunFolder } from './open.js';
import { reading, systemCode } from './refusals.js';

/** `interrupted`: it has a checkpoint; `incomplete`: it has none. */
export type RunState = 'complete' | 'running' | 'interrupted' | 'incomplete' | 'damaged';

export interface FoundRun {
  /** As the person knows it. */
  path: string;
  state: RunState;
  run?: RunFolder;
}

/** Complete ones by the time they were finished, then the others by name. @throws run.not-readable */
export async function listFolder(root: string, cwd: string): Promise<FoundRun[]> {
  await settleSwapsIn(resolve(cwd, root));
  const entries = await reading(root, () => readdir(resolve(cwd, root), { withFileTypes: true }).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return [];
    throw error;
  }));
  const names = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map(({ name }) => name)
    .filter((name) => !name.startsWith('.')).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const found = (await Promise.all(names.map((name) => stateOf(join(root, name), cwd)))).flat();
  const finished = ({ run }: FoundRun): number => (run ? Date.parse(run.manifest.finished) : Infinity);
  return found.sort((a, b) => (finished(a) === finished(b) ? 0 : finished(a) - finished(b)));
}

async function stateOf(path: string, cwd: string): Promise<FoundRun[]> {
  const place = resolve(cwd, path);
  const kind = await folderKind(place, path);
  if (kind === 'run') {
    try {
      return [{ path, state: 'complete', run: await openRun(path, cwd) }];
    } catch (error) {
      if (error instanceof BnncError) return [{ path, state: 'damaged' }];
      throw error;
    }
  }
  if (isHeld(await readLock(place))) return [{ path, state: 'running' }];
  if (kind === 'checkpoint') return [{ path, state: 'interrupted' }];
  return kind === 'broken' ? [{ path, state: 'incomplete' }] : [];
}
