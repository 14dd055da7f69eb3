/**
 * The target column: which task it poses, its class labels, its scale.
 *
 * `task: auto` reads it off the values of the whole file: text is classes, and so are two distinct values; so are whole
 * numbers that run 0, 1, 2, ... or 1, 2, 3, ... without a gap up to at most 20 values, with at least 5 rows a value
 * (digits, grades of a survey); every other numeric column is regression. `data.task` overrules this.
 */

import type { Config } from '../config/schema.js';
import { fail, type Problem } from '../errors.js';
import type { Target, Task } from '../types.js';
import { asText, numbersOf } from './column.js';
import { DECIMAL_COMMAND, DECIMAL_HINT, inferKind, nonNumber, throwProblems } from './infer.js';
import { moments } from '../maths/moments.js';
import { sortLevels } from './number.js';
import type { Table } from './table.js';
import { checkClasses, checkComplete, checkRange, checkVariation, MAX_CODED_CLASSES, targetIndex } from './target-checks.js';
import { yamlText } from './wording.js';
import { say, type Words } from '../voice.js';

export type TargetOptions = Pick<Config['data'], 'target' | 'task' | 'columns'>;

/** What the target column is, before anything is fitted. */
export interface TargetColumn {
  index: number;
  task: Task;
  /** Class labels, numbers in numeric order, texts by code units; empty for regression. */
  levels: string[];
}

const ROWS_PER_CLASS = 5;

/**
 * Finds and judges the target column over all rows of the table.
 * @throws data.unknown-target, data.target-ignored, data.all-missing-column, data.missing-target, data.not-a-number,
 *   data.not-finite, data.constant-target, data.one-class, data.task-mismatch, data.too-many-classes
 */
export function resolveTarget(table: Table, options: TargetOptions): TargetColumn {
  const index = targetIndex(table, options.target);
  if (options.columns[options.target]?.kind === 'ignore') {
    const hint = `Remove data.columns.${options.target}, or name another data.target.`;
    const where = { file: table.file };
    throw fail('data.target-ignored', `the target '${options.target}' is ignored in the config`, { hint, where });
  }
  const numeric = isNumeric(table, index, options);
  checkComplete(table, index);
  const levels = sortLevels(asText(table.columns[index]).levels);
  const task = options.task === 'auto' ? autoTask(table, numeric, levels, options) : options.task;
  checkVariation(table, options.target, task, levels);
  if (task === 'regression') return { index, task, levels: [] };
  checkClasses(table, options.target, task, levels);
  return { index, task, levels };
}

/**
 * Fits the target on training rows: mean and standard deviation for regression. Class labels are those of the whole table:
 * they are the question asked, not an estimate.
 * @throws what {@link resolveTarget} throws; data.constant-target and data.one-class for the training rows alone;
 *   data.target-range
 */
export function fitTarget(table: Table, rows: Int32Array, options: TargetOptions): Target {
  const { index, task, levels } = resolveTarget(table, options);
  const column = table.columns[index];
  if (task !== 'regression') {
    const { codes } = asText(column);
    const seen = new Set(Array.from(rows, (row) => codes[row]));
    checkVariation(table, options.target, task, [...seen].map(String), 'the training rows');
    return { name: options.target, task, levels };
  }
  const { mean, sd, constant } = moments(numbersOf(column), rows);
  checkRange(table, index);
  checkVariation(table, options.target, task, constant ? ['one'] : ['one', 'other'], 'the training rows');
  return { name: options.target, task, mean, scale: sd };
}

function isNumeric(table: Table, index: number, options: TargetOptions): boolean {
  const { kind, problem } = inferKind(table, index, options);
  const classes = options.task === 'binary' || options.task === 'multiclass';
  if (problem && !(classes && problem.code === 'data.not-a-number')) throwProblems([forTarget(problem, options)]);
  const bad = options.task === 'regression' ? nonNumber(table, index, true) : undefined;
  if (bad) throwProblems([forTarget(bad, options)]);
  return kind === 'numeric';
}

/** A target can be neither ignored nor missing: the hints for inputs would mislead. */
function forTarget(problem: Problem<Words>, { target, task }: TargetOptions): Problem<Words> {
  if (problem.code === 'data.all-missing-column') return { ...problem, hint: 'Check data.target and data.missing.' };
  const given = say(problem.hint ?? '');
  const mend = given.startsWith(DECIMAL_HINT) ? DECIMAL_HINT : 'Correct or remove such rows';
  const command = given.endsWith(DECIMAL_COMMAND) ? ` ${DECIMAL_COMMAND}` : '';
  const classes = task === 'regression'
    ? 'data.task: auto' // kind: categorical would contradict the task
    : `data.columns: {${yamlText(target)}: {kind: categorical}}`;
  return { ...problem, hint: `${mend}; ${classes} would make every text a class.${command}` };
}

function autoTask(table: Table, numeric: boolean, levels: string[], options: TargetOptions): Task {
  const classes = levels.length <= 2 ? 'binary' : 'multiclass';
  const asked = options.columns[options.target]?.kind;
  if (asked === 'numeric') return 'regression';
  if (!numeric) return classes;
  // A constant column poses no task; what is said about it should speak of a number.
  if (levels.length === 1) return 'regression';
  if (levels.length === 2) return 'binary';
  const first = Number(levels[0]);
  const consecutive = (first === 0 || first === 1) && levels.every((level, i) => Number(level) === first + i);
  const coded = consecutive && levels.length <= MAX_CODED_CLASSES && table.rows >= ROWS_PER_CLASS * levels.length;
  return coded ? 'multiclass' : 'regression';
}
