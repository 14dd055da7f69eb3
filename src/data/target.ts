/**
 * The target column: which task it poses, its class labels, its scale.
 *
 * `task: auto` reads it off the values of the whole file: text is classes, and so are two distinct values; so are whole
 * numbers that run 0, 1, 2, ... or 1, 2, 3, ... without a gap up to at most 20 values, with at least 5 rows a value
 * (digits, grades of a survey); every other numeric column is regression. `data.task` overrules this.
 */

import type { Config } from '../config/schema.js';
import { fail, type Problem } from '../errors.js';
import { likelihoodOf, targetNames, taskOf, tasks, type Likelihood, type TargetCells } from '../likelihood/index.js';
import type { RowFacts, Target, Task } from '../types.js';
import type { RowFactOptions } from './row-facts.js';
import { levelTexts } from './ordinal.js';
import { isBoolean, withOneWriting } from './boolean.js';
import { asText, canonical, numbersOf, type Column, type TextColumn } from './column.js';
import { inferKind, throwProblems, type InferredKind } from './infer.js';
import { nonNumber } from './not-a-number.js';
import { parseNumber, sortLevels } from './number.js';
import { percentNumbers } from './percent.js';
import { columnIndex, rowPlace, type Table } from './table.js';
import { checkClasses, checkComplete, targetIndex } from './target-checks.js';
import { yamlText } from './wording.js';
import { say, type Words } from '../voice.js';

export type TargetOptions = Pick<Config['data'], 'target' | 'task' | 'columns'> & Pick<RowFactOptions, 'event'>;

/** What the target column is, before anything is fitted. */
export interface TargetColumn {
  index: number;
  task: Task;
  /** Class labels, numbers in numeric order, texts by code units; empty for a number. */
  levels: string[];
  cells: TargetCells;
  /** How its numbers are written, where they are not plain. */
  form?: 'percent';
}

/**
 * Finds and judges the target column over all rows of the table.
 * @throws data.unknown-target, data.target-ignored, data.all-missing-column, data.missing-target, data.not-a-number,
 *   data.not-finite, data.date-target, data.constant-target, data.one-class, data.task-mismatch, data.too-many-classes
 */
export function resolveTarget(table: Table, options: TargetOptions): TargetColumn {
  const names = targetNames(options.target);
  const [first, ...others] = names.map((target) =>
    cellsOfTarget(table, { ...options, target, isOneOfSeveral: names.length > 1 }));
  const [index, { kind, cells: { levels } }] = [columnIndex(table, names[0]), first];
  const cells = { ...first.cells, ...(others.length > 0 && { further: others.map((other) => other.cells) }) };
  const task = options.task === 'auto' ? taskOf({ ...cells, timed: Boolean(options.event) }) : options.task;
  const likelihood = likelihoodOf(task);
  likelihood.check(cells);
  if (likelihood.kind === 'class') checkClasses(cells, likelihood);
  return {
    index, task, levels: likelihood.kind === 'class' ? [...levels] : [], cells, ...(kind === 'percent' && { form: kind }),
  };
}

/** One column that is predicted, and whether it is one of several, which are numbers. */
type OneTarget = Omit<TargetOptions, 'target'> & { target: string; isOneOfSeveral: boolean };

function cellsOfTarget(table: Table, options: OneTarget): { kind: InferredKind | undefined; cells: TargetCells } {
  const { target, columns } = options;
  const index = targetIndex(table, target);
  const { kind: asked, levels: own = [] } = columns[target] ?? {};
  if (asked === 'ignore') {
    const hint = `Remove data.columns.${target}, or name another data.target.`;
    throw fail('data.target-ignored', `the target '${target}' is ignored in the config`, { hint, where: { file: table.file } });
  }
  const kind = kindOfTarget(table, index, options);
  checkComplete(table, index);
  const plain = kind === 'percent' ? withNumbers(table, index) : table;
  const ordered = asked === 'ordinal';
  const levels = ordered ? levelTexts(own) : sortLevels(distinctTexts(plain.columns[index]));
  const cells = cellsOf(plain, index, levels, {
    numeric: kind === 'numeric' || kind === 'percent', ordered, declared: asked === 'numeric',
  });
  return { kind, cells };
}

/** The table with the numbers before the percent signs as the target. */
const withNumbers = (table: Table, index: number): Table => ({
  ...table, columns: table.columns.with(index, { type: 'number', values: percentNumbers(asText(table.columns[index])) }),
});

/** The cells of a target as text, with one word for each value of a boolean. */
export function targetText(column: Column): TextColumn {
  const text = asText(column);
  return isBoolean(text) ? withOneWriting(text) : text;
}

/** Of a column of more rows than this, so many different numbers are as good as all: they are no classes. */
const MANY_ROWS = 1e6;
const MANY_NUMBERS = 1e5;

/** The texts of a target, each once; a dictionary of many million numbers would take more room than the table. */
function distinctTexts(column: Column): string[] {
  if (column.type === 'number' && column.values.length > MANY_ROWS) {
    const numbers = new Set<number>();
    for (const value of column.values) {
      if (!Number.isNaN(value)) numbers.add(value);
      if (numbers.size >= MANY_NUMBERS) return Array.from(numbers, canonical);
    }
  }
  return targetText(column).levels;
}

