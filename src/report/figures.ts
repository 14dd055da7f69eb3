/** Metrics of the pruned network in a sentence, beside those of simpler models. */
import { allMetrics, type Metrics } from '../likelihood/index.js';
import { metricCell, metricOf } from '../text/metric-rows.js';
import type { SplitName } from '../work/prepare.js';
import type { ReportData } from './gather.js';

/** Models to compare with, on these rows. */
export const simpler = ({ baseline, linear }: Pick<ReportData['metrics'], 'baseline' | 'linear'>, split: SplitName) =>
  [['linear', linear?.splits[split]], ['no inputs', baseline?.splits[split]]] as const;

/**
 * `RMSE 54.1 ± 2.8 (linear 55.0, no inputs 72.1); R² 0.46 (...).`
 * @param names of metrics; those that are not there are left out
 */
export function figures(own: Metrics, names: readonly string[], beside: ReturnType<typeof simpler> | readonly [] = []): string {
  const told = allMetrics().filter(({ name }) => names.includes(name) && own[name] !== undefined).map((metric) => {
    const others = beside.flatMap(([word, metrics]) => {
      const value = metrics?.[metric.name];
      return typeof value === 'number' ? [`${word} ${metricCell(value, undefined)}`] : [];
    });
    return `${metric.short} ${metricOf(own, metric)}${others.length > 0 ? ` (${others.join(', ')})` : ''}`;
  }).join('; ');
  return told === '' ? '' : `${told[0].toUpperCase()}${told.slice(1)}.`;
}
