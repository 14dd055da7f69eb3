/** What can be wrong with a target column. */

import { closest } from '../suggest.js';
import { fail } from '../errors.js';
import type { Task } from '../types.js';
import { isMissing, numbersOf } from './column.js';
import { parseNumber } from './number.js';
import { columnIndex, rowPlace, type Table } from './table.js';
import { listNames, shorten } from './wording.js';

const LARGEST_TARGET = 1e30;
/** Of the difference between the largest and the smallest. */
const SMALLEST_SPREAD = 1e-30;
const MANY_CLASSES = 50;
/** Whole numbers from 0 or 1 on, up to so many, may be codes of classes. */
export const MAX_CODED_CLASSES = 20;

/** Finds the column. @throws data.unknown-target */
export function targetIndex(table: Table, name: string): number {
  const index = columnIndex(table, name);
  if (index >= 0) return index;
  const near = closest(name, table.names);
  const nameless = table.names.every((other) => !Number.isNaN(parseNumber(other)));
  let hint = `The columns are ${listNames(table.names)}.`;
  const [first, ...others] = table.names;
  if (others.length === 0 && /[^\w.-]/.test(first)) {
    hint = `The whole line was read as one column, '${shorten(first)}': data.delimiter says which character divides the cells.`;
  } else if (near !== undefined) hint = `Did you mean '${near}'? ${hint}`;
  else if (nameless) hint = `The first line must hold the column names, but it holds numbers: ${listNames(table.names)}.`;
  const where = { file: table.file, line: table.headerLine };
  throw fail('data.unknown-target', `there is no column '${name}' to be the target`, { where, hint });
}

/** @throws data.missing-target */
export function checkComplete(table: Table, index: number): void {
  const missing: number[] = [];
  for (let row = 0; row < table.rows; row++) if (isMissing(table.columns[index], row)) missing.push(row);
  if (missing.length === 0) return;
  const others = missing.length > 1 ? ` (and in ${missing.length - 1} more ${missing.length === 2 ? 'row' : 'rows'})` : '';
  const hint = 'Remove the rows without a target: nothing can be learned from them.';
  const message = `column '${table.names[index]}': the target is missing in this row${others}`;
  throw fail('data.missing-target', message, { where: rowPlace(table, missing[0]), hint });
}

/**
 * @param levels distinct values of the target in the rows that `rows` names
 * @throws data.constant-target (regression), data.one-class
 */
export function checkVariation(table: Table, name: string, task: Task, levels: string[], rows = 'every row'): void {
  if (levels.length > 1) return;
  const where = { file: table.file };
  const hint = 'There is nothing to learn from it: check data.target, and that the file is not a filtered or sorted part.';
  const same = (what: string) => `the target '${name}' has the same ${what} in ${rows}`;
  if (task === 'regression') throw fail('data.constant-target', same('value'), { where, hint });
  throw fail('data.one-class', same('class'), { where, hint });
}

/** Predictions are 4-byte floats, which end at 3.4e38 and lose their digits below 1.2e-38. @throws data.target-range */
export function checkRange(table: Table, index: number): void {
  const values = numbersOf(table.columns[index]);
  const row = values.findIndex((value) => Math.abs(value) > LARGEST_TARGET);
  if (row < 0) return checkSpread(table, index, values);
  const message = `column '${table.names[index]}': the target ${values[row]} is beyond ${LARGEST_TARGET}`;
  throw fail('data.target-range', message, { where: rowPlace(table, row), hint: 'Use a larger unit: divide the column by a power of ten.' });
}

function checkSpread(table: Table, index: number, values: Float64Array): void {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) [least, most] = [Math.min(least, value), Math.max(most, value)];
  if (!(most > least && most - least < SMALLEST_SPREAD)) return;
  const message = `column '${table.names[index]}': the targets differ by less than ${SMALLEST_SPREAD}`;
  const hint = 'Use a smaller unit: multiply the column by a power of ten.';
  throw fail('data.target-range', message, { where: { file: table.file }, hint });
}

/** @throws data.task-mismatch, data.too-many-classes */
export function checkClasses(table: Table, name: string, task: Task, levels: string[]): void {
  const where = { file: table.file };
  const fitting = levels.length === 2 ? 'binary' : 'multiclass';
  if (task !== fitting) {
    const message = `the target '${name}' has ${levels.length} classes, which is not ${task}`;
    // Sixty numbers are sixty classes only for somebody who mistook the task.
    const numbers = levels.length > MAX_CODED_CLASSES && levels.every((level) => !Number.isNaN(parseNumber(level)));
    const hint = `Set data.task: ${numbers ? 'regression' : fitting}, or auto.`;
    throw fail('data.task-mismatch', message, { where, hint });
  }
  if (levels.length > MANY_CLASSES && levels.length > table.rows / 2) {
    const hint = 'Check data.target: names and keys cannot be predicted. For numbers, set data.task: regression.';
    const message = `the target '${name}' has ${levels.length} classes in ${table.rows} rows`;
    throw fail('data.too-many-classes', message, { where, hint });
  }
}