function cellsOf(
  table: Table, index: number, levels: string[], { numeric, declared, ordered }: Pick<TargetCells, 'numeric' | 'declared'> & { ordered: boolean },
): TargetCells {
  const column = table.columns[index];
  return {
    name: table.names[index], rows: table.rows, numeric, declared, ordered, levels,
    levelsAreNumbers: levels.every((level) => !Number.isNaN(parseNumber(level))),
    numbers: () => numbersOf(column), codes: () => targetText(column).codes, places: () => placesOf(targetText(column), levels),
    place: (row) => (row === undefined ? { file: table.file } : rowPlace(table, row)),
  };
}

/** n: the place of each row's cell. */
function placesOf({ levels: own, codes }: TextColumn, levels: readonly string[]): Int32Array {
  const places = own.map((level) => levels.indexOf(level));
  return codes.map((code) => places[code]);
}

/**
 * Fits the target on training rows, as its likelihood says. Class labels are those of the whole table: they are the question
 * asked, not an estimate.
 * @param facts of all rows of the table
 * @throws what {@link resolveTarget} throws; data.constant-target and data.one-class for the training rows alone;
 *   data.target-range
 */
export function fitTarget(
  table: Table, rows: Int32Array, options: TargetOptions, facts: RowFacts = {},
): { target: Target; targetForm?: TargetColumn['form'] } {
  const { task, cells, form } = resolveTarget(table, options);
  checkTaken(table, task, facts);
  const { weights, exposure, events } = facts;
  const known = { ...(weights && { weights }), ...(exposure && { exposure }), ...(events && { events }) };
  return { target: likelihoodOf(task).fit({ ...cells, ...known }, rows), ...(form && { targetForm: form }) };
}

/** What belongs to targets of some tasks alone, and its key. */
const OF_TARGETS = { exposure: 'data.exposure', events: 'data.event' } as const;

/** @throws data.task-mismatch */
function checkTaken(table: Table, task: Task, facts: RowFacts): void {
  for (const [fact, key] of Object.entries(OF_TARGETS) as [keyof typeof OF_TARGETS, string][]) {
    if (!facts[fact] || likelihoodOf(task).takes?.includes(fact)) continue;
    const takers = tasks().filter((each) => likelihoodOf(each).takes?.includes(fact));
    throw fail('data.task-mismatch', `${key} is for targets of the task ${takers.join(' or ')}, and this one is of the task ${task}`, {
      where: { file: table.file }, hint: `Set data.task: ${takers[0]}, or leave ${key} out.`,
    });
  }
}

/** What the task that is asked for takes; undefined where none is. */
const kindOf = ({ task }: Pick<TargetOptions, 'task'>): Likelihood['kind'] | undefined =>
  (task === 'auto' ? undefined : likelihoodOf(task).kind);

/** @throws data.not-a-number, data.not-finite, data.wrong-cell, data.all-missing-column, data.task-mismatch */
function kindOfTarget(table: Table, index: number, options: OneTarget): InferredKind | undefined {
  const { kind, problem } = inferKind(table, index, options);
  const asked = options.isOneOfSeveral ? 'number' : kindOf(options);
  if (problem && !(asked === 'class' && problem.code === 'data.not-a-number')) throwProblems([forTarget(problem, options)]);
  if (kind === 'date' && asked !== 'class') throw dateTarget(table, options);
  if (kind === 'percent' && options.isOneOfSeveral) {
    throw fail('data.task-mismatch', `the target '${options.target}' has percent signs, which numbers of a list of targets have not`, {
      where: { file: table.file }, hint: 'Remove the signs, or name this column alone, as data.target.',
    });
  }
  if (kind === 'percent') return asked === 'class' ? 'categorical' : kind;
  const bad = asked === 'number' ? nonNumber(table, index, true) : undefined;
  if (bad) throwProblems([forTarget(bad, options)]);
  return kind;
}

/** Moments of many rows are neither numbers nor classes. */
function dateTarget({ file }: Table, { target }: OneTarget): Error {
  return fail('data.date-target', `the target '${target}' is a column of dates, which are not predicted`, {
    where: { file },
    hint: 'Make it a number, such as the days since a first date; '
      + `data.columns: {${yamlText(target)}: {kind: categorical}} would make every date a class.`,
  });
}

/** A target can be neither ignored nor missing: the hints for inputs would mislead. */
function forTarget(problem: Problem<Words>, { target, task, isOneOfSeveral }: OneTarget): Problem<Words> {
  if (problem.code === 'data.all-missing-column') return { ...problem, hint: 'Check data.target and data.missing.' };
  const given = say(problem.hint ?? '');
  const mend = /data\.(decimal|thousands)/.test(given) ? given.split(';')[0] : 'Correct or remove such rows';
  if (isOneOfSeveral) return { ...problem, hint: `${mend}. Targets of a list are numbers: name a text column alone, as data.target.` };
  const classes = kindOf({ task }) === 'number'
    ? 'data.task: auto' // kind: categorical would contradict the task
    : `data.columns: {${yamlText(target)}: {kind: categorical}}`;
  return { ...problem, hint: `${mend}; ${classes} would make every text a class.` };
}
