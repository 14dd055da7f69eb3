/** The folder of a sweep: what is tried, what each fold came to, and at the end how the settings stand. */
import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../errors.js';
import { checkDocument, parseDocument } from '../export/json/document.js';
import { count, list, looseRecord, mapping, number, orNull, text, type Rule } from '../rules.js';
import { readPlainFile } from '../special-file.js';
import { programVersion } from '../version.js';
import { option, words } from '../voice.js';
import type { FoldOutcome } from '../work/sweep/standing.js';
import type { OutcomeStore } from '../work/sweep/sweep.js';
import { json, makeFolders, placeOf, writeFileAtomic } from './files.js';
import { lockFolder, LOCK_FILE } from './lock.js';
import { isPartial } from './leftovers.js';
import { reading, systemCode, writing } from './refusals.js';

/** Files of a sweep. */
export const SWEEP_FILES = {
  plan: 'plan.json', document: 'sweep.json', table: 'trials.csv', plot: 'pareto.svg', best: 'best.yaml', simplest: 'simplest.yaml',
} as const;
const FOLDS = 'folds';

/** What a sweep tries and on what: only the same may go on in a folder. */
export interface SweepIdentity {
  /** Of settings, folds and config; the order matters. */
  plan: object;
  data: { rows: number; sha256: string };
}

export interface SweepFolder {
  /** Absolute. */
  place: string;
  /** Takes up the outcomes of the same sweep, or begins. @throws sweep folder of something else: run.exists */
  begin(identity: SweepIdentity): Promise<OutcomeStore>;
  write(name: keyof typeof SWEEP_FILES, content: string): Promise<void>;
  close(): Promise<void>;
}

const needed = looseRecord({ nll: number() });
const figures: Rule<unknown> = (value) =>
  [...needed(value), ...(needed(value).length > 0 ? [] : mapping(orNull(number()))(value))];
const size = looseRecord({ parameters: number(), nonZero: number(), multiplyAdds: number() });
const outcomeRule = looseRecord({
  repeat: count(1), fold: count(1), kept: list(text),
  models: mapping(looseRecord({ metrics: figures, size })),
}) as unknown as Rule<FoldOutcome>;

/**
 * Opens a folder for a sweep, and locks it.
 * @param force begin anew where another sweep is
 * @throws run.busy, run.exists, run.not-a-run, run.not-writable, run.not-readable
 */
export async function openSweepFolder(path: string, cwd: string, force: boolean): Promise<SweepFolder> {
  const place = await placeOf(cwd, path);
  await refuseForeign(place, path);
  await writing(path, () => makeFolders(place));
  const unlock = await lockFolder(place, path);
  const write = (name: string, content: string): Promise<void> => writeFileAtomic(join(place, name), content, join(path, name));
  return {
    place,
    close: unlock,
    write: (name, content) => write(SWEEP_FILES[name], content),
    async begin(identity) {
      const own = json({ schemaVersion: 1, bnnc: programVersion(), ...identity, hash: hashOf(identity) });
      const there = await readIfThere(join(place, SWEEP_FILES.plan), path);
      const before = there === undefined ? undefined : parseDocument(Buffer.from(there), join(path, SWEEP_FILES.plan));
      if (there !== undefined && (before as { hash?: unknown } | null)?.hash !== hashOf(identity)) {
        if (!force) {
          throw fail('run.exists', 'another sweep is here: other settings, folds, config, data or program', {
            where: { file: path },
            hint: words`Choose another folder with ${option('out')}, or begin anew with ${option('force', true)}.`,
          });
        }
        await writing(path, () => rm(join(place, FOLDS), { recursive: true, force: true }));
      }
      await write(SWEEP_FILES.plan, own);
      return outcomes(place, path, write);
    },
  };
}

function outcomes(place: string, path: string, write: (name: string, content: string) => Promise<void>): OutcomeStore {
  const nameOf = (trial: number, repeat: number, fold: number): string => join(FOLDS, `${trial}-${repeat}-${fold}.json`);
  return {
    async read(trial, repeat, fold) {
      const name = nameOf(trial, repeat, fold);
      const content = await readIfThere(join(place, name), path);
      if (content === undefined) return undefined;
      return checkDocument(parseDocument(Buffer.from(content), join(path, name)), outcomeRule, 'run.damaged', join(path, name));
    },
    write: (trial, outcome) => write(nameOf(trial, outcome.repeat, outcome.fold), json(outcome)),
  };
}

const hashOf = (identity: SweepIdentity): string =>
  createHash('sha256').update(JSON.stringify([programVersion(), identity.plan, identity.data])).digest('hex');

async function readIfThere(file: string, path: string): Promise<string | undefined> {
  return reading(path, async () => {
    try {
      return await readPlainFile(file, 'utf8');
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  });
}

/** Only an empty folder or that of a sweep is written to. @throws run.not-a-run */
async function refuseForeign(place: string, path: string): Promise<void> {
  const names = await readdir(place).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    if (systemCode(error) === 'ENOTDIR') return undefined;
    return reading(path, () => Promise.reject(error as Error));
  });
  const own = new Set<string>([...Object.values(SWEEP_FILES), FOLDS, LOCK_FILE]);
  if (names?.every((name) => own.has(name) || isPartial(name))) return;
  throw fail('run.not-a-run', 'there is something that is no sweep', {
    where: { file: path }, hint: words`Choose another folder with ${option('out')}.`,
  });
}
