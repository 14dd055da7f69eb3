/** Writes a run, into a folder here, and ends it. */

import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { markBegun, unmarkBegun } from './begun.js';
import { fileHash, json, removeEmpty, syncFolder, writeFileAtomic } from './files.js';
import { writing } from './refusals.js';
import { folderKind, hasCheckpoint, swapInto } from './folder.js';
import { CHECKPOINT, isRunFile, RUN_FILES, RUN_FOLDERS } from './layout.js';
import { makeManifest, type FileEntry, type RunFacts } from './manifest.js';
import { readPart, runFolder, type RunFolder } from './open.js';

/** A run that is being made. Ends with `commit` or `release`. */
export interface RunWriter {
  /** The run's folder as the person knows it. */
  readonly path: string;
  /** Whether an interrupted run can be taken up again: then checkpoints are worth writing. */
  readonly resumable: boolean;
  /** Writes a file atomically; `name` may have folders (`inclusion/inputs.csv`). */
  write(name: string, content: string | Uint8Array): Promise<void>;
  /** Reads back a file of this run (the checkpoint, when resuming). @throws run.damaged when it is not there */
  read(name: string): Promise<Buffer>;
  /** Removes what bnnc wrote into a folder of this run, but for these files. */
  keepOnly(folder: string, names: readonly string[]): Promise<void>;
  /** Writes the manifest and drops the checkpoint: the run is complete. */
  commit(facts: RunFacts): Promise<RunFolder>;
  /**
   * Ends without a manifest. Of what was written only a checkpoint is kept: at `path` if nothing else is there,
   * else beside the old run, which stays.
   * @returns the folder to resume from, as the person knows it; undefined without a checkpoint
   */
  release(): Promise<string | undefined>;
}

export interface Site {
  /** The run's folder as the person knows it. */
  path: string;
  /** Where the run will be. */
  place: string;
  /** Where it is being built: `place`, or a folder beside it when an old run is replaced. */
  built: string;
  /** Topmost folder that was made for it, removed again when nothing comes of the run. */
  made: string | undefined;
  /** Gives back the lock of `place`. */
  unlock(): Promise<void>;
}

/** What a checkpoint needs to be resumed. */
const resumable = (name: string): boolean => name === RUN_FILES.config.path || name.startsWith(`${CHECKPOINT}/`);

export function runWriter(site: Site): RunWriter {
  const { path, place, built, unlock } = site;
  // Only what this run has written is listed and removed: other files in the folder are somebody else's.
  const written = new Set<string>();
  let marked = false;
  const remove = async (name: string): Promise<void> => {
    await rm(join(built, name), { force: true });
    written.delete(name);
  };
  return {
    path,
    resumable: true,
    write: async (name, content) => {
      if (!marked) await writing(path, () => markBegun(built));
      marked = true;
      written.add(name);
      await writeFileAtomic(join(built, name), content, join(path, name));
    },
    keepOnly: (folder, names) => writing(path, async () => {
      const found = (await readdir(join(built, folder))).map((name) => `${folder}/${name}`);
      for (const name of found) if (isRunFile(name) && !names.includes(name)) await remove(name);
    }),
    read: (name) => readPart(built, path, name),
    async commit(facts) {
      const manifest = await writing(path, async () => {
        const made = makeManifest(facts, await entriesOf(built, [...written].filter((name) => !name.startsWith(`${CHECKPOINT}/`))));
        written.add(RUN_FILES.manifest.path);
        await writeFileAtomic(join(built, RUN_FILES.manifest.path), json(made));
        await unmarkBegun(built);
        if (built !== place) await swapInto(place, built);
        return made;
      });
      // Only now can the checkpoint be done without.
      await rm(join(place, CHECKPOINT), { recursive: true, force: true }).catch(() => {});
      await unlock();
      return runFolder(place, path, manifest);
    },
    async release() {
      try {
        const kept = await hasCheckpoint(built);
        // What made the run end may also keep its files from being removed (a disk that turned read-only): that is what is told.
        for (const name of [...written]) if (!kept || !resumable(name)) await remove(name).catch(() => {});
        await removeFolders(built);
        await unmarkBegun(built);
        return kept ? await keep(site) : await vacate(site);
      } finally {
        await unlock();
      }
    },
  };
}

/** Lengths and hashes of files in a folder. */
async function entriesOf(folder: string, names: readonly string[]): Promise<Map<string, FileEntry>> {
  const entries = new Map<string, FileEntry>();
  for (const name of names) {
    const path = join(folder, name);
    entries.set(name, { bytes: (await stat(path)).size, sha256: await fileHash(path) });
  }
  return entries;
}

/** Puts what is left of a run where it can be resumed. */
async function keep({ path, place, built }: Site): Promise<string> {
  if (built === place) return path;
  let suffix = '';
  for (let number = 1; (await folderKind(place + suffix)) !== 'free'; number++) suffix = `.checkpoint-${number}`;
  await swapInto(place + suffix, built);
  return path.replace(/[\\/]+$/, '') + suffix;
}

async function vacate({ built, made, unlock }: Site): Promise<undefined> {
  await unlock();
  await removeEmpty(built, made);
  await syncFolder(dirname(made ?? built)).catch(() => {});
}

async function removeFolders(built: string): Promise<void> {
  for (const name of RUN_FOLDERS) await rmdir(join(built, name)).catch(() => {}); // not empty, or not there
}
