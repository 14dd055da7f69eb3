/** How much memory a training needs, told before it begins (docs/benchmarks/memory.md has what the figures were measured on). */
import { fail } from '../errors.js';
import { outputCount } from '../likelihood/index.js';
import { layoutOf } from '../model/shape.js';
import { option, words, type Words } from '../voice.js';
import type { Prepared } from './prepare.js';
import type { Jobs } from './workers.js';

/** What decides how much is needed. */
export interface MemoryShape {
  /** Of the table: rows, and columns of the file. */
  rows: number;
  columns: number;
  /** Rows that are learnt from, of a large table the sample of them, and what they are encoded to. */
  trainRows: number;
  encoded: number;
  outputs: number;
  /** Parameters of the network, each with all that describes its posterior. */
  parameters: number;
  /** Whether the table is large (large.ts), so that cells stay on the disk; a cross-validation holds any table. */
  large?: boolean | undefined;
}

/** Bytes of a process that has loaded an engine, and of one that waits for workers. */
const ENGINE = 450e6;
const WAITING = 150e6;
/** Bytes of a cell of the file, as a double or as the place of a text among others. */
const CELL = 8;
/** Bytes of an encoded cell: in the set that it belongs to, and in the engine. */
const ENCODED = 4;
/** Bytes of an encoded cell in the linear part: its axes, its design, and that centred. */
const LINEAR = 24;
/** Bytes of a row and of each of its outputs: places, losses, derivatives. */
const ROW = 160;
const OUTPUT = 40;
/** Bytes of a row of a large table: its places, its line, its target, and a column at a time with what is made of it. */
const LARGE_ROW = 40;
/** Bytes that draws for a row leave behind, and how many lie about, at most, before they are collected. */
const LEFT = 4000;
const MOST_LEFT = 300e6;
/** Bytes of a parameter, in the fits of a run with the moments of their steps, and in what is made of them. */
const PARAMETER = 370;

/**
 * Bytes that a training has at its peak, all its processes together.
 * @param jobs processes that work; with one it is this process
 * @param whole whether each worker has the table, as in a cross-validation
 */
export function memoryNeeded(
  { rows, columns, trainRows, encoded, outputs, parameters, large = false }: MemoryShape, jobs: number, { whole = false } = {},
): number {
  const isStored = large && !whole;
  const table = rows * (isStored ? LARGE_ROW + 4 * outputs : columns * CELL + ROW);
  const sets = (isStored ? PARTS * trainRows : rows) * encoded * ENCODED;
  const fit = trainRows * (encoded * ENCODED + outputs * OUTPUT) + parameters * PARAMETER + Math.min(MOST_LEFT, rows * LEFT);
  const linear = trainRows * encoded * LINEAR;
  if (jobs === 1) return ENGINE + table + sets + fit + linear;
  const copied = whole ? table + sets + linear : trainRows * encoded * ENCODED;
  return WAITING + table + sets + jobs * (ENGINE + copied + fit) + (whole ? 0 : linear);
}

/** Of a large table each has a sample. */
const PARTS = 3;

type Counted = Pick<Prepared, 'table' | 'tests' | 'shape' | 'fitData' | 'encoder'>;

/** Of a prepared table. */
export function memoryShape({ table: { rows }, tests, shape, fitData: { x, y, all }, encoder }: Counted): MemoryShape {
  const { features, dropped } = encoder;
  const members = features.reduce((sum, each) => sum + (each.members?.length ?? 1), 0);
  return {
    rows: rows + (tests?.rows ?? 0), columns: members + dropped.length + 1, trainRows: x.rows, encoded: x.cols,
    outputs: outputCount(y), parameters: layoutOf(shape).size, ...(all && { large: true }),
  };
}

/** What is decided by how much memory there is. */
export interface MemoryLimit {
  /** Bytes that may be used; absent: whatever is needed. */
  limit?: number | undefined;
  /** Bytes that are free now, where that is known. */
  free?: number | undefined;
}

export interface MemoryPlan extends MemoryLimit {
  /** Bytes. */
  needed: number;
  /** How many processes work. */
  jobs: number;
}

/**
 * As many jobs as the memory allows, where their number is left open, but at least one.
 * @param most what is worth it otherwise
 */
export function planMemory(
  shape: MemoryShape, { limit, free }: MemoryLimit,
  { asked, most, whole = false }: { asked: Jobs; most: number; whole?: boolean },
): MemoryPlan {
  let jobs = most;
  while (asked === 'auto' && jobs > 1 && memoryNeeded(shape, jobs, { whole }) > Math.min(limit ?? Infinity, free ?? Infinity)) jobs--;
  return { needed: memoryNeeded(shape, jobs, { whole }), limit, free, jobs };
}

/** `3.2 GB`. */
export const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(bytes < 1e10 ? 1 : 0)} GB`;

const sizeOf = ({ rows, columns }: Pick<MemoryShape, 'rows' | 'columns'>): string =>
  `${rows.toLocaleString('en')} rows and ${columns.toLocaleString('en')} columns`;

/** A table that was measured, or only estimated, which is said. */
interface Measured {
  /** Absent where there is no file. */
  file?: string | undefined;
  about?: boolean;
}

/**
 * Refuses what would be ended by the system halfway, without a word and without a result.
 * @throws training.memory
 */
export function checkMemory(
  { needed, limit, jobs }: MemoryPlan, shape: Pick<MemoryShape, 'rows' | 'columns'>, { file, about = false }: Measured,
): void {
  if (limit === undefined || needed <= limit) return;
  const what = `${about ? 'about ' : ''}${sizeOf(shape)} need some ${gigabytes(needed)} of memory, and there are ${gigabytes(limit)}`;
  const fewer: Words = jobs > 1 ? words`use ${option('jobs', 1)}, ` : '';
  throw fail('training.memory', what, {
    ...(file !== undefined && { where: { file } }),
    hint: words`To mend it, ${fewer}take fewer rows, or leave columns out with ${option('ignore')}; ${option('memory', 'any')} begins all the same.`,
  });
}

/** What is told where the memory is there, but in use by others; undefined where enough is free. */
export function scarcity({ needed, limit, free }: MemoryPlan): Words | undefined {
  if (limit === undefined || free === undefined || needed <= free) return undefined;
  return `training needs some ${gigabytes(needed)} of memory, of which ${gigabytes(free)} are free now: other programs hold the rest`;
}
