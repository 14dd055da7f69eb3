/** A table in memory, and the builder that turns parsed rows into one. */

import { fail, type Where } from '../errors.js';
import { ByteRows } from './byte-rows.js';
import { ColumnBuilder, growingIntegers, type Column } from './column.js';
import { checkCell, limitsOf } from './limits.js';
import { isCode, parseNumber } from './number.js';
import { percentText } from './percent.js';
import { numberReader, type StyleOptions } from './style.js';

/** A table, or a chunk of one, by columns. */
export interface Table {
  /** The source's name, for errors. */
  file: string;
  /** p unique, trimmed column names, in the order of the file. */
  names: string[];
  /** p columns of n cells. */
  columns: Column[];
  /** n. */
  rows: number;
  /** n: the line of the file, counted from 1, on which each row begins; its row where a format has no lines. */
  lines: Int32Array;
  /** The line of the column names; absent where a format has none. */
  headerLine?: number | undefined;
  /** What stands between cells; empty where a format needs none. */
  delimiter: string;
  /** Texts declared missing that occur in the file (empty cells are always missing and not listed). */
  missingSeen: string[];
  /** Hexadecimal SHA-256 of the file's bytes; empty for a chunk of a stream, where it is not known yet. */
  sha256: string;
  /** Rows that were left out because they have no target; absent: none. */
  unlabelled?: number;
}

/** The index of a column, -1 if there is none of this name. */
export function columnIndex(table: Table, name: string): number {
  return table.names.indexOf(name);
}

/** What the numbers in `lines` count: rows where the format has no lines. */
export const unitOf = ({ headerLine }: Pick<Table, 'headerLine'>): 'line' | 'row' => (headerLine === undefined ? 'row' : 'line');

/** Where a row is, for errors. */
export function rowPlace(table: Table, row: number): Where {
  return { file: table.file, line: table.lines[row] };
}

/** Collects rows of cells. */
export class TableBuilder {
  private builders: ColumnBuilder[];
  private lines = growingIntegers();
  private readonly missing: Set<string>;
  /** Whether a number may be declared missing (-999): only then numbers have to be looked up. */
  private readonly missingNumbers: boolean;
  private readonly missingSeen = new Set<string>();
  private readonly numberOf: (text: string) => number;
  private readonly longest: number;
  private readonly byteRows: ByteRows;
  /** That {@link addLine} is at. */
  private line = 0;

  constructor(
    private readonly file: string,
    private readonly names: string[],
    private readonly headerLine: number | undefined,
    private readonly delimiter: string,
    missing: readonly string[],
    style: StyleOptions = {},
  ) {
    this.numberOf = numberReader(style);
    this.longest = limitsOf(style.limits).cell;
    this.missing = new Set(missing.map((text) => text.trim()));
    this.missingNumbers = [...this.missing].some((text) => !Number.isNaN(parseNumber(text)));
    this.builders = names.map(() => new ColumnBuilder());
    const { decimal = '.', quote } = style;
    const [between, point] = [delimiter, decimal].map((sign) => sign.charCodeAt(0));
    const signs = { delimiter: between, decimal: point, numbers: !this.missingNumbers, quotes: quote !== 'none' };
    this.byteRows = new ByteRows(signs, (column, text) => {
      if (this.addCell(column, text, this.line)) return -1;
      return this.builders[column].isText ? this.builders[column].lastCode : undefined;
    });
  }

  get rows(): number {
    return this.lines.length;
  }

  /** @param cells texts as the table writes them, or numbers @throws data.ragged-row, data.cell-too-long */
  add(cells: readonly (string | number)[], line: number): void {
    const { names, builders } = this;
    if (cells.length !== names.length) {
      const hint = 'Quote cells that contain the delimiter, and give every row as many cells as the header.';
      const message = `this row has ${count(cells.length)}, the header has ${names.length}`;
      throw fail('data.ragged-row', message, { where: { file: this.file, line }, hint });
    }
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i];
      // The text of a number would be read back as the same number; minus zero has no sign there.
      if (typeof cell === 'number' && !this.missingNumbers && Number.isFinite(cell)) builders[i].push('', cell + 0);
      else this.addCell(i, cell, line);
    }
    this.lines.push(line);
  }

  /**
   * Takes the cells of a line, which begins at `at`, in UTF-8; the last line of the bytes has its end.
   * @returns the place of its end, or why nothing was taken (src/data/byte-rows.ts)
   * @throws data.cell-too-long
   */
  addLine(bytes: Buffer, at: number, line: number): number {
    this.line = line;
    const end = this.byteRows.take(bytes, at, this.builders);
    if (end >= 0) this.lines.push(line);
    return end;
  }

  /** Whether the line that begins at `at` may be blank, and no row. */
  mayBeBlank(bytes: Buffer, at: number): boolean {
    return this.byteRows.mayBeBlank(bytes, at, this.names.length);
  }

  /** Takes a cell, whatever it is. @returns whether it is missing */
  private addCell(i: number, cell: string | number, line: number): boolean {
    const builder = this.builders[i];
    const text = typeof cell === 'number' ? String(cell) : cell.trim();
    if (3 * text.length > this.longest) checkCell(text, this.longest, this.names[i], { file: this.file, line });
    const value = typeof cell === 'number' ? parseNumber(text) : this.numberOf(text);
    const maybeMissing = Number.isNaN(value) || this.missingNumbers;
    const missing = maybeMissing && this.isMissing(text);
    if (missing) builder.pushMissing();
    else if (typeof cell === 'string' && isCode(text)) builder.pushCode(text);
    else this.pushCell(builder, text, value);
    return missing;
  }

  /** The rows added since the last call. */
  take(): Table {
    const lines = this.lines.take();
    const columns: Column[] = [];
    // Column by column, so that only one is held twice.
    for (let i = 0; i < this.builders.length; i++) {
      columns.push(this.builders[i].take());
      this.builders[i] = new ColumnBuilder();
    }
    this.lines = growingIntegers();
    const { file, names, headerLine, delimiter } = this;
    const missingSeen = [...this.missingSeen];
    return { file, names, columns, rows: lines.length, lines, headerLine, delimiter, missingSeen, sha256: '' };
  }

  private pushCell(builder: ColumnBuilder, text: string, value: number): void {
    const percentage = Number.isNaN(value) ? percentText(text, this.numberOf) : undefined;
    if (percentage === undefined) builder.push(text, value);
    else builder.pushCode(percentage);
  }

  private isMissing(text: string): boolean {
    if (text === '') return true;
    if (!this.missing.has(text)) return false;
    this.missingSeen.add(text);
    return true;
  }
}

function count(cells: number): string {
  return cells === 1 ? '1 cell' : `${cells} cells`;
}
