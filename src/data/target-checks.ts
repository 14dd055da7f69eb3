/** What can be wrong with a target column. */

import { closest } from '../suggest.js';
import { fail } from '../errors.js';
import type { Task } from '../types.js';
import { isMissing } from './column.js';
import { parseNumber } from './number.js';
import { columnIndex, rowPlace, type Table } from './table.js';
import { listNames } from './wording.js';

const MANY_CLASSES = 50;

/** Finds the column. @throws data.unknown-target */
export function targetIndex(table: Table, name: string): number {
  const index = columnIndex(table, name);
  if (index >= 0) return index;
  const near = closest(name, table.names);
  const nameless = table.names.every((other) => !Number.isNaN(parseNumber(other)));
  let hint = `The columns are ${listNames(table.names)}.`;
  if (near !== undefined) hint = `Did you mean '${near}'? ${hint}`;
  else if (nameless) hint = `The first line must hold the column names, but it holds numbers: ${listNames(table.names)}.`;
  const where = { file: table.file, line: table.headerLine };
  throw fail('data.unknown-target', `there is no column '${name}' to be the target`, { where, hint });
}

/** @throws data.missing-target */
export function checkComplete(table: Table, index: number): void {
  const missing: number[] = [];
  for (let row = 0; row < table.rows; row++) if (isMissing(table.columns[index], row)) missing.push(row);
  if (missing.length === 0) return;
  const others = missing.length > 1 ? ` (and in ${missing.length - 1} more rows)` : '';
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

/** @throws data.task-mismatch, data.too-many-classes */
export function checkClasses(table: Table, name: string, task: Task, levels: string[]): void {
  const where = { file: table.file };
  const fitting = levels.length === 2 ? 'binary' : 'multiclass';
  if (task !== fitting) {
    const message = `the target '${name}' has ${levels.length} classes, which is not ${task}`;
    throw fail('data.task-mismatch', message, { where, hint: `Set data.task: ${fitting}, or auto.` });
  }
  if (levels.length > MANY_CLASSES && levels.length > table.rows / 2) {
    const hint = 'Check data.target: names and keys cannot be predicted. For numbers, set data.task: regression.';
    const message = `the target '${name}' has ${levels.length} classes in ${table.rows} rows`;
    throw fail('data.too-many-classes', message, { where, hint });
  }
}
