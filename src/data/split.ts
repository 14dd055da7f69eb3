/** Divides rows into training, validation and test rows. */

import { likelihoodOf } from '../likelihood/index.js';
import type { Config } from '../config/schema.js';
import { fail, type BnncError } from '../errors.js';
import type { Stream } from '../random.js';
import { asText } from './column.js';
import { targetIndex } from './target-checks.js';
import { resolveTarget, type TargetColumn } from './target.js';
import type { Table } from './table.js';

export type SplitOptions = Pick<Config['data'], 'target' | 'task' | 'columns' | 'split'>;

/** Row indices, ascending; together they are all rows, each once. */
export interface Split {
  train: Int32Array;
  validation: Int32Array;
  test: Int32Array;
}

const FEWEST_ROWS = 5;

/**
 * A random division with round(n * share) rows, at least one, in each part whose share is not 0; the rest is for training.
 * With `stratify` and a class target, every class has its share in every part, by largest remainder, and a training row.
 * @param stream decides which rows; the same stream, the same split
 * @throws data.too-few-rows, and what the target may raise (see `resolveTarget`)
 */
export function splitRows(table: Table, options: SplitOptions, stream: Stream): Split {
  const n = table.rows;
  // Of a single row one would otherwise hear that its target is the same in every row.
  if (targetIndex(table, options.target) >= 0) checkRowCount(table);
  const { index, task } = resolveTarget(table, options);
  const { validation, test, stratify } = options.split;
  const sizes = [partSize(test, n), partSize(validation, n)];
  const left = n - sizes[0] - sizes[1];
  if (left < 2) {
    const message = `${left === 1 ? 'only one' : 'no'} training row is left of ${n}`;
    throw tooFew(table, message, 'Lower data.split.validation and data.split.test, or give more rows.');
  }
  const groups = strata(table, { index, task }, stratify);
  const shuffled = groups.map((rows, i) => {
    const order = stream.split('split', i).permutation(rows.length);
    return Array.from(order, (at) => rows[at]);
  });
  const parts = sizes.map((size) => take(shuffled, size, table));
  const [testRows, validationRows, trainRows] = [...parts, shuffled.flat()].map((rows) => Int32Array.from(rows).sort());
  return { train: trainRows, validation: validationRows, test: testRows };
}

/** @throws data.too-few-rows */
export function checkRowCount(table: Table): void {
  const n = table.rows;
  if (n >= FEWEST_ROWS) return;
  throw tooFew(table, `${n === 1 ? '1 row is' : `${n} rows are`} too few to learn from`, `At least ${FEWEST_ROWS} are needed.`);
}

/** The groups of rows that are divided alike: the classes in order of appearance, or all rows as one. */
export function strata(table: Table, { index, task }: Pick<TargetColumn, 'index' | 'task'>, stratify: boolean): number[][] {
  return likelihoodOf(task).stratified && stratify ? rowsByCode(asText(table.columns[index]).codes) : [everyRow(table.rows)];
}

function partSize(share: number, n: number): number {
  return share === 0 ? 0 : Math.max(1, Math.round(share * n));
}

const everyRow = (n: number): number[] => Array.from({ length: n }, (_, row) => row);

/** Rows of each class, classes in order of appearance. */
function rowsByCode(codes: Int32Array): number[][] {
  const groups: number[][] = [];
  codes.forEach((code, row) => (groups[code] ??= []).push(row));
  return groups;
}

/** Removes `size` rows from the groups in proportion to their sizes; each keeps at least one. */
function take(groups: number[][], size: number, table: Table): number[] {
  const total = groups.reduce((sum, rows) => sum + rows.length, 0);
  const quotas = groups.map((rows) => (rows.length * size) / total);
  const counts = groups.map((rows, i) => Math.min(Math.floor(quotas[i]), rows.length - 1));
  const byRemainder = groups.map((_, i) => i).sort((a, b) => (quotas[b] % 1) - (quotas[a] % 1) || a - b);
  let left = size - counts.reduce((sum, count) => sum + count, 0);
  while (left > 0) {
    const open = byRemainder.filter((i) => counts[i] < groups[i].length - 1).slice(0, left);
    if (open.length === 0) {
      const hint = 'Lower data.split.validation and data.split.test, merge rare classes, or set data.split.stratify: false.';
      const rows = `${table.rows} rows of ${groups.length} classes`;
      throw tooFew(table, `${rows} cannot be split so that each class has a training row`, hint);
    }
    for (const i of open) counts[i]++;
    left -= open.length;
  }
  return groups.flatMap((rows, i) => rows.splice(0, counts[i]));
}

/** The refusal of a table that is too small for what was asked. */
export function tooFew(table: Table, message: string, hint: string): BnncError {
  return fail('data.too-few-rows', message, { where: { file: table.file }, hint });
}
