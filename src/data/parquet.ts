/** Parquet in: the columns of a file, some rows of each at a time. */

import { parquetMetadataAsync, parquetScan, parquetSchema, type DecodedArray, type ParquetScan } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { BnncError, fail } from '../errors.js';
import { checkHeader } from './header.js';
import { NotText, parquetColumns, type Cell, type ParquetColumn } from './parquet-cells.js';
import { keepingSlices, type PlacedBytes } from './placed-bytes.js';
import { isUsed, type ReadOptions } from './read-options.js';
import { TableBuilder, type Table } from './table.js';
import { shorten } from './wording.js';

/** Rows that are decoded at once. */
const WINDOW = 16_384;

/** Values that become cells here: old times as nanoseconds, and texts as bytes, so that those that are none are told. */
const AS_STORED = { utf8: false, geoparquet: false, parsers: { timestampFromNanoseconds: (nanos: bigint) => nanos } } as const;

/** A page without values is of no bytes, which not every codec knows. */
const CODECS = Object.fromEntries(Object.entries(compressors).map(([codec, unpack]) =>
  [codec, (input: Uint8Array, length: number) => (length === 0 ? new Uint8Array(0) : unpack(input, length))]));

class ParquetRows {
  private row = 0;
  private readonly builder: TableBuilder;

  constructor(
    private readonly file: string, private readonly scan: ParquetScan, private readonly columns: readonly ParquetColumn[],
    private readonly used: readonly boolean[], options: ReadOptions,
  ) {
    const names = checkHeader(columns.map(({ name }) => name), { file }, options.limits);
    this.builder = new TableBuilder(file, names, undefined, '', options.missing, options);
  }

  /** Row by row, in tables of `chunkRows`. @throws data.invalid-parquet, data.binary-column */
  async* tables(chunkRows: number): AsyncGenerator<Table> {
    for (const { rowStart, rowEnd } of this.scan.ranges) {
      for (let start = rowStart; start < rowEnd; start += WINDOW) {
        const end = Math.min(start + WINDOW, rowEnd);
        const values = await this.window(start, end);
        for (let n = 0; n < end - start; n++) {
          this.builder.add(values.map((column) => column?.[n] ?? ''), ++this.row);
          if (this.builder.rows >= chunkRows) yield this.builder.take();
        }
      }
    }
    if (this.builder.rows > 0) yield this.builder.take();
    if (this.row > 0) return;
    const hint = 'A table to read needs rows.';
    throw fail('data.no-rows', 'the file has columns but no rows', { where: { file: this.file }, hint });
  }

  /** Cells of some rows by column; undefined of columns that nobody looks at. */
  private async window(rowStart: number, rowEnd: number): Promise<(Cell[] | undefined)[]> {
    const cells: (Cell[] | undefined)[] = [];
    for (const [at, { name, toCell }] of this.columns.entries()) {
      if (!this.used[at] || toCell === undefined) {
        cells.push(undefined);
        continue;
      }
      const values = await whole(this.file, name, async () => {
        const read = await this.scan.readColumn({ column: name, rowStart, rowEnd });
        if (read.length !== rowEnd - rowStart) throw new Error(`${read.length} values in place of ${rowEnd - rowStart}`);
        return read;
      });
      cells.push(this.cells(values, rowStart, toCell, name));
    }
    return cells;
  }

  private cells(values: DecodedArray, rowStart: number, toCell: NonNullable<ParquetColumn['toCell']>, name: string): Cell[] {
    const { file } = this;
    return Array.from(values as ArrayLike<unknown>, (value, n) => {
      if (value === null || value === undefined) return '';
      try {
        return toCell(value);
      } catch (error) {
        if (error instanceof NotText) throw binaryColumn(file, name, 'bytes that are no text in UTF-8', rowStart + n + 1);
        throw invalid(file, error, name);
      }
    });
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
    const scan = await whole(file, undefined, () =>
      parquetScan({ file: keepingSlices(bytes), metadata: stored, compressors: CODECS, ...AS_STORED }));
    yield* new ParquetRows(file, scan, columns, used, options).tables(chunkRows);
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
  if (code !== undefined && /^E[A-Z]+$/.test(code)) {
    return fail('data.unreadable-file', `cannot be read (${message})`, { where: { file }, hint: 'Check its permissions.' });
  }
  const where = column === undefined ? 'the file' : `column '${shorten(column)}'`;
  const hint = 'The file is damaged, cut off, or not Parquet at all: copy or download it again.';
  return fail('data.invalid-parquet', `${where} cannot be read as Parquet (${message})`, { where: { file }, hint });
}
