/**
 * Tables whose training rows would fill the memory. Fits see all of them, in minibatches from a file. What looks at all rows at
 * once sees a random sample of them, which stands for the rest (docs/method.md, Large tables).
 */

import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { encode, rowsBetween, type Table } from '../data/index.js';
import { writingTemporarily } from '../temporary-folder.js';
import { Stream } from '../random.js';
import type { AllRows } from '../train/types.js';
import type { Encoder, Splits } from '../types.js';

/** A table of more training rows and of more encoded cells than this is large. */
export const LARGE = { rows: 1e6, cells: 4e7 };
/** Of each part so many rows are held, or as many as have so many encoded cells. */
export const HELD = { rows: 100_000, cells: 2e6 };
/** Rows that are encoded at once. */
const AT_ONCE = 1 << 15;

/** Where large tables may be kept, and which are. */
export interface LargeTables {
  /** A folder for the encoded rows, made when it is needed. */
  folder(): string;
  /** By default {@link LARGE} and {@link HELD}. */
  large?: { rows: number; cells: number };
  held?: { rows: number; cells: number };
}

/** Whether so many training rows of so many encoded columns are a large table. */
export const isLarge = (rows: number, columns: number, large = LARGE): boolean =>
  rows > large.rows && rows * columns > large.cells;

/** How many rows of a part are held. */
export const heldCount = (rows: number, columns: number, held = HELD): number =>
  Math.min(rows, Math.max(held.rows, Math.floor(held.cells / columns)));

/** A random sample of each part; ascending, as they are. @param seed decides which rows */
export const heldRows = (splits: Splits, columns: number, held: LargeTables['held'], seed: number): Splits =>
  sampleOf(splits, seed, ({ length }) => heldCount(length, columns, held));

/** The samples that a training with this seed has held, by how many rows they had. */
export const heldAgain = (splits: Splits, held: Held, seed: number): Splits =>
  sampleOf(splits, seed, ({ length }, name) => held[name]?.rows ?? length);

function sampleOf(splits: Splits, seed: number, countOf: (rows: Int32Array, name: keyof Splits) => number): Splits {
  const sample = (name: keyof Splits): Int32Array => {
    const rows = splits[name];
    const count = countOf(rows, name);
    if (count === rows.length) return rows;
    return Stream.fromSeed(seed).split('held', name).permutation(rows.length).slice(0, count).sort().map((at) => rows[at]);
  };
  return { train: sample('train'), validation: sample('validation'), test: sample('test') };
}

/**
 * Writes the encoded inputs of rows, which ascend, to a file; it may be left between two blocks of rows.
 * @throws usage.temporary-folder; data.not-a-number, data.not-finite, data.wrong-cell
 */
export function* storeSteps(
  table: Table, encoder: Encoder, rows: Int32Array, cols: number, folder: string,
): Generator<void, AllRows['x']> {
  const path = join(folder, 'rows');
  const file = writingTemporarily(() => openSync(path, 'wx', 0o600));
  try {
    let next = 0;
    for (let from = 0; from < table.rows; from += AT_ONCE) {
      const to = Math.min(table.rows, from + AT_ONCE);
      const first = next;
      while (next < rows.length && rows[next] < to) next++;
      if (next === first) continue;
      yield;
      const places = rows.subarray(first, next).map((row) => row - from);
      const { x: { data } } = encode(rowsBetween(table, from, to), encoder, places, { target: 'none' });
      writingTemporarily(() => writeAll(file, new Uint8Array(data.buffer)));
    }
  } finally {
    closeSync(file);
  }
  return { path, rows: rows.length, cols };
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
}

/** How many rows of a part were looked at, of how many. */
export type Held = Partial<Record<keyof Splits, { rows: number; of: number }>>;

/** Of the parts of which a sample was held. */
export const heldOf = (held: Splits, splits: Splits): Held =>
  Object.fromEntries((['train', 'validation', 'test'] as const).flatMap((name) =>
    (held[name].length < splits[name].length ? [[name, { rows: held[name].length, of: splits[name].length }]] : [])));

/** What is told of it; undefined where all rows are held. */
export function heldLine({ train }: Held = {}): string | undefined {
  if (!train) return undefined;
  const [rows, of] = [train.rows, train.of].map((count) => count.toLocaleString('en'));
  return `the table is large: fits learn from all ${of} training rows, and what looks at all of them at once (the linear part, gate `
    + `flips, a search, metrics) sees ${rows} of them, drawn at random`;
}

/** What is told before models are measured, which a large table makes long; undefined where all rows are held. */
export function measuringLine(
  { held, sets }: { held?: Splits; sets: Partial<Record<keyof Splits, { y: Float32Array }>> },
): string | undefined {
  if (!held) return undefined;
  const rows = Object.values(sets).reduce((sum, { y }) => sum + y.length, 0);
  return `measuring the models on ${rows.toLocaleString('en')} rows, which may take some minutes`;
}
