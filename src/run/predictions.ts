/** Predictions as CSV rows, in the units and class names of the data. */

import { topClass } from '../inference/evaluate.js';
import { classProbabilities, predictiveInterval, regressionMoments } from '../inference/predictive.js';
import type { Matrix, Target } from '../types.js';
import { csvLine, shortFloat32 } from './csv.js';
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
 */
export function predictionLines(predictor: Predictor, x: Matrix, interval?: number): string {
  const { target } = predictor.encoder;
  const outputs = predictor.outputs(x);
  if (target.task !== 'regression') {
    const { cols, data } = classProbabilities(outputs);
    const rows = Array.from({ length: x.rows }, (_, n) => data.subarray(n * cols, (n + 1) * cols));
    return rows.map((row) => csvLine([target.levels[topClass(row).index], ...Array.from(row, shortFloat32)])).join('');
  }
  const inUnits = (value: number): number => shortFloat32(Math.fround(value * target.scale + target.mean));
  const { mean } = regressionMoments(outputs);
  if (interval === undefined) return Array.from(mean, (value) => csvLine([inUnits(value)])).join('');
  const { lower, upper } = predictiveInterval(predictor.draws(x), interval);
  return Array.from(mean, (value, n) => csvLine([value, lower[n], upper[n]].map(inUnits))).join('');
}
