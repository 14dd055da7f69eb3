/** Complaints about cells that are not what their column is. */

import type { Problem } from '../errors.js';
import { levelNumbers, type TextColumn } from './column.js';
import type { Codes } from './codes.js';
import { hasComma, hasDecimalComma, isNonFinite } from './number.js';
import { numberReader, type StyleOptions } from './style.js';
import { rowPlace, type Table } from './table.js';
import { shorten, yamlText } from './wording.js';

/** A text column of which at least this share of cells (and at least so many) are of one kind was meant to be of that kind. */
const NEARLY_ALL = 0.9;
const A_FEW = 5;

/** Whether so many of the cells say what the column was meant to be. */
export const isMeant = (alike: number, present: number): boolean => alike >= A_FEW && alike >= NEARLY_ALL * present;

/** How many cells have one of the marked levels, and the first row that has none of them, -1 without one. */
export function countMarked({ codes }: TextColumn, marked: readonly boolean[]): { alike: number; odd: number } {
  let alike = 0;
  let odd = -1;
  codes.forEach((code, row) => {
    if (code < 0) return;
    if (marked[code]) alike++;
    else if (odd < 0) odd = row;
  });
  return { alike, odd };
}

/**
 * The complaint about the first cell of a text column that is not a number, if the column was meant to be numeric: because
 * the config says so (`meant`), or because nearly all its cells are and no `codes`.
 */
export function nonNumber(table: Table, index: number, meant: boolean, codes?: Codes): Problem | undefined {
  const column = table.columns[index];
  if (column.type === 'number' || codes !== undefined) return undefined;
  const numbers = levelNumbers(column);
  const numberlike = column.levels.map((level, i) => !Number.isNaN(numbers[i]) || isNonFinite(level) || hasComma(level)
    || column.foreign?.has(i) === true);
  const present = column.codes.reduce((sum, code) => sum + (code >= 0 ? 1 : 0), 0);
  const { alike } = countMarked(column, numberlike);
  const { odd: first } = countMarked(column, Array.from(numbers, (value) => !Number.isNaN(value)));
  if (first < 0 || !(meant || alike === present || isMeant(alike, present))) return undefined;
  return notANumber(table, index, first, column.levels.filter((_, i) => Number.isNaN(numbers[i])));
}

/**
 * The complaint about one cell of a numeric column.
 * @param texts all texts of the column that are no numbers; the hint names up to three
 */
export function notANumber(table: Table, index: number, row: number, texts: readonly string[]): Problem {
  const name = table.names[index];
  const column = table.columns[index] as TextColumn;
  const text = column.levels[column.codes[row]];
  const where = rowPlace(table, row);
  const quoted = `column '${name}': '${shorten(text)}' is not a`;
  if (isNonFinite(text)) {
    const hint = isShort(text) ? `${missingList(table, [text])} would make it a missing value.` : 'Correct it, or leave the cell empty.';
    return { code: 'data.not-finite', message: `${quoted} finite number`, hint, where };
  }
  if (hasComma(text) || column.foreign?.has(column.codes[row])) {
    return { code: 'data.not-a-number', message: `${quoted} number`, hint: `${numberHint(texts)}; ${keptAsText(name)}`, where };
  }
  return { code: 'data.not-a-number', message: `${quoted} number`, hint: mendHint(table, index, row, texts), where };
}

/** `data.missing: [n/a] would make it a missing value; ...`, of a cell whose like the column has few of. */
export function mendHint(table: Table, index: number, row: number, texts: readonly string[]): string {
  const column = table.columns[index] as TextColumn;
  const others = texts.length > 3 ? [column.levels[column.codes[row]]] : texts;
  const missing = others.every(isShort) ? `${missingList(table, others)} would make it a missing value; ` : '';
  return `${missing}${keptAsText(table.names[index])}`;
}

/** The last remedy for a column with cells of many kinds. */
export const keptAsText = (name: string): string =>
  `data.columns: {${yamlText(name)}: {kind: categorical}} would keep the column as text.`;

/** How to say what signs the numbers have. @param texts all texts of a column that are no numbers as it is */
export function numberHint(texts: readonly string[]): string {
  const all = (style: StyleOptions): boolean => {
    const numberOf = numberReader(style);
    return texts.every((text) => !Number.isNaN(numberOf(text)));
  };
  // `1,234` alone may be either.
  if (texts.every(hasDecimalComma)) return `Set ${texts.every((text) => /,\d{3}$/.test(text)) ? "data.thousands: ',' or " : ''}data.decimal: ','`;
  if (all({ thousands: ',' })) return "Set data.thousands: ','";
  if (all({ decimal: ',', thousands: '.' })) return "Set data.decimal: ',' and data.thousands: '.'";
  return 'Write all numbers alike, as data.decimal and data.thousands say';
}

/** Whether a text may stand in a hint as a whole, to be copied. */
const isShort = (text: string): boolean => text.length <= 100;

/** The config entry that adds `texts` to the tokens that already serve in this file. */
function missingList(table: Table, texts: readonly string[]): string {
  return `data.missing: [${[...table.missingSeen, ...texts].map(yamlText).join(', ')}]`;
}

/** The complaint about a cell that is no date, percentage, value of a boolean or level, where the column is of these. */
export function wrongCell(table: Table, index: number, row: number, what: string, hint: string): Problem {
  const column = table.columns[index];
  const text = column.type === 'number' ? String(column.values[row]) : column.levels[column.codes[row]];
  const message = `column '${table.names[index]}': '${shorten(text)}' is not ${what}`;
  return { code: 'data.wrong-cell', message, hint, where: rowPlace(table, row) };
}
