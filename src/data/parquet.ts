/** Parquet in: the rows of a file, a page of each column at a time. */

import { parquetMetadataAsync, parquetSchema, type FileMetaData } from 'hyparquet';
import { BnncError, fail } from '../errors.js';
import { checkHeader } from './header.js';
import { NotText, parquetColumns, type ParquetColumn } from './parquet-cells.js';
import { ColumnPages, rowGroups, type RowGroup } from './parquet-pages.js';
import { keepingSlices, type KeptSlices, type PlacedBytes } from './placed-bytes.js';
import { isUsed, type ReadOptions } from './read-options.js';
import { TableBuilder, type Table } from './table.js';
import { shorten } from './wording.js';

class ParquetRows {
  private row = 0;
  private readonly builder: TableBuilder;

  constructor(
    private readonly file: string, private readonly columns: readonly ParquetColumn[], private readonly used: readonly boolean[],
    options: ReadOptions,
  ) {
    const names = checkHeader(columns.map(({ name }) => name), { file }, options.limits);
    this.builder = new TableBuilder(file, names, undefined, '', options.missing, options);
  }

  /** Row by row, in tables of `chunkRows`. @throws data.invalid-parquet, data.binary-column */
  async* tables(bytes: KeptSlices, metadata: FileMetaData, chunkRows: number): AsyncGenerator<Table> {
    for (const group of rowGroups(bytes, metadata)) {
      const pages = this.columns.map((column, at) => (this.used[at] ? this.pages(group, column) : undefined));
      for (let row = 0; row < group.rows; row++) {
        for (const [at, each] of pages.entries()) {
          if (each && !each.has(row)) await whole(this.file, this.columns[at].name, () => each.load(row));
        }
        this.builder.add(pages.map((each) => each?.cell(row) ?? ''), ++this.row);
        if (this.builder.rows >= chunkRows) yield this.builder.take();
      }
      bytes.forget();
    }
    if (this.builder.rows > 0) yield this.builder.take();
    if (this.row > 0) return;
    const hint = 'A table to read needs rows.';
    throw fail('data.no-rows', 'the file has columns but no rows', { where: { file: this.file }, hint });
  }

  /** Undefined of a column without cells. */
  private pages(group: RowGroup, { name, toCell }: ParquetColumn): ColumnPages | undefined {
    const { file, row: before } = this;
    return toCell && new ColumnPages(group, { name, toCell }, (error, row) => (error instanceof NotText
      ? binaryColumn(file, name, 'bytes that are no text in UTF-8', before + row + 1) : error));
  }
}

/**
 * Tables of `chunkRows` rows from a Parquet file. Numbers are numbers; decimal ones, and whole ones of more than 15 digits, are
 * the text that writes them; dates and times are in ISO 8601; null is a missing cell. Rows are counted from 1 in place of lines.
 * @param bytes closed at the end
 * @throws (while iterating) data.invalid-parquet, data.nested-cell, data.binary-column, data.empty-header, data.duplicate-header,
 *   data.no-rows
 */
export async function* parquetTables(
  bytes: PlacedBytes, file: string, options: ReadOptions, chunkRows: number,
): AsyncGenerator<Table> {
  try {
    const metadata = await whole(file, undefined, () => parquetMetadataAsync(bytes, { geoparquet: false }));
    const { columns, stored } = parquetColumns(parquetSchema(metadata), metadata, options);
    const used = columns.map(({ name }) => name.trim()).map(isUsed(options));
    columns.forEach(({ name, otherwise }, at) => {
      if (otherwise !== undefined && used[at]) throw noCells(file, name, otherwise);
    });
    yield* new ParquetRows(file, columns, used, options).tables(keepingSlices(bytes), stored, chunkRows);
  } finally {
    await bytes.close();
  }
}

const IGNORE = 'A column that is not needed may stay as it is, with kind: ignore in data.columns.';

function noCells(file: string, name: string, otherwise: NonNullable<ParquetColumn['otherwise']>): BnncError {
  if (otherwise === 'bytes' || otherwise === 'an interval') return binaryColumn(file, name, otherwise);
  const message = `column '${shorten(name)}': a cell must be a number, a text, a boolean, a date or null, not ${otherwise}`;
  return fail('data.nested-cell', message, { where: { file }, hint: `Give each part a column of its own. ${IGNORE}` });
}

const binaryColumn = (file: string, name: string, what: string, row?: number): BnncError =>
  fail('data.binary-column', `column '${shorten(name)}' has ${what}`, {
    where: { file, line: row }, hint: `Write it as text or numbers. ${IGNORE}`,
  });

/** What the reader throws in our words: it throws where bytes are not what they should be. */
async function whole<T>(file: string, column: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw invalid(file, error, column);
  }
}

function invalid(file: string, error: unknown, column?: string): unknown {
  if (error instanceof BnncError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EMFILE') return error;
  if (code !== undefined && /^E[A-Z]+$/.test(code)) {
    return fail('data.unreadable-file', `cannot be read (${message})`, { where: { file }, hint: 'Check its permissions.' });
  }
  const where = column === undefined ? 'the file' : `column '${shorten(column)}'`;
  const hint = 'The file is damaged, cut off, or not Parquet at all: copy or download it again.';
  return fail('data.invalid-parquet', `${where} cannot be read as Parquet (${message})`, { where: { file }, hint });
}
