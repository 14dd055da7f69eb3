/**
 * Rows that are nearly equal: much nearer to a row on the other side of a split than rows lie that were drawn one by one. From
 * the distances to the 30th to 60th neighbour follows how many rows a ball of a given radius holds; where a ball is as small as
 * the distance to the nearest row, it should hold one row, and holds that many fewer where rows come in groups.
 */
import { nearestRows, type Neighbours } from '../../maths/neighbours.js';
import type { Matrix } from '../../types.js';

export const NEIGHBOURS = 60;
/** No more than a third of the rows are neighbours; fewer rows do not tell how dense they lie. */
const NEIGHBOUR_SHARE = 3;
const FEWEST_ROWS = 60;
/** A nearest row is too near where a ball of its distance is expected to hold so many rows: 5 % of independent rows are. */
const EXPECTED = 0.05;
/** Standardised cells are cut off here, so that single wild cells are not all of a distance. */
const LARGEST = 3;

export interface NearRows {
  /** For each row whether its nearest one is too near, and which that is. */
  near: boolean[];
  nearest: Int32Array;
  /** The distance to the furthest of its 60 neighbours. */
  reach: Float64Array;
  share: number;
}

/** The same columns within a range. */
export const clipped = ({ rows, cols, data }: Matrix): Matrix =>
  ({ rows, cols, data: data.map((value) => Math.max(-LARGEST, Math.min(LARGEST, value))) });

/**
 * @param outside,inside encoded rows on either side of a split, q x d and m x d, as {@link clipped} gives them
 * @param columns those that count: of many values
 * @param copies whether equal rows tell something; not so where columns take few values together
 * @returns undefined where there are too few rows or columns to tell
 */
export function nearRows(outside: Matrix, inside: Matrix, columns: readonly number[], copies: boolean): NearRows | undefined {
  if (inside.rows < FEWEST_ROWS || outside.rows === 0 || columns.length < 2) return undefined;
  const all = nearestRows(outside, inside, columns, Math.min(NEIGHBOURS, Math.floor(inside.rows / NEIGHBOUR_SHARE)));
  const dimension = dimensionOf(all);
  if (dimension === undefined) return undefined;
  const near = all.map(({ distances }) => isNear(distances, dimension, copies));
  return {
    near, nearest: Int32Array.from(all, ({ places }) => places[0]),
    reach: Float64Array.from(all, ({ distances }) => distances[distances.length - 1]),
    share: near.reduce((sum, each) => sum + Number(each), 0) / near.length,
  };
}

/** Of k neighbours in a sheet of D columns a ball of the nearest one's radius is expected to hold k (d_1 / d_k)^D. */
function isNear(distances: Float64Array, dimension: number, copies: boolean): boolean {
  const [first, last] = [distances[0], distances[distances.length - 1]];
  if (first === 0) return copies && last > 0;
  return Math.log(distances.length) + dimension * Math.log(first / last) < Math.log(EXPECTED);
}

/**
 * The number of columns by the further half of the neighbours (Levina, Bickel 2004): the mean of log(d_k / d_j) is then that
 * of the sums of 1 / i, i = j + 1, ..., k - 1, divided by D. Groups of few rows are too small to be seen at this distance.
 */
function dimensionOf(all: readonly Neighbours[]): number | undefined {
  let [logs, sums] = [0, 0];
  for (const { distances } of all) {
    const k = distances.length;
    let harmonic = 0;
    for (let j = k - 2; j >= k >> 1; j--) {
      harmonic += 1 / (j + 1);
      if (!(distances[j] > 0)) continue;
      logs += Math.log(distances[k - 1] / distances[j]);
      sums += harmonic;
    }
  }
  return logs > 0 ? sums / logs : undefined;
}
