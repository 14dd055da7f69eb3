/** How a table is read, whatever its format. */

import type { StyleOptions } from './style.js';

/** How the table is written: what is left out is as usual. */
export interface ReadOptions extends StyleOptions {
  /** One character, or `auto`: the comma, semicolon, tab or bar that the first line uses most, outside quotes. Of CSV alone. */
  delimiter: string;
  /** Cells that count as missing, compared after trimming. Empty cells always do. */
  missing: readonly string[];
  /** Columns of kind `ignore` may hold what is no cell, such as lists. */
  columns?: Readonly<Record<string, { kind?: string | undefined }>> | undefined;
  /** The only columns that will be looked at; by default all but ignored ones. Others may hold what is no cell. */
  needed?: ReadonlySet<string> | undefined;
}

/** Tells of a column's name whether its cells will be looked at. */
export function isUsed({ columns = {}, needed }: Pick<ReadOptions, 'columns' | 'needed'>): (name: string) => boolean {
  if (needed) return (name) => needed.has(name);
  return (name) => !Object.hasOwn(columns, name) || columns[name].kind !== 'ignore';
}
