/** The cells of a Parquet column, page by page: each page is decoded once, and of a column no more than one page is held. */

import { parquetRead, type DecodedArray, type FileMetaData, type SubColumnData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { Cell, ParquetColumn } from './parquet-cells.js';
import type { PlacedBytes } from './placed-bytes.js';

/** Values that become cells here: old times as nanoseconds, and texts as bytes, so that those that are none are told. */
const AS_STORED = { utf8: false, geoparquet: false, parsers: { timestampFromNanoseconds: (nanos: bigint) => nanos } } as const;

/** A page without values is of no bytes, which not every codec knows. */
const CODECS = Object.fromEntries(Object.entries(compressors).map(([codec, unpack]) =>
  [codec, (input: Uint8Array, length: number) => (length === 0 ? new Uint8Array(0) : unpack(input, length))]));

/** A file, of which one row group is described. */
export interface RowGroup {
  bytes: Pick<PlacedBytes, 'byteLength' | 'slice'>;
  metadata: FileMetaData;
  rows: number;
}

/** The groups of a file, in its order. */
export const rowGroups = (bytes: RowGroup['bytes'], metadata: FileMetaData): RowGroup[] =>
  metadata.row_groups.map((group) =>
    ({ bytes, metadata: { ...metadata, num_rows: group.num_rows, row_groups: [group] }, rows: Number(group.num_rows) }));

/** A column of a row group, to be read from its first row to its last. */
export class ColumnPages {
  private start = 0;
  private cells: Float64Array | Cell[] = [];

  /** @param fault makes the error of a value that is no cell; the row is counted from 0 in its group */
  constructor(
    private readonly group: RowGroup, private readonly column: Required<Pick<ParquetColumn, 'name' | 'toCell'>>,
    private readonly fault: (error: unknown, row: number) => unknown,
  ) {}

  /** Whether a row's page is at hand. */
  has(row: number): boolean {
    return row - this.start < this.cells.length;
  }

  /** The cell of a row that is at hand. */
  cell(row: number): Cell {
    return this.cells[row - this.start];
  }

  /** Has the page of a row at hand in place of the one before. @throws what the reader or `fault` makes of what it finds */
  async load(row: number): Promise<void> {
    this.cells = [];
    this.start = row;
    const { columnData, rowStart } = await this.page(row);
    this.cells = this.converted(columnData, row - rowStart);
  }

  private async page(row: number): Promise<SubColumnData> {
    // A page that ends right before the rows asked for would be decoded as well: so the row after is asked for first.
    for (const asked of row > 0 && row + 1 < this.group.rows ? [row + 1, row] : [row]) {
      const pages: SubColumnData[] = [];
      const { bytes: file, metadata } = this.group;
      await parquetRead({
        file, metadata, columns: [this.column.name], rowStart: asked, rowEnd: asked + 1, useOffsetIndex: true,
        compressors: CODECS, ...AS_STORED, onPage: (page) => void pages.push(page),
      });
      const found = pages.find(({ rowStart, rowEnd }) => rowStart <= row && row < rowEnd);
      if (found) return found;
    }
    throw new Error(`no value of row ${row + 1} of its group`);
  }

  /** Values from a place on as cells: nothing of the page's bytes is held by them. Numbers are as long as all are numbers. */
  private converted(values: DecodedArray, from: number): Float64Array | Cell[] {
    const numbers = new Float64Array(values.length - from);
    for (let at = 0; at < numbers.length; at++) {
      const cell = this.asCell(values[from + at], at);
      if (typeof cell !== 'number') return this.mixed(values, from, numbers.subarray(0, at));
      numbers[at] = cell;
    }
    return numbers;
  }

  private mixed(values: DecodedArray, from: number, before: Float64Array): Cell[] {
    const cells = new Array<Cell>(values.length - from);
    for (let at = 0; at < cells.length; at++) cells[at] = at < before.length ? before[at] : this.asCell(values[from + at], at);
    return cells;
  }

  private asCell(value: unknown, at: number): Cell {
    try {
      return value === null || value === undefined ? '' : this.column.toCell(value);
    } catch (error) {
      throw this.fault(error, this.start + at);
    }
  }
}
