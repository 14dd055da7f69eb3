/**
 * Columnar storage. A column is kept as doubles (8 bytes a cell) for as long as every cell is a number or missing, and as
 * codes into a dictionary (4 bytes a cell and each distinct text once) from the first other cell on.
 */

import { KnownCells } from './known-cells.js';
import { parseNumber } from './number.js';

export interface NumberColumn {
  type: 'number';
  /** n; NaN where the cell is missing. */
  values: Float64Array;
}

export interface TextColumn {
  type: 'text';
  /** n; index into `levels`, -1 where the cell is missing. */
  codes: Int32Array;
  /** Distinct texts in order of appearance. A number is written canonically (`1.0` becomes `1`), a code as it is (`01`). */
  levels: string[];
  /** Codes of texts that are no numbers as this table writes them, but look like some: `1.5` where a comma is the sign. */
  foreign?: Set<number>;
}

export type Column = NumberColumn | TextColumn;

/** An array that grows in blocks, so that at most the block in use is partly empty. */
class Growing<A extends Float64Array | Int32Array> {
  private readonly blocks: A[] = [];
  private block: A;
  private used = 0;
  length = 0;

  constructor(private readonly make: (length: number) => A) {
    this.block = make(0);
  }

  push(value: number): void {
    if (this.used === this.block.length) {
      // Small at first: a table may have thousands of columns and few rows.
      this.block = this.make(Math.min(8192, Math.max(64, this.length)));
      this.blocks.push(this.block);
      this.used = 0;
    }
    this.block[this.used++] = value;
    this.length++;
  }

  /** Takes back what was pushed last. */
  pop(): void {
    this.used--;
    this.length--;
  }

  /** The value that was pushed last. */
  get last(): number {
    return this.block[this.used - 1];
  }

  /** All values; empties the blocks. */
  take(): A {
    const all = this.make(this.length);
    let at = 0;
    for (const block of this.blocks.splice(0)) {
      all.set(block.subarray(0, Math.min(block.length, this.length - at)), at);
      at += block.length;
    }
    [this.block, this.used] = [this.make(0), 0];
    return all;
  }
}

const numbers = (): Growing<Float64Array> => new Growing((length) => new Float64Array(length));
const integers = (): Growing<Int32Array> => new Growing((length) => new Int32Array(length));

/** The text of a number in a text column; the same for all ways of writing it. */
export const canonical = (value: number): string => String(value);

/** Collects the cells of one column. */
export class ColumnBuilder {
  private values = numbers();
  private codes = integers();
  private dictionary: Map<string, number> | undefined;
  private readonly foreign = new Set<number>();
  /** What cells mean by their bytes. */
  readonly known = new KnownCells();

  /** Whether there was a cell that is no number. */
  get isText(): boolean {
    return this.dictionary !== undefined;
  }

  /** Of a column that is no text. */
  pushNumber(value: number): void {
    this.values.push(value);
  }

  /** @param code of a text that the column has, or -1 */
  pushKnown(code: number): void {
    if (this.dictionary) this.codes.push(code);
    else this.values.push(NaN);
  }

  /** Takes the last cell back; a text that only it had stays among the levels. */
  pop(): void {
    if (this.dictionary) this.codes.pop();
    else this.values.pop();
  }

  /** The code of the last cell of a text column. */
  get lastCode(): number {
    return this.codes.last;
  }

  pushMissing(): void {
    if (this.dictionary) this.codes.push(-1);
    else this.values.push(NaN);
  }

  /** `text` is trimmed and not missing; `value` is the number that it writes, or NaN. */
  push(text: string, value: number): void {
    if (this.dictionary === undefined) {
      if (!Number.isNaN(value)) return this.values.push(value);
      this.toText();
    }
    const isNumber = !Number.isNaN(value);
    const code = this.pushText(isNumber ? canonical(value) : text);
    if (!isNumber && !Number.isNaN(parseNumber(text))) this.foreign.add(code);
  }

  /** A text that stays as it is, whatever number it may write. */
  pushCode(text: string): void {
    if (this.dictionary === undefined) this.toText();
    this.pushText(text);
  }

  take(): Column {
    if (this.dictionary === undefined) return { type: 'number', values: this.values.take() };
    const column: TextColumn = { type: 'text', codes: this.codes.take(), levels: [...this.dictionary.keys()] };
    return this.foreign.size > 0 ? { ...column, foreign: this.foreign } : column;
  }

  private toText(): void {
    this.dictionary = new Map();
    for (const value of this.values.take()) {
      if (Number.isNaN(value)) this.codes.push(-1);
      else this.pushText(canonical(value));
    }
    this.values = numbers();
  }

  private pushText(text: string): number {
    const dictionary = this.dictionary!;
    let code = dictionary.get(text);
    if (code === undefined) dictionary.set(text, (code = dictionary.size));
    this.codes.push(code);
    return code;
  }
}

/** Row numbers of a table, growing. */
export const growingIntegers = integers;

/** The same cells as dictionary-coded text. */
export function asText(column: Column): TextColumn {
  if (column.type === 'text') return column;
  const dictionary = new Map<number, number>();
  const { values } = column;
  const codes = new Int32Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    let code = Number.isNaN(value) ? -1 : dictionary.get(value);
    if (code === undefined) dictionary.set(value, (code = dictionary.size));
    codes[row] = code;
  }
  return { type: 'text', codes, levels: [...dictionary.keys()].map(canonical) };
}

/** The number each level of a text column writes, NaN where it is none. */
export function levelNumbers(column: TextColumn): Float64Array {
  return Float64Array.from(column.levels, (level, code) => (column.foreign?.has(code) ? NaN : parseNumber(level)));
}

/** The cells as doubles, NaN where missing or not a number. */
export function numbersOf(column: Column): Float64Array {
  if (column.type === 'number') return column.values;
  const numbers = levelNumbers(column);
  return numbersAt(column.codes, numbers);
}

/** n: the number of each cell's text, NaN where it is missing. @param numbers of the levels */
export function numbersAt(codes: Int32Array, numbers: Float64Array): Float64Array {
  const cells = new Float64Array(codes.length);
  for (let row = 0; row < codes.length; row++) cells[row] = codes[row] < 0 ? NaN : numbers[codes[row]];
  return cells;
}

/** Those of some rows whose cell is missing. */
export function missingRows(column: Column, rows: Int32Array): Int32Array {
  // Read once: of a table on the disk each look may bring the whole column into memory.
  const cells = column.type === 'number' ? column.values : column.codes;
  const isText = column.type === 'text';
  let count = 0;
  for (const row of rows) if (isText ? cells[row] < 0 : Number.isNaN(cells[row])) count++;
  const missing = new Int32Array(count);
  if (count === 0) return missing;
  let at = 0;
  for (const row of rows) if (isText ? cells[row] < 0 : Number.isNaN(cells[row])) missing[at++] = row;
  return missing;
}

/** Whether a cell is missing. */
export function isMissing(column: Column, row: number): boolean {
  return column.type === 'number' ? Number.isNaN(column.values[row]) : column.codes[row] < 0;
}

/** The cell as text, undefined where it is missing. */
export function cellText(column: Column, row: number): string | undefined {
  if (isMissing(column, row)) return undefined;
  return column.type === 'number' ? canonical(column.values[row]) : column.levels[column.codes[row]];
}

/** The row indices 0..rows-1. */
export function allRows(rows: number): Int32Array {
  const all = new Int32Array(rows);
  for (let row = 0; row < rows; row++) all[row] = row;
  return all;
}
