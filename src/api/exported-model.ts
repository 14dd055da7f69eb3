/** Opening, predicting by and evaluating exported models, without anything that only runs need. */

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Row } from '../data/index.js';
import { fail } from '../errors.js';
import { modelOf as modelOfDocument } from '../export/model-document.js';
import { readModel } from '../export/read-model.js';
import { readModelFile, readModelFolder } from '../predict/open-model.js';
import { modelPredictor, type Predictor } from '../predict/predictor.js';
import type { CompressedModel } from '../types.js';
import { folderOf, isObject } from './environment.js';
import type { Evaluation } from './evaluating.js';
import type { EvaluateOptions, PredictOptions } from './options/predict.js';
import { predictBy } from './predicting.js';
import type { Prediction } from './prediction.js';
import type { CsvInput } from './rows.js';

/** An exported model in memory, or as `prune` gives it, or the path of its folder, its model.json or its model.safetensors. */
export type ExportedModel = string | CompressedModel | { readonly model: CompressedModel };

export type ModelPredictOptions = Omit<PredictOptions, 'engine'>;
export type ModelEvaluateOptions = Omit<EvaluateOptions, 'engine'>;

/** What a model in memory is called. */
export const IN_MEMORY = '<model>';

/**
 * Opens an exported model, for all predictions to come.
 * @param source path of its folder, of its model.json or model.safetensors; the bytes of one of these; or the object that
 *   model.json holds
 * @param options.cwd folder that a relative path starts from; default: the current one of the process
 * @throws {BnncError} `run.missing`, `run.not-readable`, `run.no-json-model`, `run.not-json`, `run.not-a-model`,
 *   `run.model-version`, `run.model-invalid`, `run.tensors-damaged`, `run.tensors-type`; `usage.option`
 * @example
 * ```ts
 * const model = await openModel('small');
 * console.log(model.encoder.features.map(({ name }) => name));
 * ```
 * @category Exported models
 */
export async function openModel(
  source: string | Uint8Array | object, options: { cwd?: string | undefined } = {},
): Promise<CompressedModel> {
  if (source instanceof Uint8Array) return readModel(source, IN_MEMORY);
  if (typeof source === 'string') return openPath(source, folderOf(options));
  if (isObject(source)) return modelOfDocument(source, IN_MEMORY);
  throw fail('usage.option', 'a model must be a path, the bytes of its file, or what its model.json holds');
}

/**
 * Predicts rows in memory; see the other form for files. Numbers come in the units of the data, classes by name.
 * @param model what `openModel` gave, or a path
 * @param rows objects with a cell for each column that the model needs; other columns are not looked at
 * @returns a prediction for each row, in their order
 * @throws {BnncError} `usage.option`, `usage.interval`; `run.*` when the model cannot be read; `data.*` for rows that it cannot
 *   take; `interrupted.stopped`
 * @example
 * ```ts
 * const [bird] = await predict(model, [{ bill_length_mm: 45.8, flipper_length_mm: 210 }], { explain: true });
 * console.log(bird.value, bird.explanation.effects);
 * ```
 * @category Exported models
 */
export function predict(model: ExportedModel, rows: readonly Row[], options?: ModelPredictOptions): Promise<Prediction[]>;
/**
 * Predicts the rows of a table, one by one in their order, at constant memory however many there are.
 * @param model what `openModel` gave, or a path
 * @param rows the path of a file (CSV, JSON Lines or Parquet, plain or gzipped), `duckdb:FILE` with the option `query`, or a
 *   readable stream of such a file, which is closed at the end
 * @throws {BnncError} (while iterating) as for rows in memory
 * @example
 * ```ts
 * for await (const { value } of predict(model, process.stdin)) console.log(value);
 * ```
 * @category Exported models
 */
export function predict(
  model: ExportedModel, rows: CsvInput, options?: ModelPredictOptions,
): AsyncGenerator<Prediction, void, void>;
export function predict(
  model: ExportedModel, rows: readonly Row[] | CsvInput, options: ModelPredictOptions = {},
): Promise<Prediction[]> | AsyncGenerator<Prediction, void, void> {
  return predictBy(() => exportedPredictor(model, options, options.explain), rows, options);
}

/**
 * Metrics on rows with the target column: negative log-likelihood and, for numbers, RMSE, MAE, R², CRPS, pinball losses and
 * interval coverage; for classes accuracy, AUC, average precision, Brier score, balanced accuracy, F1, MCC, calibration error,
 * and how the rows of each class are predicted.
 * @param model what `openModel` gave, or a path
 * @param rows as `predict` takes them; all of them are held in memory
 * @throws {BnncError} `usage.option`; `run.*`; `data.*`, `data.missing-target` without the target; `interrupted.stopped`
 * @example
 * ```ts
 * const { metrics } = await evaluate(model, 'test.csv');
 * console.log(metrics.accuracy);
 * ```
 * @category Exported models
 */
export async function evaluate(
  model: ExportedModel, rows: readonly Row[] | CsvInput, options: ModelEvaluateOptions = {},
): Promise<Evaluation> {
  const { evaluateBy } = await import('./evaluating.js');
  return evaluateBy(() => exportedPredictor(model, options), rows, options);
}

async function exportedPredictor(
  model: ExportedModel, { cwd, draws }: Pick<PredictOptions, 'cwd' | 'draws'>, median = false,
): Promise<Predictor> {
  if (typeof model === 'string') return modelPredictor(model, await openPath(model, folderOf({ cwd })), { draws, median });
  if (!isObject(model) || !('model' in model || 'layers' in model)) {
    throw fail('usage.option', 'a model must be a path, what openModel or prune gave, or a compressed model');
  }
  return modelPredictor(IN_MEMORY, 'model' in model ? model.model : model, { draws, median });
}

async function openPath(path: string, cwd: string): Promise<CompressedModel> {
  const place = resolve(cwd, path);
  const found = await stat(place).catch(() => undefined);
  if (found === undefined) throw fail('run.missing', 'there is no such model', { where: { file: path }, hint: 'Check the path.' });
  return found.isDirectory() ? (await readModelFolder(path, place)).model : readModelFile(path, place);
}
