/**
 * What a column is. A column whose cells are all numbers is numeric (0/1 included), unless their digits are codes; any other is
 * categorical. Between the two lie mistakes, and they are errors: a column that is nearly all numbers, NaN or Infinity, decimal
 * commas, no cell at all.
 */

import type { Config } from '../config/schema.js';
import { BnncError, type Problem } from '../errors.js';
import { codesOf, type Codes } from './codes.js';
import { levelNumbers, type Column, type TextColumn } from './column.js';
import { hasComma, hasDecimalComma, isNonFinite } from './number.js';
import { numberReader, type StyleOptions } from './style.js';
import { rowPlace, type Table } from './table.js';
import { shorten, yamlText } from './wording.js';
import { key, words, type Words } from '../voice.js';

/** The part of the config that says how columns are read. */
export type ColumnOptions = Pick<Config['data'], 'columns'>;

/** `identifier` is a categorical column with nearly as many levels as rows (names, keys): of no use as an input. */
export type InferredKind = 'numeric' | 'categorical' | 'identifier';

/** A text column of which at least this share of cells (and at least so many) are numbers was meant to be numeric. */
const NEARLY_ALL = 0.9;
const A_FEW = 5;
/** More levels than this, and more than half as many as rows, make an identifier. */
const MANY_LEVELS = 50;

/** A kind, or the reason why there is none. */
export type Verdict = { kind: InferredKind; codes?: Codes | undefined; problem?: undefined }
  | { kind?: undefined; codes?: undefined; problem: Problem<Words> };

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
  const asked = options.columns[name]?.kind;
  const present = presentCells(column);
  if (present === 0) return { problem: allMissing(table, name) };
  if (asked === 'categorical') return { kind: 'categorical' };
  if (column.type === 'number') return { kind: 'numeric' };
  const codes = asked === 'numeric' ? undefined : codesOf(column, present);
  const problem = nonNumber(table, index, asked === 'numeric', codes);
  if (problem) return { problem };
  if (codes === undefined && levelNumbers(column).every((value) => !Number.isNaN(value))) return { kind: 'numeric' };
  return { kind: isIdentifier(column, present, codes) ? 'identifier' : 'categorical', codes };
}

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
  let alike = 0;
  let present = 0;
  let first = -1;
  column.codes.forEach((code, row) => {
    if (code < 0) return;
    present++;
    if (numberlike[code]) alike++;
    if (first < 0 && Number.isNaN(numbers[code])) first = row;
  });
  const all = alike === present;
  if (first < 0 || !(meant || all || (alike >= A_FEW && alike >= NEARLY_ALL * present))) return undefined;
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
    const hint = `${numberHint(texts)}; data.columns: {${yamlText(name)}: {kind: categorical}} would keep the column as text.`;
    return { code: 'data.not-a-number', message: `${quoted} number`, hint, where };
  }
  const others = texts.length > 3 ? [text] : texts;
  const missing = others.every(isShort) ? `${missingList(table, others)} would make it a missing value; ` : '';
  const hint = `${missing}data.columns: {${yamlText(name)}: {kind: categorical}} would keep the column as text.`;
  return { code: 'data.not-a-number', message: `${quoted} number`, hint, where };
}

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
