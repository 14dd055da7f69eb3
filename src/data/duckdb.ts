/** Rows of a database by a query, through DuckDB: a package that is not installed with this one. */

import { BnncError, fail } from '../errors.js';
import { option, words } from '../voice.js';
import { checkHeader } from './header.js';
import { duckdbCell, noCell, type Duckdb, type DuckdbConnection, type DuckdbResult } from './duckdb-cells.js';
import { isUsed, type ReadOptions } from './read-options.js';
import type { Database } from './source.js';
import { TableBuilder, type Table } from './table.js';
import { shorten } from './wording.js';

const PACKAGE = '@duckdb/node-api';
/** StatementReturnType.QUERY_RESULT: the statement gives rows. */
const GIVES_ROWS = 3;

/** @throws data.no-duckdb */
async function loadDuckdb(file: string): Promise<Duckdb> {
  // By a variable, for its types are not there where it is not installed.
  const name: string = PACKAGE;
  try {
    return await import(name) as Duckdb;
  } catch (error) {
    const { message } = error as Error;
    // Its binary part is a package of another name, which another system may have installed.
    const why = message.includes(PACKAGE) ? 'is not installed' : `does not load (${shorten(message)})`;
    throw fail('data.no-duckdb', `a database is read by the package ${PACKAGE}, which ${why}`, {
      where: { file }, hint: `Install it: npm install ${PACKAGE}`,
    });
  }
}

/**
 * Tables of `chunkRows` rows of what a query gives. Its last statement is the query; those before it prepare it. A file is opened
 * to be read only. Cells are those that a CSV would have; rows are counted from 1 in place of lines.
 * @param name what errors call the database
 * @throws (while iterating) data.no-duckdb, data.invalid-database, data.query-failed, data.nested-cell, data.binary-column,
 *   data.empty-header, data.duplicate-header, data.no-rows
 */
export async function* duckdbTables(
  { place, query }: Database, name: string, options: ReadOptions, chunkRows: number,
): AsyncGenerator<Table> {
  const duckdb = await loadDuckdb(name);
  const instance = await opened(duckdb, place, name);
  let connection: DuckdbConnection | undefined;
  try {
    connection = await instance.connect();
    yield* rowsOf(await asked(connection, query, name), name, options, chunkRows);
  } finally {
    connection?.disconnectSync();
    instance.closeSync();
  }
}

async function opened(duckdb: Duckdb, place: string, file: string): ReturnType<Duckdb['DuckDBInstance']['create']> {
  try {
    return await (place === '' ? duckdb.DuckDBInstance.create(':memory:') : duckdb.DuckDBInstance.create(place, { access_mode: 'READ_ONLY' }));
  } catch (error) {
    throw fail('data.invalid-database', `cannot be opened by DuckDB (${oneLine((error as Error).message)})`, {
      where: { file }, hint: 'Check that it is a database, and that no other program has it open to write.',
    });
  }
}

async function asked(connection: DuckdbConnection, query: string, file: string): Promise<DuckdbResult> {
  return queried(file, async () => {
    if (/^(\s|--.*)*$/.test(query)) throw new Error('there is no statement in it');
    const statements = await connection.extractStatements(query);
    for (let n = 0; n < statements.count - 1; n++) await (await statements.prepare(n)).run();
    const result = await (await statements.prepare(statements.count - 1)).stream();
    if (result.returnType !== GIVES_ROWS) throw new Error('its last statement gives no rows');
    return result;
  });
}

async function* rowsOf(result: DuckdbResult, file: string, options: ReadOptions, chunkRows: number): AsyncGenerator<Table> {
  const names = checkHeader(result.columnNames(), { file }, options.limits);
  const used = names.map(isUsed(options));
  const types = result.columnTypes();
  names.forEach((name, at) => {
    const fault = used[at] ? noCell(types[at], name, file) : undefined;
    if (fault) throw fault;
  });
  const toCells = types.map((type, at) => (used[at] ? duckdbCell(type, options) : undefined));
  const builder = new TableBuilder(file, names, undefined, '', options.missing, options);
  let row = 0;
  for (;;) {
    const chunk = await queried(file, () => result.fetchChunk());
    if (!chunk || chunk.rowCount === 0) break;
    const columns = chunk.getColumns();
    for (let n = 0; n < chunk.rowCount; n++) {
      builder.add(toCells.map((toCell, at) => {
        const value = toCell && columns[at][n];
        return value === null || value === undefined ? '' : toCell!(value);
      }), ++row);
      if (builder.rows >= chunkRows) yield builder.take();
    }
  }
  if (builder.rows > 0) yield builder.take();
  if (row === 0) throw fail('data.no-rows', 'the query gives no rows', { where: { file }, hint: 'Ask for rows that there are.' });
}

/** What DuckDB says of a query, in a line; the place in the query where it knows one. */
async function queried<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BnncError) throw error;
    const [said, line, shown] = (error as Error).message.split(/\n+LINE (\d+): /) as [string, string?, string?];
    const [source, caret = ''] = shown?.split('\n') ?? [];
    // The caret stands below the line with its number, which is told as far as the line is whole.
    const column = caret.indexOf('^') + 1 - `LINE ${line}: `.length;
    const place = column > 0 && !source.startsWith('...') && source.length <= 76 ? { line: Number(line), column, source } : {};
    throw fail('data.query-failed', `the query fails: ${oneLine(said.replace(/^Failed to \w+(?: \w+)*: /, ''))}`, {
      where: { file, ...place }, hint: words`Correct ${option('query')} (data.query).`,
    });
  }
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
