/** How each of several targets is predicted, as a table that fits into 80 columns. */
import type { TargetFigures } from '../inference/predictive/evaluate.js';
import { shortNumber } from '../wording.js';
import { metricCell } from './metric-rows.js';

const MAX_NAME = 16;

/** In so few characters that a table has room beside it. */
export const shortTarget = (name: string): string => {
  const line = name.replace(/\s+/g, ' ');
  return line.length > MAX_NAME ? `${line.slice(0, MAX_NAME - 1)}…` : line;
};

/** A row for each target, all in its own units; nothing of a single target. @param corner which model it is */
export const targetTable = (corner: string, figures: readonly TargetFigures[] | undefined): string[][] => (figures ? [
  [corner, 'RMSE', 'MAE', 'R²', '90 % coverage', 'CRPS'],
  ...figures.map(({ target, metrics: { rmse, rmseSe, mae, r2, coverage90, crps } }) => [
    shortTarget(target), metricCell(rmse, rmseSe),
    ...[mae, r2, coverage90, crps].map((value) => (value === undefined ? '-' : shortNumber(value))),
  ]),
] : []);
