/** Rows that a program has as objects, as a table. */

import { fail } from '../errors.js';
import type { StyleOptions } from './style.js';
import { TableBuilder, type Table } from './table.js';

/** A row: cells by column name. A cell that is null, undefined or not there is missing. */
export type Row = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** What errors call an array of rows; the line is the place in the array, counted from 1. */
export const ROWS_NAME = '<rows>';

/**
 * The columns that are asked for; such as no row has are left out.
 * @throws data.row when something is no object, or a cell no number, text or boolean
 */
export function recordTable(
  rows: readonly Row[],
  { columns, missing, style }: { columns: readonly string[]; missing: readonly string[]; style?: StyleOptions | undefined },
): Table {
  rows.forEach((row, at) => checkRow(row, at + 1));
  const names = columns.filter((name) => rows.some((row) => Object.hasOwn(row, name)));
  // All that there are, so that a message can say which one was meant.
  const shown = names.length === columns.length ? names : [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const builder = new TableBuilder(ROWS_NAME, shown, 1, ',', missing, style);
  const wanted = new Set(names);
  rows.forEach((row, at) => {
    const line = at + 1;
    builder.add(shown.map((name) => (wanted.has(name) && Object.hasOwn(row, name) ? cellOf(row[name], name, line) : '')), line);
  });
  return builder.take();
}

/** All columns of the rows; a table stays as it is. @throws data.row, data.no-rows */
export function rowsTable(rows: readonly Row[] | Table, options: { missing: readonly string[] } & StyleOptions): Table {
  if ('columns' in rows) return rows;
  if (rows.length === 0) throw fail('data.no-rows', 'there are no rows', { where: { file: ROWS_NAME } });
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row ?? {})))];
  return recordTable(rows, { columns, missing: options.missing, style: options });
}

function checkRow(row: unknown, line: number): void {
  if (typeof row === 'object' && row !== null && !Array.isArray(row)) return;
  throw fail('data.row', 'a row must be an object with a cell for each column', {
    where: { file: ROWS_NAME, line }, hint: "For example { length: 3.5, colour: 'red' }.",
  });
}

function cellOf(cell: unknown, name: string, line: number): string | number {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'boolean') return String(cell);
  throw fail('data.row', `column '${name}': a cell must be a number, a text, a boolean or null, not ${kindOf(cell)}`, {
    where: { file: ROWS_NAME, line }, hint: 'Convert it to one of these.',
  });
}

const kindOf = (cell: unknown): string => (typeof cell === 'object' ? cell!.constructor?.name ?? 'an object' : `a ${typeof cell}`);
