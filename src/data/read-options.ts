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
  /** Whether the columns of a large file may stay on the disk until they are asked for; a table in memory is what others get. */
  columnar?: Columnar | undefined;
}

/** Where tables are kept. */
export interface TableCache {
  folder: string;
  /** What all of them together may take, at most. */
  bytes: number;
}

/** How a table is read through a file of columns (columnar/read.ts). */
export interface Columnar {
  /** Where it is kept for the next time; absent: nowhere. */
  cache?: TableCache | undefined;
  /** In bytes of the file: how large one is kept, and read this way; by default as columnar/read.ts has it. */
  worthKeeping?: number;
  large?: number;
  /** In bytes of cells: a table that takes more stays on the disk. */
  inMemory?: number;
  /** Rows that are parsed before they are written. */
  blockRows?: number;
}

/** Tells of a column's name whether its cells will be looked at. */
export function isUsed({ columns = {}, needed }: Pick<ReadOptions, 'columns' | 'needed'>): (name: string) => boolean {
  if (needed) return (name) => needed.has(name);
  return (name) => !Object.hasOwn(columns, name) || columns[name].kind !== 'ignore';
}
