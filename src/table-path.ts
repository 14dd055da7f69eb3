/** What the path of a table tells: its ending, and whether a database is meant. */

import { resolve } from 'node:path';

const TABLE = /\.(csv|tsv|txt|jsonl|ndjson|parquet)(\.gz)?$/i;
const STEM_END = /(\.(csv|tsv|txt|jsonl|ndjson|parquet|db|duckdb|sqlite|gz))+$/i;
const DATABASE = 'duckdb:';

/** Whether a path is a table's by its ending, or a database's. */
export const isTableName = (path: string): boolean => TABLE.test(path) || path.startsWith(DATABASE);

/** What DuckDB is to open for `duckdb:shop.db`: `shop.db`; empty for a database in memory; undefined of a file. */
export function databaseOf(path: string): string | undefined {
  if (!path.startsWith(DATABASE)) return undefined;
  const place = path.slice(DATABASE.length);
  return place === ':memory:' ? '' : place;
}

/** Whether what DuckDB is to open is no file, but known to one of its extensions: `postgres:dbname=shop`. */
export const isForeign = (place: string): boolean => /^[a-z]\w+:/i.test(place);

/** The file that is read for a path; undefined where it is none. */
export function fileOf(path: string): string | undefined {
  const place = databaseOf(path);
  if (place === undefined) return path;
  return place === '' || isForeign(place) ? undefined : place;
}

/** A path seen from a folder. `-` stays. */
export function resolveTable(folder: string, path: string): string {
  const place = databaseOf(path);
  if (path === '-' || place === '' || (place !== undefined && isForeign(place))) return path;
  return place === undefined ? resolve(folder, path) : DATABASE + resolve(folder, place);
}

/** The same path with the file in it changed. */
export function mapFile(path: string, change: (file: string) => string): string {
  const file = fileOf(path);
  if (file === undefined || path === '-') return path;
  return file === path ? change(path) : DATABASE + change(file);
}

/** A short name for what is made of a table: `houses` of `data/houses.csv.gz`. */
export const stemOf = (path: string): string => path.replace(/^.*[\\/]|^duckdb:/, '').replace(STEM_END, '');
