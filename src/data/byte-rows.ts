/**
 * Rows straight from the bytes of lines in which every cell ends with its line: numbers, and texts that a column has had before,
 * are taken without making a text of the cell. Everything else goes the way that cells of csv-parse go, and so comes to the same.
 */
import type { ColumnBuilder } from './column.js';
import { HEAD_DIGITS, nearestDouble, TAIL_DIGITS } from './decimal.js';
import { mixed, SEED } from './known-cells.js';

const [LINE_FEED, RETURN, SPACE, QUOTE, MINUS, PLUS, ZERO, NINE] = [0x0a, 0x0d, 0x20, 0x22, 0x2d, 0x2b, 0x30, 0x39];
/** What `trim` takes away of ASCII, beside line ends. */
const isBlank = (byte: number): boolean => byte === SPACE || byte === 0x09 || byte === 0x0b || byte === 0x0c;
/** What csv-parse takes away outside of quotes. */
const isPadding = (byte: number): boolean => byte === SPACE || byte === 0x09 || byte === 0x0c;
const isEnd = (byte: number): boolean => byte === LINE_FEED || byte === RETURN;
/** With these the characters beyond ASCII that `trim` takes away begin in UTF-8. */
const BLANK_LEADS = new Set([0xc2, 0xe1, 0xe2, 0xe3, 0xef]);
const LARGEST_EXPONENT = 400;

export interface ByteStyle {
  /** ASCII. */
  delimiter: number;
  /** The sign before a fraction. */
  decimal: number;
  /** Whether no number means a missing cell. */
  numbers: boolean;
  /** Whether cells may stand in double quotes. */
  quotes: boolean;
}

/** What a line is that was not taken: of more or fewer cells than there are columns, or with quotes that take a parser. */
export const [RAGGED, QUOTED] = [-1, -2];
/** No number stands where one was looked for. */
const NONE = -1;

/** Takes a cell as a text; what texts of the same bytes mean in this column, if that is sure: a code, or -1 of a missing cell. */
export type TakeText = (column: number, text: string) => number | undefined;

export class ByteRows {
  constructor(private readonly style: ByteStyle, private readonly takeText: TakeText) {}

  /** Whether the line may be blank, and no row of so many columns. */
  mayBeBlank(bytes: Uint8Array, at: number, columns: number): boolean {
    let place = at;
    while (bytes[place] !== this.style.delimiter && isBlank(bytes[place])) place++;
    return isEnd(bytes[place]) || BLANK_LEADS.has(bytes[place]) || (columns === 1 && bytes[place] === QUOTE);
  }

  /**
   * Takes the cells of the line that begins at `at`.
   * @param bytes whose last line has its end
   * @returns the place of the line's end, else {@link RAGGED} or {@link QUOTED}, and then nothing was taken
   */
  take(bytes: Buffer, at: number, columns: readonly ColumnBuilder[]): number {
    const { delimiter, numbers, quotes } = this.style;
    const last = columns.length - 1;
    let place = at;
    for (let column = 0; column <= last; column++) {
      while (bytes[place] !== delimiter && isPadding(bytes[place])) place++;
      const builder = columns[column];
      const inQuotes = quotes && bytes[place] === QUOTE;
      const after = numbers && !inQuotes && !builder.isText ? this.number(bytes, place, builder) : NONE;
      if (after !== NONE) place = after;
      else place = inQuotes ? this.quoted(bytes, place, builder, column) : this.text(bytes, place, builder, column);
      if (place < 0) return undone(columns, column, QUOTED);
      if (bytes[place] === delimiter) {
        if (column === last) return undone(columns, column + 1, RAGGED);
        place++;
      } else if (column < last) {
        return undone(columns, column + 1, RAGGED);
      }
    }
    return place;
  }

  /** The place after a number, which stands where the cell begins, or {@link NONE}. */
  private number(bytes: Uint8Array, start: number, builder: ColumnBuilder): number {
    const { delimiter, decimal } = this.style;
    let place = start;
    let byte = bytes[place];
    const signed = byte === MINUS || byte === PLUS;
    const negative = byte === MINUS;
    if (signed) byte = bytes[++place];
    const first = place;
    let head = 0;
    for (; byte >= ZERO && byte <= NINE; byte = bytes[++place]) head = 10 * head + (byte - ZERO);
    let digits = place - first;
    let fraction = 0;
    const point = byte === decimal && byte !== delimiter;
    if (point) {
      byte = bytes[++place];
      const from = place;
      for (; byte >= ZERO && byte <= NINE; byte = bytes[++place]) head = 10 * head + (byte - ZERO);
      fraction = place - from;
      digits += fraction;
    }
    if (digits === 0) return NONE;
    const afterDigits = place;
    let exponent = 0;
    const scientific = (byte | SPACE) === 0x65;
    if (scientific) {
      byte = bytes[++place];
      const down = byte === MINUS;
      if (down || byte === PLUS) byte = bytes[++place];
      if (!(byte >= ZERO && byte <= NINE)) return NONE;
      for (; byte >= ZERO && byte <= NINE; byte = bytes[++place]) {
        if (exponent < LARGEST_EXPONENT) exponent = 10 * exponent + (byte - ZERO);
      }
      if (down) exponent = -exponent;
    }
    while (byte !== delimiter && isBlank(byte)) byte = bytes[++place];
    if (byte !== delimiter && !isEnd(byte)) return NONE;
    // Digits alone that begin with a zero, or are too many for a double, name something.
    if (!signed && !point && !scientific && digits > 1 && (bytes[first] === ZERO || digits > HEAD_DIGITS)) return NONE;
    const value = digits <= HEAD_DIGITS ? nearestDouble(head, 0, 0, exponent - fraction)
      : longNumber(bytes, first, afterDigits, exponent - fraction);
    if (Number.isNaN(value)) return NONE;
    builder.pushNumber(negative ? -value : value);
    return place;
  }

