/** Single cells that lie so far from all others that they alone would set the scale of their column. */

import { moments } from '../maths/statistics.js';

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
 */
export function wildReach(values: Float64Array, rows: Int32Array, judged = rows): Reach | undefined {
  const { count, mean, sd } = moments(values, rows);
  const near = Math.min(NEAR, 0.9 * Math.sqrt(count - 1)) * sd;
  if (count < FEWEST || sd === 0 || !judged.some((row) => Math.abs(values[row] - mean) > near)) return undefined;
  const left = Math.max(1, Math.ceil(LEFT_OUT * count));
  const farthest = Math.max(distanceOf(values, rows, mean), distanceOf(values, judged, mean));
  // The median is within a standard deviation of the mean; half the reach leaves room for rounding.
  if (farthest + sd < FAR * leastInner(count, left, sd, farthest) / 2) return undefined;
  const present = Float64Array.from(rows, (row) => values[row]).filter((value) => !Number.isNaN(value)).sort();
  const centre = present[present.length >> 1];
  const inner = present.length - left;
  const reach = FAR * moments(nearest(present, centre, inner), allOf(inner)).sd;
  return reach > 0 && judged.some((row) => Math.abs(values[row] - centre) > reach) ? { centre, reach } : undefined;
}

/** From the mean to the farthest value of some rows. */
function distanceOf(values: Float64Array, rows: Int32Array, mean: number): number {
  let farthest = 0;
  for (const row of rows) {
    const distance = Math.abs(values[row] - mean);
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
  const distance = (at: number): number => (at in sorted ? Math.abs(sorted[at] - centre) : Infinity);
  return new Float64Array(count).map(() => sorted[distance(below) <= distance(above) ? below-- : above++]);
}

const allOf = (count: number): Int32Array => new Int32Array(count).map((_, at) => at);

/** Whether a value is one of the wild ones. */
export const isWild = (value: number, { centre, reach }: Reach): boolean => Math.abs(value - centre) > reach;
