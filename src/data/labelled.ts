/** Rows without a target. */
import { targetNames, type Named } from '../likelihood/index.js';
import { allRows, isMissing, type Column } from './column.js';
import type { Table } from './table.js';

export interface UnlabelledOptions {
  target: Named;
  unlabelled?: 'error' | 'drop' | undefined;
}

/** The table without its rows that lack a target, where these are to be dropped; rows keep the lines of the file. */
export function labelledRows(table: Table, { target, unlabelled }: UnlabelledOptions): Table {
  const columns = targetNames(target).map((name) => table.columns[table.names.indexOf(name)] as Column | undefined);
  if (unlabelled !== 'drop') return table;
  const kept = allRows(table.rows)
    .filter((row) => columns.every((column) => !column || !isMissing(column, row)));
  if (kept.length === table.rows || kept.length === 0) return table;
  const taken = (each: Column): Column => (each.type === 'number'
    ? { ...each, values: Float64Array.from(kept, (row) => each.values[row]) }
    : { ...each, codes: Int32Array.from(kept, (row) => each.codes[row]) });
  return {
    ...table, columns: table.columns.map(taken), rows: kept.length, lines: Int32Array.from(kept, (row) => table.lines[row]),
    unlabelled: table.rows - kept.length,
  };
}
