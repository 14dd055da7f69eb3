/** Predicting, whoever opens the model. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Row } from '../data/index.js';
import { tablePieces, type TableFormat, type WrittenRow } from '../data/write-table.js';
import { Notices } from '../predict/notices.js';
import { columnsOf, predictionCells, predictionNames, predictRows, type PredictionColumns } from '../predict/predictions.js';
import type { Predictor } from '../predict/predictor.js';
import { checked } from './options/check.js';
import { PREDICT, type PredictOptions } from './options/predict.js';
import { recordMaker, type Prediction } from './prediction.js';
import { csvChunks, rowChunks, type Chunk, type CsvInput } from './rows.js';
import { folderOf, heed } from './environment.js';
import { classesOf } from '../likelihood/index.js';
import { contributionWords } from '../text/likelihood-words.js';
import { telling } from '../voice.js';

/** Opens the model once the options are known to be right. */
export type Opening = () => Promise<Predictor>;

/** Predictions of rows in an array, or one by one. */
export function predictBy(
  opening: Opening, rows: readonly Row[] | CsvInput, options: PredictOptions,
): Promise<Prediction[]> | AsyncGenerator<Prediction, void, void> {
  if (Array.isArray(rows)) return predictAll(opening, rows as readonly Row[], options);
  return predictEach(opening, rows as CsvInput, options);
}

async function predictAll(opening: Opening, rows: readonly Row[], options: PredictOptions): Promise<Prediction[]> {
  const { predictor, columns, notices } = await open(opening, options);
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

async function* predictEach(opening: Opening, rows: CsvInput, options: PredictOptions): AsyncGenerator<Prediction, void, void> {
  const opened = await open(opening, options);
  try {
    yield* eachRow(opened, rows, options);
  } finally {
    opened.predictor.dispose();
  }
}

async function* eachRow(
  { predictor, columns, notices }: Opened, rows: CsvInput, options: PredictOptions,
): AsyncGenerator<Prediction, void, void> {
  let file = '';
  for await (const chunk of csvChunks(rows, reading(predictor, notices, options))) {
    ({ file } = chunk.table);
    for (const prediction of predicted(chunk, predictor, columns)) {
      yield prediction;
      heed(options);
    }
  }
  tell(notices, file, options);
}

/** Predictions as `bnnc predict` prints them. */
export interface PredictedTable {
  /** What the effects of `explain` are measured on. */
  scale: string;
  /** From which probability on the second of two classes is predicted, and what it is called, where that was asked for. */
  decision?: { threshold: number; level: string };
  /** Pieces of a table, of which each row has a prediction. */
  pieces(format: TableFormat): AsyncGenerator<string | Uint8Array, void, void>;
  /** The same in place of it, row by row. */
  predictions: AsyncGenerator<Prediction, void, void>;
}

/**
 * The same as a table, at constant memory.
 * @param use takes the table; the model is closed when it is done, also where it fails before it asks for a piece
 */
export async function predictTableBy<T>(
  opening: Opening, rows: CsvInput, options: PredictOptions, use: (table: PredictedTable) => Promise<T>,
): Promise<T> {
  const opened = await open(opening, options);
  try {
    const { columns: { decisionThreshold: threshold }, predictor: { encoder: { target } } } = opened;
    return await use({
      scale: contributionWords(target), pieces: (format) => pieces(format, opened, rows, options),
      predictions: eachRow(opened, rows, options),
      ...(threshold !== undefined && { decision: { threshold, level: classesOf(target)![1] } }),
    });
  } finally {
    opened.predictor.dispose();
  }
}

function pieces(
  format: TableFormat, opened: Opened, rows: CsvInput, options: PredictOptions,
): AsyncGenerator<string | Uint8Array, void, void> {
  const { columns, predictor: { encoder: { target } } } = opened;
  const classes = classesOf(target) !== undefined;
  const written = predictionNames(target, columns).map((name, at) => ({ name, type: classes && at === 0 ? 'text' : 'number' } as const));
  return tablePieces(format, written, cellsOf(opened, rows, options));
}

async function* cellsOf(
  { predictor, columns, notices }: Opened, rows: CsvInput, options: PredictOptions,
): AsyncGenerator<WrittenRow[], void, void> {
  let file = '';
  for await (const { x, table, facts } of csvChunks(rows, reading(predictor, notices, options))) {
    ({ file } = table);
    yield predictRows(predictor, x, columns, table, facts).map(predictionCells);
  }
  tell(notices, file, options);
}

const reading = (predictor: Predictor, notices: Notices, options: PredictOptions): Parameters<typeof csvChunks>[1] => ({
  predictor, cwd: folderOf(options), query: options.query, sets: options.sets, signal: options.signal, onNotice: notices.add,
});

interface Opened {
  predictor: Predictor;
  columns: PredictionColumns;
  notices: Notices;
}

async function open(opening: Opening, options: PredictOptions): Promise<Opened> {
  checked('predict', options, PREDICT);
  heed(options);
  const predictor = await opening();
  try {
    return { predictor, columns: await columnsOf(predictor, options), notices: new Notices() };
  } catch (error) {
    predictor.dispose();
    throw error;
  }
}

function predicted({ x, table, facts }: Chunk, predictor: Predictor, columns: PredictionColumns): Prediction[] {
  return predictRows(predictor, x, columns, table, facts).map(recordMaker(predictor.encoder, columns));
}

const tell = (notices: Notices, file: string, { onWarning }: PredictOptions): void => notices.tell(telling(onWarning), file);
