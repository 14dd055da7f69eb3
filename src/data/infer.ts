/**
 * What a column is. A column whose cells are all numbers is numeric (0/1 included), unless their digits are codes; a column of
 * percentages, dates or words for yes and no is that; any other is categorical. Between them lie mistakes, and they are errors: a
 * column that is nearly all numbers, percentages or dates, NaN or Infinity, decimal commas, no cell at all.
 */

import type { Config } from '../config/schema.js';
import { BnncError, type Problem } from '../errors.js';
import type { DateOrder } from '../types.js';
import { key, words, type Words } from '../voice.js';
import { BOOLEANS, isBoolean } from './boolean.js';
import { codesOf, type Codes } from './codes.js';
import { asText, levelNumbers, type Column, type TextColumn } from './column.js';
import { dateVerdict, type DateOption } from './date-column.js';
import { levelTexts, unknownLevel } from './ordinal.js';
import { countMarked, isMeant, keptAsText, mendHint, nonNumber, wrongCell } from './not-a-number.js';
import { percents } from './percent.js';
import type { Table } from './table.js';
import { yamlText } from './wording.js';

/** The part of the config that says how columns are read. */
export type ColumnOptions = Pick<Config['data'], 'columns'> & { dates?: DateOption | undefined };

/** `identifier` is a categorical column with nearly as many levels as rows (names, keys): of no use as an input. */
export type InferredKind = 'numeric' | 'categorical' | 'identifier' | 'percent' | 'boolean' | 'ordinal' | 'date';

/** More levels than this, and more than half as many as rows, make an identifier. */
const MANY_LEVELS = 50;

/** A kind, or the reason why there is none. */
export type Verdict = { kind: InferredKind; codes?: Codes | undefined; dates?: DateOrder; problem?: undefined }
  | { kind?: undefined; codes?: undefined; dates?: undefined; problem: Problem<Words> };

/** Throws all problems at once, the first ten of them if there are more. */
export function throwProblems(problems: readonly Problem<Words>[]): void {
  if (problems.length === 0) return;
  const shown = problems.slice(0, 10);
  const left = problems.length - shown.length;
  const last = shown[shown.length - 1];
  if (left > 0) shown[shown.length - 1] = { ...last, hint: words`${last.hint ? words`${last.hint} ` : ''}(${left} more columns have problems.)` };
  throw new BnncError(shown);
}

/** Infers the kind of column `index` over all rows, or takes the config's word for it. */
export function inferKind(table: Table, index: number, options: ColumnOptions): Verdict {
  const name = table.names[index];
  const column = table.columns[index];
  const { kind: asked, levels } = options.columns[name] ?? {};
  if (!hasCells(column)) return { problem: allMissing(table, name) };
  if (asked === 'categorical') return { kind: 'categorical' };
  if (asked === undefined && column.type === 'number') return { kind: 'numeric' };
  const present = presentCells(column);
  if (asked === 'boolean' || asked === 'percent' || asked === 'date' || asked === 'ordinal') {
    const spelled = { ...table, columns: table.columns.with(index, asText(column)) };
    return declared(spelled, index, asked, { present, levels: levels ?? [], dates: options.dates });
  }
  if (column.type === 'number') return { kind: 'numeric' };
  if (asked === undefined) {
    if (isBoolean(column)) return { kind: 'boolean' };
    const found = percentVerdict(table, index, present, false) ?? datesOf(table, index, present, options, false);
    if (found) return found;
  }
  const codes = asked === 'numeric' ? undefined : codesOf(column, present);
  const problem = nonNumber(table, index, asked === 'numeric', codes);
  if (problem) return { problem };
  if (codes === undefined && levelNumbers(column).every((value) => !Number.isNaN(value))) return { kind: 'numeric' };
  return { kind: isIdentifier(column, present, codes) ? 'identifier' : 'categorical', codes };
}

