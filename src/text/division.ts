/** How rows were divided, in words. */
import { shorten } from '../data/wording.js';

export { divisionLines } from '../data/division.js';

interface FoldPlan {
  folds: number;
  repeats: number;
  stratified: boolean;
  group?: string;
  time?: string;
}

/** `10 stratified folds, 2 times`, `5 forward-chaining folds by 'day'`. */
export function foldsText({ folds, repeats, stratified, group, time }: FoldPlan): string {
  const kind = time !== undefined ? 'forward-chaining folds' : stratified ? 'stratified folds' : 'folds';
  const of = group === undefined ? '' : ` of whole groups of '${shorten(group)}'`;
  const by = time === undefined ? '' : ` by '${shorten(time)}'`;
  return `${folds} ${kind}${of}${by}${repeats > 1 ? `, ${repeats} times` : ''}`;
}
