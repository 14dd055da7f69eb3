/** Reads a table through a file of columns, so that a large one is never in memory as a whole. */

import { statSync } from 'node:fs';
import { fileHash } from '../placed-bytes.js';
import type { ReadOptions } from '../read-options.js';
import type { CsvSource } from '../source.js';
import type { Table } from '../table.js';
import { draft, findTable, isEmpty, tableKey } from './cache.js';
import { openColumnar } from './reader.js';
import { ColumnarWriter } from './writer.js';

/** Bytes of a file that is worth keeping, and of one whose table would fill the memory. */
const WORTH_KEEPING = 8e6;
const LARGE = 100e6;
/** Rows that are parsed before they are written. */
const BLOCK_ROWS = 4096;

/** A table that is being read. */
export interface Opened {
  tables: AsyncIterable<Table>;
  digest(last: Table): string | Promise<string>;
}

/** Bytes of a plain file; undefined where there is none. */
function sizeOf({ path, database }: CsvSource): number | undefined {
  if (path === undefined || database) return undefined;
  const status = statSync(path, { throwIfNoEntry: false });
  return status?.isFile() ? status.size : undefined;
}

/**
 * The table as it was kept, or as it is read now and kept; columns of a large one come into memory when they are asked for.
 * @param open begins to read it in blocks of so many rows
 * @returns undefined where it is to be read as any other: it is small, no file, or could not be written
 * @throws what reading throws
 */
export async function readColumnar(
  source: CsvSource, options: ReadOptions, open: (chunkRows: number) => Promise<Opened>,
): Promise<Table | undefined> {
  const [{ columnar }, size] = [options, sizeOf(source)];
  if (!columnar || size === undefined) return undefined;
  const { cache, large = LARGE } = columnar;
  const worth = size >= (columnar.worthKeeping ?? WORTH_KEEPING) ? cache : undefined;
  if (!worth && size < large) return undefined;
  if (worth && !isEmpty(worth)) {
    const table = findTable(worth, tableKey(await fileHash(source.path!), source.name, options), source.name, columnar.inMemory);
    if (table) return table;
  }
  const { file, done } = draft(worth);
  let key: string | undefined;
  try {
    key = await written(file, source.name, options, open);
    return key === undefined ? undefined : openColumnar(file, key, source.name, { small: columnar.inMemory, isOwn: true });
  } finally {
    done(key);
  }
}

/** @returns the key of the table; undefined where the file could not be written */
async function written(
  file: number, name: string, options: ReadOptions, open: (chunkRows: number) => Promise<Opened>,
): Promise<string | undefined> {
  const { tables, digest } = await open(options.columnar?.blockRows ?? BLOCK_ROWS);
  const writer = unlessRefused(() => new ColumnarWriter(file));
  if (!writer) return undefined;
  let last: Table | undefined;
  for await (const table of tables) {
    if (!unlessRefused(() => (writer.add(table), true))) return undefined;
    last = table;
  }
  if (!last) return undefined;
  const sha256 = await digest(last);
  const key = tableKey(sha256, name, options);
  return unlessRefused(() => (writer.finish(key, sha256), key));
}

/** Undefined where the system says no, as where a disk is full. */
function unlessRefused<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}