interface Declared extends Omit<ColumnOptions, 'columns'> {
  present: number;
  levels: readonly (string | number)[];
}

/** What the config says, if the cells agree. */
function declared(
  table: Table, index: number, asked: 'boolean' | 'percent' | 'date' | 'ordinal', { present, levels, dates }: Declared,
): Verdict {
  const column = table.columns[index] as TextColumn;
  const name = table.names[index];
  if (asked === 'percent') return percentVerdict(table, index, present, true)!;
  if (asked === 'date') return datesOf(table, index, present, { dates }, true)!;
  const known: { has(level: string): boolean } = asked === 'boolean' ? BOOLEANS : new Set(levelTexts(levels));
  const { odd } = countMarked(column, column.levels.map((level) => known.has(level)));
  if (odd < 0) return { kind: asked };
  if (asked === 'ordinal') return { problem: unknownLevel(table, index, odd, levels) };
  const hint = `Booleans are written like true and false, yes and no, or 1 and 0; ${keptAsText(name)}`;
  return { problem: wrongCell(table, index, odd, 'a value of a boolean', hint) };
}

function datesOf(table: Table, index: number, present: number, { dates = 'auto' }: Pick<ColumnOptions, 'dates'>, asked: boolean): Verdict | undefined {
  const found = dateVerdict(table, index, present, { dates, asked });
  if (!found || found.problem) return found;
  return { kind: 'date', dates: found.order };
}

/** Percentages: all cells, or a complaint if nearly all are, if all others are numbers, or if the config says so (`asked`). */
function percentVerdict(table: Table, index: number, present: number, asked: boolean): Verdict | undefined {
  const column = table.columns[index] as TextColumn;
  const values = percents(column);
  const marked = Array.from(values, (value) => !Number.isNaN(value));
  const { alike, odd } = countMarked(column, marked);
  if (odd < 0) return { kind: 'percent' };
  if (alike === 0 && !asked) return undefined;
  const numbers = levelNumbers(column);
  const { odd: text } = countMarked(column, marked.map((is, code) => is || !Number.isNaN(numbers[code])));
  if (text < 0) {
    const hint = `Write all cells of the column with a percent sign or none; ${keptAsText(table.names[index])}`;
    if (asked || alike >= present / 2) return { problem: wrongCell(table, index, odd, 'a percentage, as others are', hint) };
    const first = column.codes.findIndex((code) => code >= 0 && marked[code]);
    return { problem: wrongCell(table, index, first, 'a plain number, as others are', hint) };
  }
  if (!asked && !isMeant(alike, present)) return undefined;
  return { problem: wrongCell(table, index, odd, 'a percentage', mendHint(table, index, odd, column.levels.filter((_, code) => !marked[code]))) };
}

const hasCells = (column: Column): boolean => (column.type === 'number'
  ? column.values.some((value) => !Number.isNaN(value)) : column.codes.some((code) => code >= 0));

/** Cells that are not missing. */
export function presentCells(column: Column): number {
  let count = 0;
  if (column.type === 'number') for (const value of column.values) count += Number.isNaN(value) ? 0 : 1;
  else for (const code of column.codes) count += code < 0 ? 0 : 1;
  return count;
}

function isIdentifier(column: TextColumn, present: number, codes: Codes | undefined): boolean {
  return (column.levels.length > MANY_LEVELS || codes === 'long') && column.levels.length > present / 2;
}

function allMissing(table: Table, name: string): Problem<Words> {
  // A dot or an equals sign in the name would be taken for those of the key.
  const set = /[.=]/.test(name) ? '' : words`, as ${key(`data.columns.${name}.kind`, 'ignore')} does`;
  const hint = words`data.columns: {${yamlText(name)}: {kind: ignore}} leaves it out${set}.`;
  const message = `column '${name}' has no value in any row`;
  return { code: 'data.all-missing-column', message, hint, where: { file: table.file } };
}
