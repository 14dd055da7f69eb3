/** Metrics of one or several models as rows of a table. */

import type { Metrics } from '../inference/predictive/evaluate.js';
import { shortNumber } from '../wording.js';

interface Row {
  label: string;
  value: Exclude<keyof Metrics, 'rows' | `${string}Se`>;
  error?: keyof Metrics;
}

/** The metrics in the order of tables. */
export const METRIC_ROWS: readonly Row[] = [
  { label: 'RMSE', value: 'rmse', error: 'rmseSe' },
  { label: 'accuracy', value: 'accuracy', error: 'accuracySe' },
  { label: 'negative log-likelihood', value: 'nll', error: 'nllSe' },
  { label: 'coverage of the 90 % interval', value: 'coverage90' },
  { label: 'calibration error', value: 'ece' },
];

/** One row per metric that any of the models has: label, then a cell per model, `-` where it has none. */
export function metricRows(models: readonly (Partial<Metrics> | undefined)[]): string[][] {
  const told = METRIC_ROWS.filter(({ value }) => models.some((metrics) => metrics?.[value] !== undefined));
  return told.map(({ label, value, error }) => [
    label,
    ...models.map((metrics) => metricCell(metrics?.[value], error && metrics?.[error])),
  ]);
}

/** `12.35 ± 0.41`; without an error the number alone, and `-` for what is not there or, in a JSON file, was not finite. */
export function metricCell(number: number | undefined, error: number | undefined): string {
  if (typeof number !== 'number') return '-';
  return typeof error !== 'number' ? shortNumber(number) : `${shortNumber(number)} ± ${shortNumber(error)}`;
}
