/** How good a model is on rows whose target is known. */

import type { Row } from '../data/index.js';
import { evaluateBy, type Evaluation } from './evaluating.js';
import type { ClassFigures } from '../likelihood/index.js';
import { modelOf, type ModelSource } from './model.js';
import type { EvaluateOptions } from './options/predict.js';
import type { CsvInput } from './rows.js';

export type { ClassFigures, Evaluation };

/**
 * Metrics on rows with the target column: negative log-likelihood and, for numbers, RMSE, MAE, R², CRPS, pinball losses and
 * interval coverage; for classes accuracy, AUC, average precision, Brier score, balanced accuracy, F1, MCC, calibration error,
 * and how the rows of each class are predicted.
 * @param model as `predict` takes it
 * @param rows as `predict` takes them; all of them are held in memory
 * @throws {BnncError} `usage.option`; `run.*`; `data.*`, `data.missing-target` without the target; `interrupted.stopped`
 * @example
 * ```ts
 * const { metrics } = await evaluate('small', 'test.csv');
 * console.log(metrics.accuracy);
 * ```
 * @category More of the command line
 */
export function evaluate(
  model: ModelSource, rows: readonly Row[] | CsvInput, options: EvaluateOptions = {},
): Promise<Evaluation> {
  return evaluateBy(() => modelOf(model, options), rows, options);
}
