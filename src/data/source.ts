/** Where the bytes of a table come from. A source is opened by the reader, so that its errors carry the name the person typed. */

import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { fail } from '../errors.js';
import { isSpecial, openReadable } from '../special-file.js';
import { closest } from '../suggest.js';
import { databaseOf, fileOf } from '../table-path.js';
import { option, words } from '../voice.js';

/** Rows of a database. */
export interface Database {
  /** What DuckDB opens; empty: a database in memory. */
  place: string;
  query: string;
}

/** A named stream of bytes, plain or gzipped. */
export interface CsvSource {
  /** What errors call it: the path as typed, or `<stdin>`. */
  name: string;
  /** Where it lies as a file, if it does: formats that are read by place, such as Parquet, are then not held in memory. */
  path?: string;
  /** What is read in place of bytes. */
  database?: Database;
  /** A fresh stream of the bytes. May throw an error of kind `data`. */
  open(): NodeJS.ReadableStream;
}

/** Bytes that are read of a file at once. */
const CHUNK = 1 << 18;

/** A neighbour of the missing file with a similar name, written the way the person wrote theirs. */
function neighbour(path: string, name: string): string | undefined {
  try {
    const near = closest(basename(path), readdirSync(dirname(path)));
    return near === undefined ? undefined : join(dirname(name), near);
  } catch {
    return undefined;
  }
}

/**
 * A file on disk. `name` is the path as the person typed it, when `path` was resolved against another folder.
 * @throws (on open) data.missing-file, data.is-directory
 */
export function fileSource(path: string, name: string = path): CsvSource {
  return {
    name, path,
    open() {
      checkFile(path, name);
      return openReadable(path, CHUNK);
    },
  };
}

/**
 * A table by its path: a file, or rows of a database.
 * @param path `duckdb:shop.db` for a database
 * @param query which rows of it; null or undefined of a file
 * @throws usage.query where only one of the two is there; (on open) data.missing-file, data.is-directory
 */
export function tableSource(path: string, name: string = path, query?: string | null): CsvSource {
  const place = databaseOf(path);
  if (place === undefined) {
    if (query === null || query === undefined) return fileSource(path, name);
    throw fail('usage.query', words`${option('query')} is there, but '${name}' is no database`, {
      hint: 'A database is written duckdb:FILE.',
    });
  }
  if (query === null || query === undefined) {
    throw fail('usage.query', 'a query must say which rows of the database', {
      where: { file: name }, hint: words`${option('query')} takes SQL, such as: select * from NAME`,
    });
  }
  const file = fileOf(path);
  return {
    name, database: { place, query },
    open() {
      if (file !== undefined) checkDatabase(file, fileOf(name) ?? name);
      return Readable.from([]);
    },
  };
}

/** @throws data.missing-file, data.is-directory, data.unreadable-file */
function checkDatabase(path: string, name: string): void {
  checkFile(path, name);
  if (!isSpecial(path)) return;
  throw fail('data.unreadable-file', 'a database must be a file, and this is a pipe or a device', {
    where: { file: name }, hint: 'Name the file itself.',
  });
}

/** @throws data.missing-file, data.is-directory */
function checkFile(path: string, name: string): void {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) {
    const near = neighbour(path, name);
    const hint = near === undefined ? 'Check the path.' : `Did you mean '${near}'?`;
    throw fail('data.missing-file', 'no such file', { where: { file: name }, hint });
  }
  if (!status.isDirectory()) return;
  const hint = 'Name the file itself.';
  throw fail('data.is-directory', 'this is a folder, not a file with a table', { where: { file: name }, hint });
}
