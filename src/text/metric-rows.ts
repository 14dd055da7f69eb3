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
export const metricRows = (models: readonly (Partial<Metrics> | undefined)[]): string[][] => rowsOf('label', toldOf(models), models);

/** The same of the metrics that {@link metricTable} leaves out; nothing where no model has one. */
export const detailRows = (models: readonly (Partial<Metrics> | undefined)[]): string[][] =>
  rowsOf('short', toldOf(models, true), models);

const rowsOf = (
  key: 'label' | 'short', told: readonly Metric[], models: readonly (Partial<Metrics> | undefined)[],
): string[][] => told.map((metric) => [metric[key], ...models.map((metrics) => metricOf(metrics, metric))]);

const toldOf = (models: readonly (Partial<Metrics> | undefined)[], detail = false): Metric[] =>
  allMetrics().filter((metric) => isDetail(metric) === detail && models.some((metrics) => metrics?.[metric.name] !== undefined));

const isDetail = ({ detail = false }: Metric): boolean => detail;

/** A model's metric with its standard error, as {@link metricCell} writes it. */
export const metricOf = (metrics: Partial<Metrics> | undefined, { name, error, bare }: Pick<Metric, 'name' | 'error' | 'bare'>): string =>
  metricCell(metrics?.[name], error && !bare ? metrics?.[`${name}Se`] : undefined);

/** `12.35 ± 0.41`; without an error the number alone, and `-` for what is not there or, in a JSON file, was not finite. */
export function metricCell(number: number | undefined, error: number | undefined): string {
  if (typeof number !== 'number') return '-';
  return typeof error !== 'number' ? shortNumber(number) : `${shortNumber(number)} ± ${shortNumber(error)}`;
}
