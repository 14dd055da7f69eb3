/** Rows of held-out numbers as dots. */
import { likelihoodOf, unitsOf } from '../../likelihood/index.js';
import { predictiveInterval } from '../../inference/predictive/predictive.js';
import type { Target } from '../../types.js';
import type { HeldOutDraws } from '../held-out.js';
import type { Plot } from '../plot.js';

/** A row in the target's own units. */
export interface Dot {
  row: number;
  predicted: number;
  observed: number;
  /** Of its central 90 % predictive interval. */
  lower: number;
  upper: number;
}

/** More dots say no more. */
const MAX_DOTS = 500;

/** Every so many rows, so that not too many are drawn. */
export function dotsOf({ outputs, y }: HeldOutDraws, target: Target): { dots: Dot[]; every: number } {
  const { scale, shift } = unitsOf(target);
  const raw = (value: number): number => value * scale + shift;
  const predicted = likelihoodOf(target.task).expected(outputs);
  const { lower, upper } = predictiveInterval(outputs, 0.9);
  const every = Math.ceil(y.length / MAX_DOTS);
  const dots = Array.from(y, (value, row) =>
    ({ row, predicted: raw(predicted[row]), observed: raw(value), lower: raw(lower[row]), upper: raw(upper[row]) }))
    .filter(({ row }) => row % every === 0);
  return { dots, every };
}

/** From so many times the median on, the largest value would squeeze all others into a corner. */
const SKEWED = 8;

/** Of numbers that are not negative and of which few are much larger than the others: their square roots. */
export function scaleOf(values: readonly number[]): Pick<Plot.ScaleOptions, 'type'> {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[0] >= 0 && sorted[sorted.length - 1] > SKEWED * sorted[sorted.length >> 1] ? { type: 'sqrt' } : { type: 'linear' };
}

export const dotWords = (every: number, rows: number): string => (every > 1 ? ` (one in ${every} of ${rows})` : '');
