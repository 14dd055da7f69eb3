/** Columns that belong to the target: what it was counted in, whether its times are those of events, others of a list. */
import { fail } from '../errors.js';
import { BOOLEANS } from './boolean.js';
import { allRows, asText, cellText, numbersOf, type Column } from './column.js';
import { expectNumbers } from './expect.js';
import { parseNumber } from './number.js';
import { columnIndex, rowPlace, type Table } from './table.js';
import { shorten } from './wording.js';

const LARGEST_EXPOSURE = 1e30;

/** Of all rows. @throws data.not-an-exposure for a cell that is no number above 0 */
export function exposures(table: Table, name: string, column: Column): Float32Array {
  const values = numbersOf(column);
  const row = values.findIndex((value) => !(value > 0 && value <= LARGEST_EXPOSURE));
  if (row < 0) return Float32Array.from(values);
  const cell = cellText(column, row);
  const what = cell === undefined ? 'the exposure is missing in this row' : `'${shorten(cell)}' is no exposure`;
  throw fail('data.not-an-exposure', `column '${name}': ${what}`, {
    where: rowPlace(table, row), hint: 'An exposure is a number above 0, such as the days in which the events were counted.',
  });
}

/** Of all rows: 1 or 0. @throws data.not-an-event for a cell that is neither */
export function events(table: Table, name: string, column: Column): Uint8Array {
  const { levels, codes } = asText(column);
  const meanings = levels.map((level) => {
    const value = parseNumber(level);
    if (value === 0 || value === 1) return value;
    const word = BOOLEANS.get(level);
    return word && Number(word.yes);
  });
  const row = codes.findIndex((code) => code < 0 || meanings[code] === undefined);
  if (row < 0) return Uint8Array.from(codes, (code) => meanings[code]!);
  const cell = cellText(column, row);
  const what = cell === undefined ? 'it is missing in this row whether the event was seen' : `'${shorten(cell)}' is neither 0 nor 1`;
  throw fail('data.not-an-event', `column '${name}': ${what}`, {
    where: rowPlace(table, row), hint: '1, true or yes: the event came at this time. 0, false or no: it had not come by then.',
  });
}

/**
 * Of all rows.
 * @throws data.missing-target without such a column, and for an empty cell; data.not-a-number, data.not-finite
 */
export function furtherTarget(table: Table, name: string): Float64Array {
  const index = columnIndex(table, name);
  if (index < 0) {
    throw fail('data.missing-target', `there is no column '${name}', which is one of the targets`, {
      where: { file: table.file, line: table.headerLine }, hint: 'The rows need all targets that the model was trained on.',
    });
  }
  const values = expectNumbers(table, index, allRows(table.rows), table.missingSeen);
  const row = values.findIndex((value) => !Number.isFinite(value));
  if (row < 0) return values;
  throw fail('data.missing-target', `column '${name}': the target is missing in this row`, {
    where: rowPlace(table, row), hint: 'Remove the rows that lack one of the targets.',
  });
}
