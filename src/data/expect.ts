/** Checks of a table against what training saw. */

import { BnncError } from '../errors.js';
import type { DateOrder, Feature } from '../types.js';
import { asText, levelNumbers, numbersAt, numbersOf, type TextColumn } from './column.js';
import { parseMoment, type Moment } from './date.js';
import { featureNumbers } from './feature.js';
import { notANumber, wrongCell } from './not-a-number.js';
import { percentNumbers, percentOf } from './percent.js';
import type { Table } from './table.js';

/**
 * The cells of a column that training knew as numbers, NaN where missing.
 * @param rows where text is a mistake; other rows may hold NaN for it
 * @param missing tokens named in the hint
 * @throws data.not-a-number, data.not-finite
 */
export function expectNumbers(table: Table, index: number, rows: Int32Array, missing: readonly string[]): Float64Array {
  const column = table.columns[index];
  if (column.type === 'number') return column.values;
  const numbers = levelNumbers(column);
  const row = firstBad(column, rows, (code) => Number.isNaN(numbers[code]));
  if (row < 0) return numbersOf(column);
  const problem = notANumber(table, index, row, [column.levels[column.codes[row]]]);
  const alike = / is not a number$/.test(problem.message) && /data\.(decimal|thousands)/.test(problem.hint ?? '')
    ? ' Write numbers as the table does that was learned from.' : '';
  throw new BnncError({ ...problem, hint: `The model was trained on numbers here; ${missingHint(missing)}.${alike}` });
}

/**
 * The cells of a numeric feature of any form, NaN where missing or where an ordinal column has a level that is not known.
 * @throws data.not-a-number, data.not-finite, data.wrong-cell
 */
export function expectFeature(
  table: Table, index: number, rows: Int32Array, { missing, feature }: { missing: readonly string[]; feature: Feature },
): Float64Array {
  const { form } = feature;
  if (form === undefined) return expectNumbers(table, index, rows, missing);
  if (form === 'percent') return expectPercents(table, index, rows, missing);
  const column = asText(table.columns[index]);
  const numbers = featureNumbers(column, feature);
  return numbersAt(column.codes, numbers);
}

/** The numbers before the percent signs of a column, NaN where missing. @throws data.wrong-cell */
export function expectPercents(table: Table, index: number, rows: Int32Array, missing: readonly string[]): Float64Array {
  const column = asText(table.columns[index]);
  const row = firstBad(column, rows, (code) => Number.isNaN(percentOf(column.levels[code])));
  if (row < 0) return percentNumbers(column);
  const hint = `The model was trained on percentages here, written like 12.5%; ${missingHint(missing)}.`;
  throw new BnncError(wrongCell(table, index, row, 'a percentage', hint));
}

const EXAMPLES: Record<DateOrder, string> = { iso: '2024-03-01', dayFirst: '01.03.2024', monthFirst: '03/01/2024' };

/** The moments of a column that training knew as dates, by cell; undefined where missing. @throws data.wrong-cell */
export function expectDates(
  table: Table, index: number, rows: Int32Array, { missing, order }: { missing: readonly string[]; order: DateOrder },
): (row: number) => Moment | undefined {
  const column = asText(table.columns[index]);
  const written = column.levels.map((level) => parseMoment(level, order));
  const row = firstBad(column, rows, (code) => written[code] === undefined);
  const { codes } = column;
  if (row < 0) return (at) => (codes[at] < 0 ? undefined : written[codes[at]]);
  const hint = `The model was trained on dates here, written like ${EXAMPLES[order]}; ${missingHint(missing)}.`;
  throw new BnncError(wrongCell(table, index, row, 'a date', hint));
}

const firstBad = ({ codes }: TextColumn, rows: Int32Array, isBad: (code: number) => boolean): number =>
  rows.find((row) => codes[row] >= 0 && isBad(codes[row])) ?? -1;

function missingHint(missing: readonly string[]): string {
  const tokens = missing.filter((text) => text !== '').map((text) => `'${text}'`);
  return `a missing cell is ${['empty', ...tokens].join(' or ')}`;
}
