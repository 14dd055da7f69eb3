/** Divides rows into the folds of a cross-validation. */

import { likelihoodOf, targetNames } from '../likelihood/index.js';
import { fail } from '../errors.js';
import type { Stream } from '../random.js';
import { cellText } from './column.js';
import { countBeginnings, forwardFolds } from './forward.js';
import { dealGroups, numbered } from './grouped.js';
import { rowFacts, type RowFactOptions } from './row-facts.js';
import { checkRowCount, strata, stratumOf, tooFew, type SplitOptions } from './split.js';
import { resolveTarget } from './target.js';
import { targetIndex } from './target-checks.js';
import type { Table } from './table.js';

export type FoldOptions = Pick<SplitOptions, 'target' | 'task' | 'columns' | 'dates' | 'event'> & {
  split: Pick<SplitOptions['split'], 'stratify'> & RowFactOptions['split'];
};

export interface Folds {
  /**
   * k lists of row indices, each ascending: what is held out. Together they are all rows, each once, and their lengths differ by
   * at most 1; with groups these stay whole, and with times the rows before the first fold are in none.
   */
  rows: Int32Array[];
  /** For each fold the rows to learn from, ascending: all others, or with times those before. */
  train: Int32Array[];
  /** How rows that are not independent were divided. */
  dependent?: { group?: string; time?: string };
  /** Whether every class is spread evenly over the folds. */
  stratified: boolean;
  /** Classes with fewer rows than there are folds, which some folds are without; in order of appearance. */
  rare: { level: string; rows: number }[];
}

/**
 * A random division into `k` folds. With `stratify` and a class target the number of rows of a class differs by at most 1
 * between folds. With `group` no group is in two folds; with `time` each fold learns from what is before it.
 * @param stream decides which rows; the same stream, the same folds
 * @throws usage.folds for a k that is no whole number of at least 2; data.too-few-rows, data.too-few-groups, data.too-few-times;
 *   what `rowFacts` and `resolveTarget` throw
 */
export function foldRows(table: Table, options: FoldOptions, k: number, stream: Stream): Folds {
  checkFolds(k);
  for (const name of targetNames(options.target)) targetIndex(table, name);
  checkRowCount(table);
  const target = resolveTarget(table, options);
  if (k > table.rows) {
    throw tooFew(table, `${table.rows} rows cannot be divided into ${k} folds`, 'Use fewer folds; each needs a row.');
  }
  const groups = strata(table, target, options.split.stratify);
  const stratified = likelihoodOf(target.task).stratified && options.split.stratify;
  if (options.split.group || options.split.time) return dependentFolds(table, options, { groups, stratified, k, stream });
  const order = groups.flatMap((rows, g) => Array.from(stream.split('fold', g).permutation(rows.length), (at) => rows[at]));
  const folds = Array.from({ length: k }, (): number[] => []);
  // Dealt out like cards, one class after the other: neither a class nor the whole is in one fold twice more than in another.
  order.forEach((row, at) => folds[at % k].push(row));
  const rows = folds.map((fold) => Int32Array.from(fold).sort());
  return {
    rows, train: rows.map((fold) => without(table.rows, fold)), stratified,
    rare: stratified ? rareClasses(table, target.index, groups, k) : [],
  };
}

function without(rows: number, fold: Int32Array): Int32Array {
  const held = new Set(fold);
  return Int32Array.from({ length: rows }, (_, row) => row).filter((row) => !held.has(row));
}

function dependentFolds(
  table: Table, { split: { group, time }, dates }: FoldOptions,
  { groups: classes, stratified, k, stream }: { groups: Int32Array[]; stratified: boolean; k: number; stream: Stream },
): Folds {
  const { groups, times } = rowFacts(table, { split: { group, time }, dates });
  const dependent = { ...(group && { group }), ...(time && { time }) };
  if (times) {
    const timed = { times, groups };
    const most = countBeginnings(timed) - 1;
    checkEnough(table, most, k, group ? `'${group}' has groups that begin at ${most + 1} times` : `'${time}' has ${most + 1} times`);
    const folds = forwardFolds(timed, k);
    const [rows, train] = [folds.map(({ outside }) => outside), folds.map(({ inside }) => inside)];
    return { rows, train, stratified: false, rare: [], dependent };
  }
  const { count } = numbered(groups!);
  checkEnough(table, count, k, `'${group}' has ${count} groups`);
  const fold = dealGroups(groups!, stratumOf(classes, table.rows), new Array<number>(k).fill(1 / k), stream.split('fold'));
  const rows = Array.from({ length: k }, (_, f) => Int32Array.from(fold.keys()).filter((row) => fold[row] === f));
  return { rows, train: rows.map((each) => without(table.rows, each)), stratified, rare: [], dependent };
}

/** @throws data.too-few-groups */
function checkEnough(table: Table, most: number, k: number, what: string): void {
  if (k <= most) return;
  throw fail('data.too-few-groups', `column ${what}, which allow ${most} folds at most, not ${k}`, {
    where: { file: table.file }, hint: most >= 2 ? `Use ${most} folds or fewer.` : 'Rows of one group or time stay together.',
  });
}

/** @throws usage.folds */
export function checkFolds(k: number): void {
  if (Number.isSafeInteger(k) && k >= 2) return;
  throw fail('usage.folds', `the number of folds must be a whole number of at least 2, not ${k}`, { hint: '10 is usual.' });
}

function rareClasses(table: Table, index: number, groups: readonly Int32Array[], k: number): Folds['rare'] {
  return groups.filter((rows) => rows.length < k)
    .map((rows) => ({ level: cellText(table.columns[index], rows[0])!, rows: rows.length }));
}
