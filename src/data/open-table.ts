/** From a source to tables, whatever their format: the one place that knows which formats there are. */

import { fail } from '../errors.js';
import { peek, textBytes, type TextBytes } from './bytes.js';
import { csvTables } from './csv.js';
import { beginsWithObject, isJsonLinesName, jsonLineTables } from './json-lines.js';
import { TELLING } from './not-csv.js';
import type { ReadOptions } from './read-options.js';
import type { CsvSource } from './source.js';
import type { Table } from './table.js';

/** JSON Lines by the name or the first line, else CSV. */
async function* textTables(bytes: TextBytes, file: string, options: ReadOptions, chunkRows: number): AsyncGenerator<Table> {
  const { head, all } = await peek(bytes.chunks, (start) => start.length >= TELLING);
  yield* (isJsonLinesName(file) || beginsWithObject(head) ? jsonLineTables : csvTables)(all, file, options, chunkRows);
}

/**
 * Reads a whole table, plain or gzipped. CSV: a header line, quoting with ", LF, CRLF or CR, an optional byte-order mark. JSON
 * Lines: an object a line. Cells are trimmed and blank lines skipped. The same cells are the same table in any format.
 * @throws data.missing-file, data.is-directory, data.unreadable-file, data.invalid-gzip, data.not-csv, data.not-text,
 *   data.empty-file, data.no-rows, data.empty-header, data.duplicate-header, data.ragged-row, data.unclosed-quote,
 *   data.stray-quote, data.invalid-csv, data.invalid-json-line, data.nested-cell, data.unknown-key
 */
export async function readTable(source: CsvSource, options: ReadOptions): Promise<Table> {
  const bytes = textBytes(source, options.encoding);
  for await (const table of textTables(bytes, source.name, options, Infinity)) return { ...table, sha256: bytes.digest() };
  throw fail('data.empty-file', 'the file is empty', { where: { file: source.name } });
}

/**
 * Reads a table of any length in tables of `chunkRows` rows (the last may be shorter), at constant memory. The same checks and
 * errors as {@link readTable}, raised when the faulty row is reached. A column's storage may differ from chunk to chunk.
 */
export async function* streamChunks(source: CsvSource, options: ReadOptions & { chunkRows: number }): AsyncGenerator<Table> {
  yield* textTables(textBytes(source, options.encoding), source.name, options, options.chunkRows);
}
