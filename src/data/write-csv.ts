/** Writing small CSV tables (RFC 4180, `\n` as in every tool that reads pipes). */

/** A column that is written: all its cells are texts, or all are numbers. */
export interface WrittenColumn {
  name: string;
  type: 'text' | 'number';
}

/** Cells in the order of the columns. */
export type WrittenRow = readonly (string | number)[];

/** A table: a header, then rows. Numbers are written as short as they can be read back exactly, NaN as an empty cell. */
export function csvTable(header: readonly string[], rows: Iterable<readonly (string | number)[]>): string {
  const lines = [csvLine(header)];
  for (const row of rows) lines.push(csvLine(row));
  return lines.join('');
}

/** One row with its line end. */
export function csvLine(cells: WrittenRow): string {
  return `${cells.map(csvCell).join(',')}\n`;
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
