/** Single cells that lie so far from all others that they alone would set the scale of their column. */

import { moments, type Moments } from '../maths/statistics.js';
import { allRows } from './column.js';

/** Farther than so many standard deviations of the others lies no cell that is only large. */
const FAR = 100;
/** The share of cells, and the least number of them, that the standard deviation of the others leaves out. */
const LEFT_OUT = 0.01;
const FEWEST = 10;
/** No cell is far that lies within so many standard deviations of all: one of n cells may reach about sqrt(n) of them. */
const NEAR = 5;

/** Encoded values stay as they are up to here, and are squeezed to below twice as much beyond. */
export const CLIP = 10;

/** What is not wild lies within `reach` of `centre`. */
export interface Reach {
  centre: number;
  reach: number;
}

/**
 * What is not wild, if a column has wild cells: farther from the median of the training rows than {@link FAR} standard deviations
 * of their inner 99 %.
 * @param values of all rows, NaN where there is none
 * @param rows the training rows
 * @param judged the rows among which there may be wild cells
 * @param ofRows the moments of the training rows, for whoever has them
 */
export function wildReach(
  values: Float64Array, rows: Int32Array, judged = rows, { count, mean, sd, min, max }: Moments = moments(values, rows),
): Reach | undefined {
  const near = Math.min(NEAR, 0.9 * Math.sqrt(count - 1)) * sd;
  if (count < FEWEST || sd === 0) return undefined;
  const reached = Math.max(max - mean, mean - min);
  const ofJudged = judged === rows ? reached : distanceOf(values, judged, mean);
  if (ofJudged <= near) return undefined;
  const left = Math.max(1, Math.ceil(LEFT_OUT * count));
  const farthest = Math.max(reached, ofJudged);
  // The median is within a standard deviation of the mean; half the reach leaves room for rounding.
  if (farthest + sd < FAR * leastInner(count, left, sd, farthest) / 2) return undefined;
  const present = presentOf(values, rows).sort();
  const centre = present[present.length >> 1];
  const inner = present.length - left;
  const reach = FAR * moments(nearest(present, centre, inner), allRows(inner)).sd;
  return reach > 0 && distanceOf(values, judged, centre) > reach ? { centre, reach } : undefined;
}

/** The values of some rows but NaN. */
function presentOf(values: Float64Array, rows: Int32Array): Float64Array {
  const present = new Float64Array(rows.length);
  let count = 0;
  for (const row of rows) {
    present[count] = values[row];
    if (!Number.isNaN(present[count])) count++;
  }
  return present.subarray(0, count);
}

/** From a place to the farthest value of some rows. */
function distanceOf(values: Float64Array, rows: Int32Array, place: number): number {
  let farthest = 0;
  for (const row of rows) {
    const distance = Math.abs(values[row] - place);
    if (distance > farthest) farthest = distance;
  }
  return farthest;
}

/**
 * A lower bound of the standard deviation of all values but some: what is left out takes at most so many squares of the largest
 * distance from the sum of squares, and moves the mean by at most so many of these distances. It spares most columns the sorting.
 */
function leastInner(count: number, left: number, sd: number, farthest: number): number {
  const inner = count - left;
  return Math.sqrt(Math.max(0, (count * sd ** 2 - left * farthest ** 2) / inner - (left * farthest / inner) ** 2));
}

/** So many of the values nearest to one of them, by their distance. @param sorted ascending */
function nearest(sorted: Float64Array, centre: number, count: number): Float64Array {
  let above = sorted.length >> 1;
  while (above > 0 && sorted[above - 1] === centre) above--;
  let below = above - 1;
  const found = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    const down = below >= 0 ? Math.abs(sorted[below] - centre) : Infinity;
    const up = above < sorted.length ? Math.abs(sorted[above] - centre) : Infinity;
    found[at] = sorted[down <= up ? below-- : above++];
  }
  return found;
}

/** Whether a value is one of the wild ones. */
export const isWild = (value: number, { centre, reach }: Reach): boolean => Math.abs(value - centre) > reach;
