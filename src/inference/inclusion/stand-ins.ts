/** Inputs that correlate with a probable one so much that they could stand in for it (docs/method.md). */
import type { Feature, InputInclusion, Matrix } from '../../types.js';
import { dot, unitColumns } from '../../maths/vector.js';
import { rankInputs } from './select.js';

export interface StandIn {
  input: string;
  other: string;
  /** Pearson correlation on the training rows, of the pair of encoded columns in which it is largest by size. */
  correlation: number;
}

/** Absolute correlation from which one input could stand in for another. */
export const STAND_IN_CORRELATION = 0.7;
/** An input of a smaller PIP needs no stand-in. */
const MIN_PIP = 0.05;
/** Bounds of the list for tables of thousands of inputs: so many inputs, so many others of each. */
const MAX_INPUTS = 100;
const MAX_OTHERS = 20;

/**
 * For the inputs with a PIP of at least 0.05, at most the 100 most probable, those others (20 at most) whose absolute
 * correlation with it is at least {@link STAND_IN_CORRELATION}. Indicators of missing cells do not count: they say nothing of
 * the values. Takes time in proportion to n x d x the columns of the probable inputs.
 * @param x n x d: training rows, the columns in the order of the features'
 * @param inputs one per feature, in any order
 * @returns by descending PIP of `input`, then descending absolute correlation, ties in the order of the features
 */
export function findStandIns(features: readonly Feature[], x: Matrix, inputs: readonly InputInclusion[]): StandIn[] {
  const columns = unitColumns(x);
  let next = 0;
  const byName = new Map(features.map(({ name, columns: encoded }) => {
    const own = columns.slice(next, next += encoded.length);
    return [name, own.filter((_, c) => encoded[c].type !== 'missing')];
  }));
  const probable = rankInputs(inputs).filter(({ pip }) => pip >= MIN_PIP).slice(0, MAX_INPUTS);
  return probable.flatMap(({ input }) => {
    const own = byName.get(input)!;
    const others = [...byName].filter(([other]) => other !== input)
      .map(([other, theirs]) => ({ input, other, correlation: largestCorrelation(own, theirs) }))
      .filter(({ correlation }) => Math.abs(correlation) >= STAND_IN_CORRELATION);
    return others.sort((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation)).slice(0, MAX_OTHERS);
  });
}

/** Of all pairs of columns, the correlation that is largest by size; 6 decimals. */
function largestCorrelation(some: readonly Float64Array[], others: readonly Float64Array[]): number {
  let largest = 0;
  for (const a of some) {
    for (const b of others) {
      const correlation = dot(a, b);
      if (Math.abs(correlation) > Math.abs(largest)) largest = correlation;
    }
  }
  return Math.round(largest * 1e6) / 1e6;
}
