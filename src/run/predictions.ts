/** Predictions as CSV rows, in the units and class names of the data. */

import { topClass } from '../inference/losses.js';
import { classProbabilities, predictiveInterval, regressionMoments } from '../inference/predictive.js';
import type { Matrix, Target } from '../types.js';
import { csvLine, shortFloat32 } from './csv.js';
import { finiteOutputs, overflow, type EncodedRows } from './finite.js';
import type { Predictor } from './predictor.js';

/** Regression: `y`, with an interval also `y_lower`, `y_upper`. Classification: `y`, then `p_LEVEL` for every class. */
export function predictionHeader(target: Target, interval?: number): string {
  const { name } = target;
  if (target.task !== 'regression') return csvLine([name, ...target.levels.map((level) => `p_${level}`)]);
  return csvLine(interval === undefined ? [name] : [name, `${name}_lower`, `${name}_upper`]);
}

/**
 * CSV lines for encoded rows x [n, d].
 * @param interval probability of the central predictive interval (regression only)
 * @param table where the rows stood, so that an error can name the line
 * @throws data.not-finite for a row whose cells are so large that its prediction is not finite
 */
export function predictionLines(predictor: Predictor, x: Matrix, interval?: number, table?: EncodedRows['table']): string {
  const { encoder, encoder: { target } } = predictor;
  const from = { x, encoder, table };
  const outputs = finiteOutputs(predictor.outputs(x), from);
  if (target.task !== 'regression') {
    const { cols, data } = classProbabilities(outputs);
    const rows = Array.from({ length: x.rows }, (_, n) => data.subarray(n * cols, (n + 1) * cols));
    return rows.map((row) => csvLine([target.levels[topClass(row).index], ...Array.from(row, shortFloat32)])).join('');
  }
  const line = (values: number[], row: number): string => {
    const inUnits = values.map((value) => shortFloat32(Math.fround(value * target.scale + target.mean)));
    if (!inUnits.every(Number.isFinite)) throw overflow(from, row);
    return csvLine(inUnits);
  };
  const { mean } = regressionMoments(outputs);
  if (interval === undefined) return Array.from(mean, (value, n) => line([value], n)).join('');
  const { lower, upper } = predictiveInterval(finiteOutputs(predictor.draws(x), from), interval);
  return Array.from(mean, (value, n) => line([value, lower[n], upper[n]], n)).join('');
}
