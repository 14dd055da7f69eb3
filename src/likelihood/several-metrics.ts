/** Metrics of several numbers together, which have units of their own, and losses on each of them. */
import { average } from '../maths/statistics.js';
import { R2, RMSE, type Metric, type RowLosses } from './metrics.js';

/** Of several numbers together, each in standard deviations of its own. */
export const RELATIVE_RMSE: Metric = {
  ...RMSE, name: 'relativeRmse', label: 'RMSE (sd)', short: 'RMSE (sd)', needs: ['relativeSquares'],
  value: (losses) => RMSE.value(relative(losses)), error: (losses) => RMSE.error!(relative(losses)),
};
const relative = ({ relativeSquares, ...losses }: RowLosses): RowLosses => ({ ...losses, squares: relativeSquares! });

/** Losses on each of several targets, by its place; none of other targets. */
export function lossesOfEach(losses: RowLosses): RowLosses[] {
  const { nll, weight } = losses;
  const found: RowLosses[] = [];
  for (const [key, values] of Object.entries(losses)) {
    const [, place, name] = /^(\d+):(.+)$/.exec(key) ?? [];
    if (place === undefined) continue;
    found[Number(place)] ??= { nll, ...(weight && { weight }) };
    found[Number(place)][name] = values;
  }
  return found;
}

export const MEAN_R2: Metric = {
  ...R2, name: 'meanR2', label: 'mean R² of the targets', short: 'mean R²', needs: ['0:squares', '0:truth'],
  value(losses) {
    const each = lossesOfEach(losses).flatMap((own) => R2.value(own) ?? []);
    return each.length > 0 ? average(each) : undefined;
  },
};
