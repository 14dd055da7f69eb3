import { Readable } from 'node:stream';
import type { CsvSource, EncoderOptions, ReadOptions, SplitOptions, Table } from '../../../src/data/index.js';
import { readTable } from '../../../src/data/index.js';
import { BnncError, type Problem } from '../../../src/errors.js';

/** A source of text or bytes, delivered in chunks of `size` bytes. */
export function memory(content: string | Buffer, name = 'data.csv', size = 7): CsvSource {
  const bytes = Buffer.from(content);
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return { name, open: () => Readable.from(chunks) };
}

export const READ: ReadOptions = { delimiter: 'auto', missing: ['', 'NA', '?'] };

export function read(content: string | Buffer, options: Partial<ReadOptions> = {}, name = 'data.csv'): Promise<Table> {
  return readTable(memory(content, name), { ...READ, ...options });
}

/** Config of a table with the given target, everything else at its default. */
export function dataOptions(target: string, rest: Partial<EncoderOptions & SplitOptions> = {}): EncoderOptions & SplitOptions {
  const split = { validation: 0.1, test: 0.2, stratify: true, testFile: null };
  return { target, task: 'auto', missing: [...READ.missing], columns: {}, split, ...rest };
}

/** The problems that `action` fails with; fails itself if there are none. */
export async function problemsOf(action: () => unknown): Promise<readonly Problem[]> {
  try {
    await action();
  } catch (error) {
    if (error instanceof BnncError) return error.problems;
    throw error;
  }
  throw new Error('expected a failure');
}

/** The only problem `action` fails with. */
export async function problemOf(action: () => unknown): Promise<Problem> {
  const problems = await problemsOf(action);
  if (problems.length !== 1) throw new Error(`expected one problem, got ${problems.map((p) => p.message).join(' | ')}`);
  return problems[0];
}

/** The cells of a column as texts and numbers, null where missing. */
export function cells(table: Table, name: string): (number | string | null)[] {
  const column = table.columns[table.names.indexOf(name)];
  if (column.type === 'number') return Array.from(column.values, (value) => (Number.isNaN(value) ? null : value));
  return Array.from(column.codes, (code) => (code < 0 ? null : column.levels[code]));
}
