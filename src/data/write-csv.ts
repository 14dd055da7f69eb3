/** Writing small CSV tables (RFC 4180, `\n` as in every tool that reads pipes). */

import { visible } from '../errors.js';

/** A column that is written: all its cells are texts, or all are numbers. */
export interface WrittenColumn {
  name: string;
  type: 'text' | 'number';
}

/** Cells in the order of the columns. */
export type WrittenRow = readonly (string | number)[];

/** A table: a header, then rows. Numbers are written as short as they can be read back exactly, NaN as an empty cell. */
export function csvTable(
  header: readonly string[], rows: Iterable<readonly (string | number)[]>, line: typeof csvLine = csvLine,
): string {
  const lines = [line(header)];
  for (const row of rows) lines.push(line(row));
  return lines.join('');
}

/** One row with its line end. */
export function csvLine(cells: WrittenRow): string {
  return `${cells.map(csvCell).join(',')}\n`;
}

/** The same for spreadsheets: no text in it is a formula (docs/security.md). */
export const safeCsvLine = (cells: WrittenRow): string => csvLine(cells.map((cell) => (typeof cell === 'string' ? safeText(cell) : cell)));

/** A text that a spreadsheet would run, behind an apostrophe; control characters as their codes. Numbers stay as they are. */
function safeText(text: string): string {
  const shown = visible(text);
  const runs = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
  return runs || /^[\t\r\n]/.test(text) ? `'${shown}` : shown;
}

function csvCell(cell: string | number): string {
  if (typeof cell === 'number') return Number.isNaN(cell) ? '' : Object.is(cell, -0) ? '0' : String(cell);
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/**
 * The double that prints shortest and rounds to the same float32: float32 0.1 is the double 0.10000000149011612, and
 * nobody wants those digits in a table.
 */
export function shortFloat32(value: number): number {
  // Minus zero has no digits to keep its sign in.
  if (!Number.isFinite(value) || value === 0) return value;
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return short;
  }
  return Number(value.toPrecision(9));
}
