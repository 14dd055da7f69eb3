/** Folds of the training rows for cross-validations within a training. */
import { countBeginnings, forwardFolds, type ForwardFold } from '../data/forward.js';
import { dealGroups, numbered } from '../data/grouped.js';
import { factsAt } from '../likelihood/index.js';
import type { Stream } from '../random.js';
import type { Matrix, Response } from '../types.js';

/** Rows to learn from and rows to judge by. */
export type Part = ForwardFold;

/**
 * Parts of some rows, as many as `count` or fewer where groups or times allow no more. Each of the rows is outside of one part,
 * with times but for the earliest; then the latest part is first. Rows that have groups and times which allow no two parts are
 * dealt as if they had none.
 */
export function partsOf(y: Response, rows: Int32Array, stratified: boolean, count: number, stream: Stream): Part[] {
  const { groups, times } = factsAt(y, rows);
  const take = (places: Int32Array): Int32Array => places.map((at) => rows[at]);
  if (times) {
    const folds = Math.min(count, countBeginnings({ times, groups }) - 1);
    if (folds >= 1) {
      const forward = forwardFolds({ times, groups }, folds).reverse();
      return forward.map(({ inside, outside }) => ({ inside: take(inside), outside: take(outside) }));
    }
  }
  const folds = Math.min(count, groups ? numbered(groups).count : count);
  const of = groups && folds > 1 ? dealt(y, rows, groups, stratified, folds, stream)
    : foldsOf(y, rows, stratified, count, stream);
  return Array.from({ length: folds > 1 ? folds : count }, (_, fold) =>
    ({ inside: rows.filter((_row, at) => of[at] !== fold), outside: rows.filter((_row, at) => of[at] === fold) }));
}

function dealt(y: Matrix, rows: Int32Array, groups: Int32Array, stratified: boolean, count: number, stream: Stream): Int32Array {
  const responses = new Map<string, number>();
  const strata = Int32Array.from(rows, (row) => {
    const key = stratified ? responseKey(y, row) : '';
    if (!responses.has(key)) responses.set(key, responses.size);
    return responses.get(key)!;
  });
  return dealGroups(groups, strata, new Array<number>(count).fill(1 / count), stream.split('group'));
}

const responseKey = ({ data, cols }: Matrix, row: number): string => data.subarray(row * cols, (row + 1) * cols).join(',');

/**
 * The fold of each row. Rows of one response are dealt out evenly where `stratified`.
 * @param y n x K
 */
function foldsOf(y: Matrix, rows: Int32Array, stratified: boolean, count: number, stream: Stream): Int32Array {
  const strata = new Map<string, number[]>();
  rows.forEach((row, at) => {
    const key = stratified ? responseKey(y, row) : '';
    const members = strata.get(key);
    if (members) members.push(at);
    else strata.set(key, [at]);
  });
  const folds = new Int32Array(rows.length);
  let dealt = 0;
  for (const [key, members] of strata) {
    for (const at of stream.split('fold', key).permutation(members.length)) folds[members[at]] = dealt++ % count;
  }
  return folds;
}
