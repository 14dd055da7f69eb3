/** Folds of the training rows for the penalty's cross-validation. */
import type { Stream } from '../random.js';
import type { Matrix } from '../types.js';

/**
 * The fold of each row. Rows of one response are dealt out evenly where `stratified`.
 * @param y n x K
 */
export function foldsOf(y: Matrix, rows: Int32Array, stratified: boolean, count: number, stream: Stream): Int32Array {
  const strata = new Map<string, number[]>();
  rows.forEach((row, at) => {
    const key = stratified ? y.data.subarray(row * y.cols, (row + 1) * y.cols).join(',') : '';
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
