/** About how large a table is, from its first rows and the length of its file. */
import { open, stat } from 'node:fs/promises';
import { isSpecial } from '../special-file.js';
import { streamChunks } from './open-table.js';
import type { ReadOptions } from './read-options.js';
import type { CsvSource } from './source.js';

/** Bytes and rows that are looked at. */
const BYTES = 1 << 18;
const ROWS = 1000;
/** A text column with more levels in the first rows is taken for names, which are no inputs. */
const MANY_LEVELS = 50;

export interface RoughSize {
  rows: number;
  columns: number;
  /** Columns that the inputs among them become. */
  encoded: number;
}

/**
 * Undefined where the length of the source does not tell: a pipe, a database, a file that is compressed or in columns.
 * @param least shorter files are not looked at
 * @throws what reading the first rows throws
 */
export async function roughSize(source: CsvSource, options: ReadOptions, least: number): Promise<RoughSize | undefined> {
  const { path, database } = source;
  if (path === undefined || database || isSpecial(path)) return undefined;
  const status = await stat(path).catch(() => undefined);
  if (!status?.isFile() || status.size < least) return undefined;
  const head = await headOf(path);
  const lines = head.reduce((count, byte) => count + Number(byte === 0x0a), 0);
  if (lines < 2 || (head[0] === 0x1f && head[1] === 0x8b) || head.toString('latin1', 0, 4) === 'PAR1') return undefined;
  for await (const { names, columns, rows } of streamChunks(source, { ...options, chunkRows: ROWS })) {
    const encoded = columns.reduce((sum, column) => {
      if (column.type === 'number') return sum + 1;
      return sum + (column.levels.length > Math.min(MANY_LEVELS, rows / 2) ? 0 : column.levels.length);
    }, -1);
    return { rows: Math.round(status.size * lines / head.length), columns: names.length, encoded: Math.max(1, encoded) };
  }
  return undefined;
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(BYTES), 0, BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
