/** Metrics of one or several models as rows of a table. */

import { allMetrics, type Metric, type Metrics } from '../likelihood/index.js';
import { shortNumber } from '../wording.js';

/** One row per metric that any of the models has: label, then a cell per model, `-` where it has none. */
export function metricRows(models: readonly (Partial<Metrics> | undefined)[]): string[][] {
  const told = allMetrics().filter(({ name }) => models.some((metrics) => metrics?.[name] !== undefined));
  return told.map((metric) => [metric.label, ...models.map((metrics) => metricOf(metrics, metric))]);
}

/** A model's metric with its standard error, as {@link metricCell} writes it. */
export const metricOf = (metrics: Partial<Metrics> | undefined, { name, error }: Pick<Metric, 'name' | 'error'>): string =>
  metricCell(metrics?.[name], error && metrics?.[`${name}Se`]);

/** `12.35 ± 0.41`; without an error the number alone, and `-` for what is not there or, in a JSON file, was not finite. */
export function metricCell(number: number | undefined, error: number | undefined): string {
  if (typeof number !== 'number') return '-';
  return typeof error !== 'number' ? shortNumber(number) : `${shortNumber(number)} ± ${shortNumber(error)}`;
}
