/** Predictions for rows of a CSV file, of a stream, or in memory. */

import { contributionWords } from '../text/likelihood-words.js';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Row } from '../data/index.js';
import { Notices } from '../predict/notices.js';
import { columnsOf, predictionHeader, predictionLines, predictRows, type PredictionColumns } from '../predict/predictions.js';
import type { Predictor } from '../predict/predictor.js';
import { modelOf, type ModelSource } from './model.js';
import { checked } from './options/check.js';
import { PREDICT, type PredictOptions } from './options/predict.js';
import { recordMaker, type Prediction } from './prediction.js';
import { csvChunks, rowChunks, type Chunk, type CsvInput } from './rows.js';
import { folderOf, heed } from './environment.js';
import { telling } from '../voice.js';

/**
 * Predicts rows in memory; see the other form for CSV. Numbers come in the units of the data, classes by name.
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
 * Predicts the rows of a CSV, one by one in their order, at constant memory however many there are.
 * @param model a run, an exported model, or what `prune` gave
 * @param rows the path of a CSV file, or a readable stream of one, which is closed at the end; plain or gzipped
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
  return Array.isArray(rows) ? predictAll(model, rows as readonly Row[], options) : predictEach(model, rows as CsvInput, options);
}

async function predictAll(model: ModelSource, rows: readonly Row[], options: PredictOptions): Promise<Prediction[]> {
  const { predictor, columns, notices } = await open(model, options);
  try {
    const predictions: Prediction[] = [];
    for (const chunk of rowChunks(rows, { predictor, signal: options.signal, onNotice: notices.add })) {
      predictions.push(...predicted(chunk, predictor, columns));
      // Lets whoever aborts in.
      await nextTurn();
    }
    heed(options);
    tell(notices, 'rows', options);
    return predictions;
  } finally {
    predictor.dispose();
  }
}

async function* predictEach(model: ModelSource, rows: CsvInput, options: PredictOptions): AsyncGenerator<Prediction, void, void> {
  const { predictor, columns, notices } = await open(model, options);
  try {
    let file = '';
    const reading = { predictor, cwd: folderOf(options), signal: options.signal, onNotice: notices.add };
    for await (const chunk of csvChunks(rows, reading)) {
      ({ file } = chunk.table);
      for (const prediction of predicted(chunk, predictor, columns)) {
        yield prediction;
        heed(options);
      }
    }
    tell(notices, file, options);
  } finally {
    predictor.dispose();
  }
}

/** Predictions as `bnnc predict` prints them. */
export interface PredictedCsv {
  /** What the effects of `explain` are measured on. */
  scale: string;
  /** Pieces of a CSV, the first with the line of names. */
  lines: AsyncGenerator<string, void, void>;
}

/** The predictions of {@link predict} as CSV, at constant memory. @throws {BnncError} as for `predict` */
export async function predictCsv(model: ModelSource, rows: CsvInput, options: PredictOptions): Promise<PredictedCsv> {
  const opened = await open(model, options);
  return { scale: contributionWords(opened.predictor.encoder.target), lines: csvLines(opened, rows, options) };
}

async function* csvLines(
  { predictor, columns, notices }: Opened, rows: CsvInput, options: PredictOptions,
): AsyncGenerator<string, void, void> {
  try {
    // The header waits for the first chunk: a file that cannot be read at all gives no output at all.
    let [text, file] = [predictionHeader(predictor.encoder.target, columns), ''];
    const reading = { predictor, cwd: folderOf(options), signal: options.signal, onNotice: notices.add };
    for await (const { x, table } of csvChunks(rows, reading)) {
      ({ file } = table);
      yield text + predictionLines(predictor, x, columns, table);
      text = '';
    }
    tell(notices, file, options);
  } finally {
    predictor.dispose();
  }
}

interface Opened {
  predictor: Predictor;
  columns: PredictionColumns;
  notices: Notices;
}

async function open(model: ModelSource, options: PredictOptions): Promise<Opened> {
  checked('predict', options, PREDICT);
  heed(options);
  const predictor = await modelOf(model, options, options.explain);
  try {
    return { predictor, columns: columnsOf(predictor, options), notices: new Notices() };
  } catch (error) {
    predictor.dispose();
    throw error;
  }
}

function predicted({ x, table }: Chunk, predictor: Predictor, columns: PredictionColumns): Prediction[] {
  return predictRows(predictor, x, columns, table).map(recordMaker(predictor.encoder, columns));
}

const tell = (notices: Notices, file: string, { onWarning }: PredictOptions): void => notices.tell(telling(onWarning), file);
