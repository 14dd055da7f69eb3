/** Tables that were read once, kept as files of columns, so that the same file need not be parsed again. */

import { createHash, randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../temporary-folder.js';
import { programVersion } from '../../version.js';
import { isJsonLinesName } from '../json-lines.js';
import type { ReadOptions, TableCache } from '../read-options.js';
import type { Table } from '../table.js';
import { openColumnar } from './reader.js';

const SUFFIX = '.table';
const PARTIAL = '.partial';
/** A file that is still partial after so long, in milliseconds, was left by a program that is gone. */
const DAY = 24 * 3600 * 1000;

/** What a table is made of: the bytes of its file, how they are read, and by which version. */
export function tableKey(sha256: string, name: string, options: ReadOptions): string {
  const { delimiter, missing, encoding, quote, decimal, thousands, limits, columns = {}, needed } = options;
  const ignored = Object.keys(columns).filter((column) => columns[column].kind === 'ignore').sort();
  return JSON.stringify([
    programVersion(), sha256, isJsonLinesName(name), delimiter, [...missing], encoding ?? null, quote ?? null, decimal ?? null,
    thousands ?? null, limits ?? null, ignored, needed ? [...needed].sort() : null,
  ]);
}

const placeOf = ({ folder }: TableCache, key: string): string =>
  join(folder, createHash('sha256').update(key).digest('hex').slice(0, 40) + SUFFIX);

/** Whether anything is kept: else no file need be hashed to look for its table. */
export function isEmpty({ folder }: TableCache): boolean {
  return listed(folder).every((name) => !name.endsWith(SUFFIX));
}

/** The table that is kept under a key; what is damaged is thrown away. @param name what errors are to call its source */
export function findTable(cache: TableCache, key: string, name: string, small?: number): Table | undefined {
  const place = placeOf(cache, key);
  return quietly(() => {
    const table = opened(place, key, name, small);
    if (!table) rmSync(place, { force: true });
    // The latest used is the last to go.
    else quietly(() => utimesSync(place, new Date(), new Date()));
    return table;
  });
}

function opened(place: string, key: string, name: string, small?: number): Table | undefined {
  const file = openSync(place, 'r');
  try {
    return openColumnar(file, key, name, { small });
  } catch {
    closeSync(file);
    return undefined;
  }
}

/** A file of columns that is being written. */
export interface Draft {
  file: number;
  /** To be called when it is whole. It can be read either way. @param key undefined: it is not to be kept */
  done(key?: string): void;
}

/**
 * A new file, in the cache where that can be written to, else among temporary files; without a cache it has no name and is gone
 * when it is closed.
 * @throws usage.temporary-folder
 */
export function draft(cache: TableCache | undefined): Draft {
  return (cache && quietly(() => cacheDraft(cache))) ?? temporaryDraft();
}

function cacheDraft(cache: TableCache): Draft {
  mkdirSync(cache.folder, { recursive: true, mode: 0o700 });
  const place = join(cache.folder, randomUUID() + PARTIAL);
  const file = openSync(place, 'wx+', 0o600);
  return {
    file,
    done(key) {
      // Whoever has it open reads on when it has lost its name.
      const kept = key !== undefined && quietly(() => {
        if (!makeRoom(cache, statSync(place).size)) return false;
        renameSync(place, placeOf(cache, key));
        return true;
      });
      if (!kept) quietly(() => rmSync(place, { force: true }));
    },
  };
}

function temporaryDraft(): Draft {
  const folder = temporaryFolder('bnnc-table-');
  try {
    const file = openSync(join(folder, 'table'), 'wx+', 0o600);
    return { file, done() {} };
  } finally {
    quietly(() => rmSync(folder, { recursive: true, force: true }));
  }
}

/** Removes what was not used for longest, until so many bytes more may be there. @returns whether they may be */
function makeRoom({ folder, bytes }: TableCache, more: number): boolean {
  if (more > bytes) return false;
  const files = listed(folder).flatMap((name) => quietly(() => {
    const { size, mtimeMs } = statSync(join(folder, name));
    return [{ path: join(folder, name), size, mtimeMs, isPartial: name.endsWith(PARTIAL) }];
  }) ?? []);
  const left = files.filter(({ isPartial, mtimeMs }) => isPartial && mtimeMs < Date.now() - DAY);
  const whole = files.filter(({ isPartial }) => !isPartial).sort((a, b) => a.mtimeMs - b.mtimeMs);
  let total = whole.reduce((sum, { size }) => sum + size, more);
  for (const { path } of left) quietly(() => rmSync(path, { force: true }));
  for (const { path, size } of whole) {
    if (total <= bytes) break;
    quietly(() => rmSync(path, { force: true }));
    total -= size;
  }
  return true;
}

const listed = (folder: string): string[] =>
  (quietly(() => readdirSync(folder)) ?? []).filter((name) => name.endsWith(SUFFIX) || name.endsWith(PARTIAL));

/** A cache that fails is none: what it would have saved is done again. */
function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
