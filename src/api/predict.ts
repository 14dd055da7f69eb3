/** Predictions for rows of a file, of a stream, or in memory. */

import type { Row } from '../data/index.js';
import { modelOf, type ModelSource } from './model.js';
import type { PredictOptions } from './options/predict.js';
import { predictBy, predictTableBy, type PredictedTable } from './predicting.js';
import type { Prediction } from './prediction.js';
import type { CsvInput } from './rows.js';

/**
 * Predicts rows in memory; see the other form for files. Numbers come in the units of the data, classes by name.
 * @param model a run, an exported model, or what `prune` gave
 * @param rows objects with a cell for each column that the model needs; other columns are not looked at
 * @returns a prediction for each row, in their order
 * @throws {BnncError} `usage.option`, `usage.interval`; `run.*` when the model cannot be read; `data.*` for rows that it cannot
 *   take; `interrupted.stopped`
 * @example
 * ```ts
 * const [bird] = await predict('small', [{ bill_length_mm: 45.8, flipper_length_mm: 210 }]);
 * console.log(bird.value);
 * ```
 * @category Main functions
 */
export function predict(model: ModelSource, rows: readonly Row[], options?: PredictOptions): Promise<Prediction[]>;
/**
 * Predicts the rows of a table, one by one in their order, at constant memory however many there are.
 * @param model a run, an exported model, or what `prune` gave
 * @param rows the path of a file (CSV, JSON Lines or Parquet, plain or gzipped), `duckdb:FILE` with the option `query`, or a
 *   readable stream of such a file, which is closed at the end
 * @throws {BnncError} (while iterating) as for rows in memory
 * @example
 * ```ts
 * for await (const { value } of predict('small', 'birds.csv')) console.log(value);
 * ```
 * @category Main functions
 */
export function predict(model: ModelSource, rows: CsvInput, options?: PredictOptions): AsyncGenerator<Prediction, void, void>;
export function predict(
  model: ModelSource, rows: readonly Row[] | CsvInput, options: PredictOptions = {},
): Promise<Prediction[]> | AsyncGenerator<Prediction, void, void> {
  return predictBy(() => modelOf(model, options, options.explain), rows, options);
}

/**
 * The predictions of {@link predict} as a table, at constant memory.
 * @param use takes the table; the model is closed when it is done
 * @throws {BnncError} as for `predict`; what `use` throws
 */
export function predictTable<T>(
  model: ModelSource, rows: CsvInput, options: PredictOptions, use: (table: PredictedTable) => Promise<T>,
): Promise<T> {
  return predictTableBy(() => modelOf(model, options, options.explain), rows, options, use);
}
