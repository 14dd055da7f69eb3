/** Divides rows into training, validation and test rows. */

import { likelihoodOf, targetNames } from '../likelihood/index.js';
import type { Config } from '../config/schema.js';
import { fail, type BnncError } from '../errors.js';
import type { Stream } from '../random.js';
import { finish } from '../steps.js';
import { allRows } from './column.js';
import { countBeginnings, inOrder } from './forward.js';
import { dealGroups, numbered } from './grouped.js';
import { rowFacts, type RowFactOptions } from './row-facts.js';
import { targetIndex } from './target-checks.js';
import { resolveTarget, targetText, type TargetColumn } from './target.js';
import type { Table } from './table.js';

export type SplitOptions = Pick<Config['data'], 'target' | 'task' | 'columns'> & Pick<RowFactOptions, 'dates' | 'event'> & {
  split: Pick<Config['data']['split'], 'validation' | 'test' | 'stratify'> & RowFactOptions['split'];
};

/** Row indices, ascending; together they are all rows, each once, but for rows of groups that reach over a cut in time. */
export interface Split {
  train: Int32Array;
  validation: Int32Array;
  test: Int32Array;
}

const FEWEST_ROWS = 5;

/**
 * A random division with round(n * share) rows, at least one, in each part whose share is not 0; the rest is for training.
 * With `stratify` and a class target, every class has its share in every part, by largest remainder, and a training row.
 * With `group` the shares are met as nearly as whole groups allow; with `time` the parts follow one another in time.
 * @param stream decides which rows; the same stream, the same split
 * @throws data.too-few-rows, data.too-few-groups, data.too-few-times; what `rowFacts` and `resolveTarget` throw
 */
export const splitRows = (table: Table, options: SplitOptions, stream: Stream): Split =>
  finish(splitSteps(table, options, stream));

/** The same, which may be left in between. */
export function* splitSteps(table: Table, options: SplitOptions, stream: Stream): Generator<void, Split> {
  const n = table.rows;
  // Of a single row one would otherwise hear that its target is the same in every row.
  for (const name of targetNames(options.target)) targetIndex(table, name);
  checkRowCount(table);
  const { index, task } = resolveTarget(table, options);
  const { validation, test, stratify } = options.split;
  const classes = strata(table, { index, task }, stratify);
  yield;
  if (options.split.group || options.split.time) return splitDependent(table, options, classes, stream);
  const sizes = [partSize(test, n), partSize(validation, n)];
  const left = n - sizes[0] - sizes[1];
  if (left < 2) {
    const message = `${left === 1 ? 'only one' : 'no'} training row is left of ${n}`;
    throw tooFew(table, message, 'Lower data.split.validation and data.split.test, or give more rows.');
  }
  const shuffled = classes.map((rows, i) => {
    const order = stream.split('split', i).permutation(rows.length);
    for (let at = 0; at < order.length; at++) order[at] = rows[order[at]];
    return order;
  });
  yield;
  const parts = sizes.map((size) => take(shuffled, size, table));
  const [testRows, validationRows, trainRows] = ascending([...parts, joined(shuffled)], n);
  return { train: trainRows, validation: validationRows, test: testRows };
}

/** Lists that have each of n rows once, each sorted. */
function ascending(lists: readonly Int32Array[], n: number): Int32Array[] {
  const of = stratumOf(lists, n);
  const sorted = lists.map(({ length }) => new Int32Array(length));
  const filled = new Int32Array(lists.length);
  for (let row = 0; row < n; row++) sorted[of[row]][filled[of[row]]++] = row;
  return sorted;
}