  /** The place after the cell, or {@link QUOTED}. */
  private text(bytes: Buffer, start: number, builder: ColumnBuilder, column: number): number {
    const { delimiter, quotes } = this.style;
    let place = start;
    let end = start;
    let hash = SEED;
    let hashAtEnd = SEED;
    for (let byte = bytes[place]; byte !== delimiter && !isEnd(byte); byte = bytes[++place]) {
      if (byte === QUOTE && quotes) return QUOTED;
      hash = mixed(hash, byte);
      if (isBlank(byte)) continue;
      end = place + 1;
      hashAtEnd = hash;
    }
    this.push(bytes, start, end, hashAtEnd, builder, column);
    return place;
  }

  /** The same of a cell in quotes that has no quotes and no line ends within. */
  private quoted(bytes: Buffer, start: number, builder: ColumnBuilder, column: number): number {
    const { delimiter } = this.style;
    let place = start + 1;
    while (isBlank(bytes[place])) place++;
    const begin = place;
    let end = begin;
    let hash = SEED;
    let hashAtEnd = SEED;
    for (let byte = bytes[place]; byte !== QUOTE; byte = bytes[++place]) {
      if (isEnd(byte)) return QUOTED;
      hash = mixed(hash, byte);
      if (isBlank(byte)) continue;
      end = place + 1;
      hashAtEnd = hash;
    }
    place++;
    while (bytes[place] !== delimiter && isPadding(bytes[place])) place++;
    if (bytes[place] !== delimiter && !isEnd(bytes[place])) return QUOTED;
    this.push(bytes, begin, end, hashAtEnd, builder, column);
    return place;
  }

  private push(bytes: Buffer, start: number, end: number, hash: number, builder: ColumnBuilder, column: number): void {
    const known = end === start ? -1 : builder.known.find(bytes, start, end, hash);
    if (known !== undefined) return builder.pushKnown(known);
    const meaning = this.takeText(column, bytes.toString('utf8', start, end));
    if (meaning !== undefined) builder.known.remember(bytes, start, end, hash, meaning);
  }
}

/** Takes the last cell of the first `count` columns away; the line comes again, and then what it was remembered by is right. */
function undone(columns: readonly ColumnBuilder[], count: number, why: number): number {
  for (let column = 0; column < count; column++) columns[column].pop();
  return why;
}

/** The cells of a line of text; undefined where its quotes take a parser. */
export function cellsOf(line: string, delimiter: string, quotes: boolean): string[] | undefined {
  if (!quotes || !line.includes('"')) return line.split(delimiter);
  const cells: string[] = [];
  for (let at = 0; ; at++) {
    const padding = /^[ \t\f]*"/.exec(line.slice(at));
    const from = padding ? at + padding[0].length : at;
    const close = padding ? line.indexOf('"', from) : from;
    if (close < 0) return undefined;
    const found = line.indexOf(delimiter, close);
    const end = found < 0 ? line.length : found;
    const outside = padding ? line.slice(close + 1, end) : '';
    const cell = line.slice(from, padding ? close : end);
    if (/[^ \t\f]/.test(outside) || cell.includes('"')) return undefined;
    cells.push(cell);
    if (found < 0) return cells;
    at = end;
  }
}

/** The number of more digits than a double holds between two places, one for the fraction's sign; NaN if not sure of it. */
function longNumber(bytes: Uint8Array, from: number, to: number, exponent: number): number {
  let head = 0;
  let digits = 0;
  let tail = 0;
  let tailDigits = 0;
  for (let place = from; place < to; place++) {
    const digit = bytes[place] - ZERO;
    if (digit < 0 || digit > 9) continue;
    if (digits < HEAD_DIGITS) {
      head = 10 * head + digit;
      if (head !== 0) digits++;
    } else {
      tail = 10 * tail + digit;
      if (++tailDigits > TAIL_DIGITS) return NaN;
    }
  }
  return nearestDouble(head, tail, tailDigits, exponent);
}

/** The place after the end of the line that ends at `end`: LF, CRLF or CR. */
export const afterEnd = (bytes: Uint8Array, end: number): number =>
  (bytes[end] === RETURN && bytes[end + 1] === LINE_FEED ? end + 2 : end + 1);

/** Where the line that begins at `at` ends. */
export function endOfLine(bytes: Uint8Array, at: number): number {
  let place = at;
  while (!isEnd(bytes[place])) place++;
  return place;
}
