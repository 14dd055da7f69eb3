/** The models of a run as tables name them. */
import type { RunMetrics } from '../work/run-metrics.js';
import type { SplitName } from '../work/prepare.js';
import type { NamedMetrics } from './metric-rows.js';

/** In the order of tables, from the simplest to the one that is kept. */
export const runModels = (
  { baseline, linear, dense, variational, full, median }: RunMetrics, split: SplitName, pruned = 'median model',
): NamedMetrics[] => {
  const models = [
    ['no inputs', baseline], ['linear', linear], ['dense', dense], ...(variational ? [['variational', variational] as const] : []),
    ['full posterior', full], [pruned, median],
  ] as const;
  return models.map(([name, model]) => [name, model?.splits[split]]);
};