/** Parts that no group is divided between, or that follow one another in time. */
function splitDependent(table: Table, { split, dates }: SplitOptions, classes: readonly Int32Array[], stream: Stream): Split {
  const { groups, times } = rowFacts(table, { split, dates });
  const { validation, test } = split;
  const names = [...(['train'] as const), ...(validation > 0 ? ['validation' as const] : []), ...(test > 0 ? ['test' as const] : [])];
  const shares = names.map((name) => (name === 'train' ? 1 - validation - test : split[name]));
  if (times) checkTimes(table, countBeginnings({ times, groups }), names.length, split);
  else checkGroups(table, numbered(groups!).count, names.length, split);
  const part = times ? inOrder({ times, groups }, shares)
    : dealGroups(groups!, stratumOf(classes, table.rows), shares, stream.split('split'));
  const rows = (name: keyof Split): Int32Array => everyRowOf(part, names.indexOf(name));
  const parts = { train: rows('train'), validation: rows('validation'), test: rows('test') };
  if (parts.train.length >= 2) return parts;
  throw tooFew(table, 'only one training row is left', 'Lower data.split.validation and data.split.test, or give more rows.');
}

const everyRowOf = (parts: Int32Array, part: number): Int32Array =>
  (part < 0 ? new Int32Array() : Int32Array.from(parts.keys()).filter((row) => parts[row] === part));

/** n: the place of the list that a row is in. */
export function stratumOf(lists: readonly Int32Array[], rows: number): Int32Array {
  const of = new Int32Array(rows);
  lists.forEach((list, stratum) => { for (const row of list) of[row] = stratum; });
  return of;
}

/** @throws data.too-few-groups */
function checkGroups(table: Table, count: number, parts: number, { group }: SplitOptions['split']): void {
  if (count >= parts) return;
  throw fail('data.too-few-groups', `column '${group}': ${count === 1 ? '1 group' : `${count} groups`} cannot be divided into ${parts} parts`, {
    where: { file: table.file }, hint: 'Each part needs a group of its own: set data.split.validation: 0, or leave data.split.group out.',
  });
}

/** @throws data.too-few-times */
function checkTimes(table: Table, count: number, parts: number, { group, time }: SplitOptions['split']): void {
  if (count >= parts) return;
  const what = group ? `the groups of '${group}' begin` : 'the rows are';
  const when = count === 1 ? 'at one time' : `at ${count} times`;
  throw fail('data.too-few-times', `column '${time}': ${what} ${when}, which cannot be divided into ${parts} parts`, {
    where: { file: table.file },
    hint: group ? 'Groups that begin together cannot be told earlier from later: leave data.split.group or data.split.time out.'
      : 'Rows of one time stay together: set data.split.validation: 0, or leave data.split.time out.',
  });
}

/** @throws data.too-few-rows */
export function checkRowCount(table: Table): void {
  const n = table.rows;
  if (n >= FEWEST_ROWS) return;
  throw tooFew(table, `${n === 1 ? '1 row is' : `${n} rows are`} too few to learn from`, `At least ${FEWEST_ROWS} are needed.`);
}

/** The groups of rows that are divided alike: the classes in order of appearance, or all rows as one. */
export function strata(table: Table, { index, task }: Pick<TargetColumn, 'index' | 'task'>, stratify: boolean): Int32Array[] {
  return likelihoodOf(task).stratified && stratify ? rowsByCode(targetText(table.columns[index]).codes) : [allRows(table.rows)];
}

function partSize(share: number, n: number): number {
  return share === 0 ? 0 : Math.max(1, Math.round(share * n));
}

/** Rows of each class, classes in order of appearance. */
function rowsByCode(codes: Int32Array): Int32Array[] {
  const counts: number[] = [];
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  const groups = counts.map((count) => new Int32Array(count));
  const filled = counts.map(() => 0);
  for (let row = 0; row < codes.length; row++) groups[codes[row]][filled[codes[row]]++] = row;
  return groups;
}

/** All rows of the groups, one group after the other. */
function joined(groups: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(groups.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const group of groups) {
    all.set(group, at);
    at += group.length;
  }
  return all;
}

/** Removes `size` rows from the groups in proportion to their sizes; each keeps at least one. */
function take(groups: Int32Array[], size: number, table: Table): Int32Array {
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
  const taken = joined(groups.map((rows, i) => rows.subarray(0, counts[i])));
  groups.forEach((rows, i) => { groups[i] = rows.subarray(counts[i]); });
  return taken;
}

/** The refusal of a table that is too small for what was asked. */
export function tooFew(table: Table, message: string, hint: string): BnncError {
  return fail('data.too-few-rows', message, { where: { file: table.file }, hint });
}
