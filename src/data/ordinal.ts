/** Columns of levels that have an order. */

import type { Problem } from '../errors.js';
import { closest } from '../suggest.js';
import { canonical, type TextColumn } from './column.js';
import { wrongCell } from './not-a-number.js';
import { isCode, parseNumber } from './number.js';
import type { Table } from './table.js';
import { listNames } from './wording.js';

/** Levels as the config has them, written as cells are. */
export const levelTexts = (levels: readonly (string | number)[]): string[] => levels.map((level) => {
  const text = String(level).trim();
  const value = parseNumber(text);
  return Number.isNaN(value) || isCode(text) ? text : canonical(value);
});

/** The place of each of a column's texts among the levels, from 0; NaN where it is none of them. */
export function places(column: TextColumn, levels: readonly string[]): Float64Array {
  const placeOf = new Map(levels.map((level, place) => [level, place]));
  return Float64Array.from(column.levels, (level) => placeOf.get(level) ?? NaN);
}

/** The complaint about a training cell. */
export function unknownLevel(table: Table, index: number, row: number, levels: readonly (string | number)[]): Problem {
  const texts = levelTexts(levels);
  const column = table.columns[index] as TextColumn;
  const near = closest(column.levels[column.codes[row]], texts);
  const hint = near === undefined ? `Add it to data.columns: {${table.names[index]}: {levels: [...]}}.` : `Did you mean '${near}'?`;
  return wrongCell(table, index, row, `one of the levels ${listNames(texts)}`, hint);
}
