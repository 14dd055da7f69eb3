/** The models of a run as tables name them. */
import type { RunMetrics } from '../work/run-metrics.js';
import type { SplitName } from '../work/prepare.js';
import type { NamedMetrics } from './metric-rows.js';

/** In the order of tables, from the simplest to the one that is kept. */
export const runModels = ({ baseline, linear, dense, full, median }: RunMetrics, split: SplitName, pruned = 'median model'): NamedMetrics[] =>
  ([['no inputs', baseline], ['linear', linear], ['dense', dense], ['full posterior', full], [pruned, median]] as const)
    .map(([name, model]) => [name, model?.splits[split]]);
