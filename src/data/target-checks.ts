/** What can be wrong with a target column. */

import { closest } from '../suggest.js';
import { fail } from '../errors.js';
import { defaultTask, taskOfClasses, type ClassLikelihood, type TargetCells } from '../likelihood/index.js';
import { allRows, missingRows } from './column.js';
import { parseNumber } from './number.js';
import { columnIndex, rowPlace, type Table } from './table.js';
import { listNames, shorten } from './wording.js';

const MANY_CLASSES = 50;
/** More different numbers than codes of classes have. */
const MANY_NUMBERS = 20;

/** Finds the column. @throws data.unknown-target */
export function targetIndex(table: Table, name: string): number {
  const index = columnIndex(table, name);
  if (index >= 0) return index;
  const near = closest(name, table.names);
  const nameless = table.names.every((other) => !Number.isNaN(parseNumber(other)));
  let hint = `The columns are ${listNames(table.names)}.`;
  const [first, ...others] = table.names;
  if (others.length === 0 && /[^\w.-]/.test(first)) {
    hint = `The whole line was read as one column, '${shorten(first)}'. Set data.delimiter to the character between the cells.`;
  } else if (near !== undefined) hint = `Did you mean '${near}'? ${hint}`;
  else if (nameless) hint = `The first line must hold the column names, but it holds numbers: ${listNames(table.names)}.`;
  const where = { file: table.file, line: table.headerLine };
  throw fail('data.unknown-target', `there is no column '${name}' to be the target`, { where, hint });
}

/** @throws data.missing-target */
export function checkComplete(table: Table, index: number): void {
  const missing = missingRows(table.columns[index], allRows(table.rows));
  if (missing.length === 0) return;
  const others = missing.length > 1 ? ` (and in ${missing.length - 1} more ${missing.length === 2 ? 'row' : 'rows'})` : '';
  const hint = 'Remove the rows without a target, or set data.unlabelled: drop. They cannot be used for training.';
  const message = `column '${table.names[index]}': the target is missing in this row${others}`;
  throw fail('data.missing-target', message, { where: rowPlace(table, missing[0]), hint });
}

/** Whether the likelihood takes so many classes. @throws data.task-mismatch, data.too-many-classes */
export function checkClasses(cells: TargetCells, { task, classes: [least, most] }: ClassLikelihood): void {
  const { name, levels, levelsAreNumbers, rows, place } = cells;
  const where = place();
  if (levels.length < least || levels.length > most) {
    const message = `the target '${name}' has ${levels.length} classes, which is not ${task}`;
    // Sixty numbers are sixty classes only for somebody who mistook the task.
    const numbers = levels.length > MANY_NUMBERS && levelsAreNumbers;
    const hint = `Set data.task: ${numbers ? defaultTask() : taskOfClasses(levels.length)}, or auto.`;
    throw fail('data.task-mismatch', message, { where, hint });
  }
  if (levels.length > MANY_CLASSES && levels.length > rows / 2) {
    const hint = `Check data.target: names and keys cannot be predicted. For numbers, set data.task: ${defaultTask()}.`;
    const message = `the target '${name}' has ${levels.length} classes in ${rows} rows`;
    throw fail('data.too-many-classes', message, { where, hint });
  }
}
