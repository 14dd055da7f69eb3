/** From a source to tables, whatever their format: the one place that knows which formats there are. */

import { fail } from '../errors.js';
import { openBytes, peek, textOf, type OpenBytes } from './bytes.js';
import { contentHash } from './content-hash.js';
import { csvTables } from './csv.js';
import { beginsWithObject, isJsonLinesName, jsonLineTables } from './json-lines.js';
import { TELLING } from './not-csv.js';
import { fileHash, placedBytes } from './placed-bytes.js';
import type { ReadOptions } from './read-options.js';
import type { CsvSource, Database } from './source.js';
import type { Table } from './table.js';

/** A table that is open. */
interface OpenTable {
  tables: AsyncGenerator<Table>;
  /** Hexadecimal SHA-256 of the source's bytes; to be asked once, after the last table. */
  digest(last: Table): string | Promise<string>;
}

const isParquet = (head: Buffer, file: string): boolean => head.toString('latin1', 0, 4) === 'PAR1' || /\.parquet(\.gz)?$/i.test(file);

async function open(source: CsvSource, options: ReadOptions, chunkRows: number): Promise<OpenTable> {
  const { name, database } = source;
  if (database) return openDatabase(source, database, options, chunkRows);
  const bytes = await openBytes(source, options.limits);
  if (!isParquet(bytes.head, name)) return { tables: textTables(bytes, name, options, chunkRows), digest: bytes.digest };
  const { parquetTables } = await import('./parquet.js');
  const placed = await placedBytes(bytes, source);
  const digest = placed.path === undefined ? bytes.digest : () => fileHash(placed.path!);
  return { tables: parquetTables(placed, name, options, chunkRows), digest };
}

/** The hash is that of the cells: a database has other tables, too. */
async function openDatabase(source: CsvSource, database: Database, options: ReadOptions, chunkRows: number): Promise<OpenTable> {
  source.open();
  const { duckdbTables } = await import('./duckdb.js');
  return { tables: duckdbTables(database, source.name, options, chunkRows), digest: contentHash };
}

/** JSON Lines by the name or the first line, else CSV. */
async function* textTables(bytes: OpenBytes, file: string, options: ReadOptions, chunkRows: number): AsyncGenerator<Table> {
  const { head, all } = await peek(textOf(bytes, options.encoding, file), (length) => length >= TELLING);
  yield* (isJsonLinesName(file) || beginsWithObject(head) ? jsonLineTables : csvTables)(all, file, options, chunkRows);
}

/**
 * Reads a whole table, plain or gzipped. CSV: a header line, quoting with ", LF, CRLF or CR, an optional byte-order mark. JSON
 * Lines: an object a line. Parquet: columns without parts. Cells are trimmed and blank lines skipped. The same cells are the same
 * table in any format.
 * @throws data.missing-file, data.is-directory, data.unreadable-file, data.invalid-gzip, data.not-csv, data.not-text,
 *   data.empty-file, data.no-rows, data.line-too-long, data.cell-too-long, data.too-many-columns, data.unpacked-too-large,
 *   data.empty-header, data.duplicate-header, data.ragged-row, data.unclosed-quote, data.stray-quote, data.invalid-csv,
 *   data.invalid-json-line, data.nested-cell, data.unknown-key, data.invalid-parquet, data.binary-column, data.no-duckdb,
 *   data.invalid-database, data.query-failed
 */
export async function readTable(source: CsvSource, options: ReadOptions): Promise<Table> {
  if (options.columnar) {
    // Loaded where it is wanted: whoever predicts by an exported model does without it, and without what it checks by.
    const { readColumnar } = await import('./columnar/read.js');
    const stored = await readColumnar(source, options, (chunkRows) => open(source, options, chunkRows));
    if (stored) return stored;
  }
  const { tables, digest } = await open(source, options, Infinity);
  for await (const table of tables) return { ...table, sha256: await digest(table) };
  throw fail('data.empty-file', 'the file is empty', { where: { file: source.name } });
}

/**
 * Reads a table of any length in tables of `chunkRows` rows (the last may be shorter), at constant memory; of Parquet that comes
 * gzipped or through a pipe, its bytes are held as well. The same checks and errors as {@link readTable}, raised when the faulty
 * row is reached. A column's storage may differ from chunk to chunk.
 */
export async function* streamChunks(source: CsvSource, options: ReadOptions & { chunkRows: number }): AsyncGenerator<Table> {
  const { tables } = await open(source, options, options.chunkRows);
  yield* tables;
}
