/** Metrics of one or several models as a table. */

import { allMetrics, type Metric, type Metrics } from '../likelihood/index.js';
import { shortNumber } from '../wording.js';

/** A model and its metrics; those of a model that is not there are left out. */
export type NamedMetrics = readonly [name: string, metrics: Partial<Metrics> | undefined];

/** One row per model and one column per metric: so any number of models fits into 80 columns. */
export function metricTable(corner: string, models: readonly NamedMetrics[]): string[][] {
  const present = models.filter(([, metrics]) => metrics !== undefined);
  const told = toldOf(present.map(([, metrics]) => metrics));
  return [
    [corner, ...told.map(({ short }) => short)],
    ...present.map(([name, metrics]) => [name, ...told.map((metric) => metricOf(metrics, metric))]),
  ];
}

/** One row per metric that any of the models has: label, then a cell per model, `-` where it has none. */
export function metricRows(models: readonly (Partial<Metrics> | undefined)[]): string[][] {
  return toldOf(models).map((metric) => [metric.label, ...models.map((metrics) => metricOf(metrics, metric))]);
}

const toldOf = (models: readonly (Partial<Metrics> | undefined)[]): Metric[] =>
  allMetrics().filter(({ name }) => models.some((metrics) => metrics?.[name] !== undefined));

/** A model's metric with its standard error, as {@link metricCell} writes it. */
export const metricOf = (metrics: Partial<Metrics> | undefined, { name, error }: Pick<Metric, 'name' | 'error'>): string =>
  metricCell(metrics?.[name], error && metrics?.[`${name}Se`]);

/** `12.35 ± 0.41`; without an error the number alone, and `-` for what is not there or, in a JSON file, was not finite. */
export function metricCell(number: number | undefined, error: number | undefined): string {
  if (typeof number !== 'number') return '-';
  return typeof error !== 'number' ? shortNumber(number) : `${shortNumber(number)} ± ${shortNumber(error)}`;
}
