/** Divides rows into the folds of a cross-validation. */

import { likelihoodOf } from '../likelihood/index.js';
import { fail } from '../errors.js';
import type { Stream } from '../random.js';
import { cellText } from './column.js';
import { checkRowCount, strata, tooFew, type SplitOptions } from './split.js';
import { resolveTarget } from './target.js';
import { targetIndex } from './target-checks.js';
import type { Table } from './table.js';

export interface FoldOptions extends Pick<SplitOptions, 'target' | 'task' | 'columns'> {
  split: Pick<SplitOptions['split'], 'stratify'>;
}

export interface Folds {
  /** k lists of row indices, each ascending; together they are all rows, each once. Their lengths differ by at most 1. */
  rows: Int32Array[];
  /** Whether every class is spread evenly over the folds. */
  stratified: boolean;
  /** Classes with fewer rows than there are folds, which some folds are without; in order of appearance. */
  rare: { level: string; rows: number }[];
}

/**
 * A random division into `k` folds. With `stratify` and a class target the number of rows of a class differs by at most 1
 * between folds.
 * @param stream decides which rows; the same stream, the same folds
 * @throws usage.folds for a k that is no whole number of at least 2; data.too-few-rows; what `resolveTarget` throws
 */
export function foldRows(table: Table, options: FoldOptions, k: number, stream: Stream): Folds {
  checkFolds(k);
  if (targetIndex(table, options.target) >= 0) checkRowCount(table);
  const target = resolveTarget(table, options);
  if (k > table.rows) {
    throw tooFew(table, `${table.rows} rows cannot be divided into ${k} folds`, 'Use fewer folds; each needs a row.');
  }
  const groups = strata(table, target, options.split.stratify);
  const order = groups.flatMap((rows, g) => Array.from(stream.split('fold', g).permutation(rows.length), (at) => rows[at]));
  const folds = Array.from({ length: k }, (): number[] => []);
  // Dealt out like cards, one class after the other: neither a class nor the whole is in one fold twice more than in another.
  order.forEach((row, at) => folds[at % k].push(row));
  const stratified = likelihoodOf(target.task).stratified && options.split.stratify;
  return {
    rows: folds.map((rows) => Int32Array.from(rows).sort()), stratified,
    rare: stratified ? rareClasses(table, target.index, groups, k) : [],
  };
}

/** @throws usage.folds */
export function checkFolds(k: number): void {
  if (Number.isSafeInteger(k) && k >= 2) return;
  throw fail('usage.folds', `the number of folds must be a whole number of at least 2, not ${k}`, { hint: '10 is usual.' });
}

function rareClasses(table: Table, index: number, groups: readonly number[][], k: number): Folds['rare'] {
  return groups.filter((rows) => rows.length < k)
    .map((rows) => ({ level: cellText(table.columns[index], rows[0])!, rows: rows.length }));
}
