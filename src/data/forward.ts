/**
 * Divisions in time: what is learnt from is earlier than what is predicted. Cuts go through the times at which rows, or whole
 * groups, begin. Rows of a group on the near side of a cut that are not before it are left out, for neither side may have them.
 */
import { numbered } from './grouped.js';

/** Rows by when they were, and by which belong together. */
export interface TimedRows {
  /** n. */
  times: ArrayLike<number>;
  /** n; absent: each row is on its own. */
  groups?: ArrayLike<number> | undefined;
}

/** Places of rows, ascending. */
export interface ForwardFold {
  inside: Int32Array;
  outside: Int32Array;
}

/** n: when the row's group begins. */
export function beginnings({ times, groups }: TimedRows): Float64Array {
  if (!groups) return Float64Array.from(times);
  const { count, of } = numbered(groups);
  const first = new Float64Array(count).fill(Infinity);
  of.forEach((g, n) => { first[g] = Math.min(first[g], times[n]); });
  return Float64Array.from(of, (g) => first[g]);
}

/** Distinct beginnings, ascending, and how many rows begin before each. */
interface Steps {
  rows: number;
  at: number[];
  before: number[];
}

function stepsOf(first: Float64Array): Steps {
  const sorted = first.slice().sort();
  const steps: Steps = { rows: first.length, at: [], before: [] };
  sorted.forEach((value, n) => {
    if (n > 0 && value === sorted[n - 1]) return;
    steps.at.push(value);
    steps.before.push(n);
  });
  return steps;
}

/** How many distinct beginnings there are, which is the most parts that a division can have. */
export const countBeginnings = (rows: TimedRows): number => new Set(beginnings(rows)).size;

/**
 * Parts one after the other in time. Sizes are met as nearly as ties and groups allow; no part is empty.
 * @param shares of the rows in each part, from the earliest on; no more than there are beginnings
 * @returns n: the part of each row, -1 of one that is left out
 */
export function inOrder(rows: TimedRows, shares: readonly number[]): Int32Array {
  const first = beginnings(rows);
  const cuts = cutsAt(stepsOf(first), shares);
  const partOf = (time: number): number => cuts.filter((cut) => time >= cut).length;
  return Int32Array.from(first, (begin, n) => (partOf(begin) === partOf(rows.times[n]) ? partOf(begin) : -1));
}

/** Times at which the second, third, ... part begins. */
function cutsAt({ rows, at, before }: Steps, shares: readonly number[]): number[] {
  const total = shares.reduce((all, share) => all + share, 0);
  const cuts: number[] = [];
  let [place, sum] = [0, 0];
  shares.slice(1).forEach((_, p) => {
    sum += shares[p] / total * rows;
    const last = at.length - (shares.length - 1 - p);
    place++;
    while (place < last && Math.abs(before[place + 1] - sum) < Math.abs(before[place] - sum)) place++;
    cuts.push(at[place]);
  });
  return cuts;
}

/**
 * Forward chaining: rows are divided into one part more than there are folds, and each fold holds out a part and learns from all
 * before it (as scikit-learn's TimeSeriesSplit).
 * @param count no more than there are beginnings less one
 */
export function forwardFolds(rows: TimedRows, count: number): ForwardFold[] {
  const first = beginnings(rows);
  const cuts = [...cutsAt(stepsOf(first), new Array<number>(count + 1).fill(1)), Infinity];
  const places = Int32Array.from(first.keys());
  return Array.from({ length: count }, (_, f) => ({
    inside: places.filter((n) => first[n] < cuts[f] && rows.times[n] < cuts[f]),
    outside: places.filter((n) => first[n] >= cuts[f] && first[n] < cuts[f + 1]),
  }));
}
