/**
 * Run folders. A run is built where it will stay, so that its checkpoint survives whatever happens; manifest.json comes
 * last and says that it is complete. Only when an old run is to be replaced is the new one built beside it and swapped in.
 */

import { mkdir, readdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fail } from '../errors.js';
import { placeOf, removeEmpty } from './files.js';
import { reading, systemCode, writing } from './refusals.js';
import { folderKind, makeFolder, notOurs, refuseStrangers, ANOTHER_FOLDER, resumeCall, type FolderKind } from './folder.js';
import { besidePath, sweepBeside } from './leftovers.js';
import { lockFolder } from './lock.js';
import { isOurs } from './ownership.js';
import { runWriter, type RunWriter } from './run-writer.js';
import { syncFolder } from './sync.js';
import { option, words } from '../voice.js';

export interface NewRun {
  cwd: string;
  /** Folder as typed. Absent: `runs/<name>-<n>`, n the next free number. */
  path?: string | undefined;
  name?: string;
  /** Replace a run that is there. */
  force?: boolean | undefined;
}

/**
 * Starts a run. Until it ends no other one can be started in its folder.
 * @throws run.exists, run.busy, run.not-a-run, run.not-writable, run.not-readable
 */
export async function createRun({ cwd, path, name = 'run', force = false }: NewRun): Promise<RunWriter> {
  if (path === undefined) return numberedRun(cwd, name);
  const place = await placeOf(cwd, path);
  await refuseForeign(place, path);
  const made = await makeFolder(place, path);
  return locked(place, path, made, async (unlock) => {
    const kind = await folderKind(place, path);
    if (kind === 'empty') return runWriter({ path, place, built: place, made, unlock });
    if (!force) throw exists(path, kind);
    await refuseStrangers(place, path, 'run');
    await sweepBeside(place);
    const built = besidePath(place, 'partial');
    await makeFolder(built, path);
    return runWriter({ path, place, built, made: built, unlock });
  });
}

/**
 * Takes up an interrupted run again.
 * @throws run.missing, run.complete, run.no-checkpoint, run.not-a-run, run.busy, run.not-writable, run.not-readable
 */
export async function resumeRun(path: string, cwd: string): Promise<RunWriter> {
  const place = await placeOf(cwd, path);
  const refuse = (kind: FolderKind): void => {
    const where = { file: path };
    if (kind === 'free') throw fail('run.missing', 'no such run', { where, hint: 'Check the path.' });
    if (kind === 'run') throw fail('run.complete', 'this run is complete; nothing is left to resume', { where });
    if (kind === 'foreign' || kind === 'model') throw fail('run.not-a-run', 'not the folder of a run', { where });
  };
  refuse(await folderKind(place, path));
  return locked(place, path, undefined, async (unlock) => {
    const kind = await folderKind(place, path);
    refuse(kind);
    if (kind !== 'checkpoint') {
      throw fail('run.no-checkpoint', 'no checkpoint was saved in this run', {
        where: { file: path }, hint: words`Train it again with ${option('force', true)}.`,
      });
    }
    return runWriter({ path, place, built: place, made: undefined, unlock });
  });
}

/** Takes the lock of a folder and gives it back, and the folder with it, when `work` fails. */
async function locked(
  place: string, path: string, made: string | undefined, work: (unlock: () => Promise<void>) => Promise<RunWriter>,
): Promise<RunWriter> {
  let unlock = async (): Promise<void> => {};
  try {
    unlock = await lockFolder(place, path);
    return await work(unlock);
  } catch (error) {
    await unlock();
    await removeEmpty(place, made);
    throw error;
  }
}

async function refuseForeign(place: string, path: string): Promise<void> {
  const kind = await folderKind(place, path);
  if (kind === 'free' || kind === 'empty') return;
  if (kind === 'foreign' || kind === 'model' || !(await isOurs(place, kind))) throw notOurs(path);
}

function exists(path: string, kind: FolderKind): Error {
  return fail('run.exists', kind === 'run' ? 'a run exists here already' : 'an interrupted run exists here', {
    where: { file: path },
    hint: words`${kind === 'checkpoint' ? words`Continue it: ${resumeCall(path)}. Or replace` : 'Replace'} it with ${
      option('force', true)}, or ${ANOTHER_FOLDER}.`,
  });
}

async function numberedRun(cwd: string, name: string): Promise<RunWriter> {
  const runs = await makeFolder(resolve(cwd, 'runs'), 'runs');
  const path = await nextFree(cwd, name);
  const place = resolve(cwd, path);
  const made = runs ?? place;
  return locked(place, path, made, async (unlock) => runWriter({ path, place, built: place, made, unlock }));
}

/** Reserves `runs/<name>-<n>`: making the folder is what takes the number, so two programs never share one. */
async function nextFree(cwd: string, name: string): Promise<string> {
  const stem = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '') || 'run';
  const taken = (await reading('runs', () => readdir(resolve(cwd, 'runs'))))
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
    await syncFolder(dirname(path));
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}
