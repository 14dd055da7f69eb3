/** Evaluating, whoever opens the model. */

import { cellFeatures } from '../data/feature.js';
import { encode, readTable, recordTable, rowFacts, ROWS_NAME, type Row, type Table } from '../data/index.js';
import { fail } from '../errors.js';
import { figuresOfClasses, figuresOfTargets, rowLosses, type TargetFigures } from '../inference/predictive/evaluate.js';
import { eachOf, metricsOf, type ClassFigures, type OutputDraws, type Metrics, type RowLosses } from '../likelihood/index.js';
import { unlessAborted } from '../jobs/abort.js';
import { finiteOutputs } from '../predict/finite.js';
import { Notices } from '../predict/notices.js';
import { thresholdOf } from '../predict/predictions.js';
import type { Predictor } from '../predict/predictor.js';
import type { Encoder, RowFacts, Task } from '../types.js';
import { shorten } from '../data/wording.js';
import { checked } from './options/check.js';
import { EVALUATE, type EvaluateOptions } from './options/predict.js';
import type { Opening } from './predicting.js';
import { limitsSet } from './reading.js';
import { sourceOf, type CsvInput } from './rows.js';
import { folderOf, heed } from './environment.js';
import { call, telling, words } from '../voice.js';

/** How a model does on some rows. */
export interface Evaluation {
  model: string;
  kind: Predictor['kind'];
  /** What the rows stood in. */
  data: string;
  target: string;
  task: Task;
  /** The column by which rows are weighed in all figures: that of the training rows. Absent: each row counts once. */
  weights?: string;
  metrics: Metrics;
  /** Of classes: how the rows of each are predicted. */
  classes?: ClassFigures[];
  /** Of several targets: how each of them is predicted. */
  targets?: TargetFigures[];
  /** From which probability on the second of two classes was predicted, where that was asked for. */
  decisionThreshold?: number;
  /** Of a run, as far as it has recorded them: the same without inputs, and by the penalised linear model. */
  baseline?: Metrics;
  linear?: Metrics;
}

/** Metrics on rows with the target column. @throws as `evaluate` */
export async function evaluateBy(
  opening: Opening, rows: readonly Row[] | CsvInput, options: EvaluateOptions,
): Promise<Evaluation> {
  checked('evaluate', options, EVALUATE);
  heed(options);
  const predictor = await opening();
  try {
    const decisionThreshold = thresholdOf(options.decisionThreshold, predictor);
    const table = await tableOf(rows, predictor, options);
    const { encoder, kind, path } = predictor;
    const notices = new Notices();
    const { x, y } = encode(table, encoder, undefined, { onNotice: notices.add });
    if (y === undefined) {
      throw fail('data.missing-target', `there is no value in the target column '${eachOf(encoder.target)[0].name}'`, {
        where: { file: table.file, line: table.headerLine }, hint: words`To predict it, use ${call('predict')}.`,
      });
    }
    const facts = factsOf(table, encoder, options);
    const lost = (outputs: OutputDraws): RowLosses => rowLosses(outputs, y, encoder.target, decisionThreshold, facts);
    const measured = (outputs: OutputDraws): Metrics => metricsOf(lost(outputs));
    const losses = lost(finiteOutputs(predictor.outputs(x), { x, encoder, table }));
    const [classes, targets] = [figuresOfClasses(losses, encoder.target), figuresOfTargets(losses, encoder.target)];
    const { baseline, linear } = (await predictor.simpler?.(x)) ?? {};
    notices.tell(telling(options.onWarning), table.file);
    const { name, task } = encoder.target;
    return {
      model: path, kind, data: table.file, target: name, task,
      ...(facts.weights && { weights: encoder.weights! }), metrics: metricsOf(losses),
      ...(classes && { classes }), ...(targets && { targets }), ...(decisionThreshold !== undefined && { decisionThreshold }),
      ...(baseline && { baseline: measured(baseline) }), ...(linear && { linear: measured(linear) }),
    };
  } finally {
    predictor.dispose();
  }
}

/**
 * Of each row; without weights and exposures where the table lacks their columns, which is then told.
 * @throws data.weight, data.not-an-exposure, data.not-an-event; data.unknown-column where a time has no column of its event
 */
function factsOf(table: Table, { weights, exposure, event, target }: Encoder, { onWarning }: EvaluateOptions): RowFacts {
  const there = (name: string | undefined, otherwise: string): string | undefined => {
    if (name === undefined || table.names.includes(name)) return name;
    telling(onWarning)(`${table.file}: there is no column '${shorten(name)}', ${otherwise}`);
    return undefined;
  };
  return rowFacts(table, {
    weights: there(weights, 'by which training rows were weighed: each row counts once'),
    exposure: there(exposure, 'in which training rows were counted: each row has an exposure of 1'), event,
    target: eachOf(target).map(({ name }) => name),
  });
}

async function tableOf(
  rows: readonly Row[] | CsvInput, { encoder, delimiter }: Predictor, options: EvaluateOptions,
): Promise<Table> {
  const { missing, features, target, style, weights, exposure, event } = encoder;
  const facts = [weights, exposure, event].flatMap((name) => name ?? []);
  const columns = [...cellFeatures(features).map(({ name }) => name), ...eachOf(target).map(({ name }) => name), ...facts];
  if (!Array.isArray(rows)) {
    const cwd = folderOf(options);
    const limits = { ...style?.limits, ...await limitsSet(options.sets, cwd) };
    const { source, close } = sourceOf(rows as CsvInput, { cwd, query: options.query });
    const reading = readTable(source, { ...style, limits, delimiter, missing, needed: new Set(columns) });
    return unlessAborted(reading, options.signal).finally(close);
  }
  if (rows.length === 0) throw fail('data.no-rows', 'there are no rows', { where: { file: ROWS_NAME } });
  return recordTable(rows as readonly Row[], { columns, missing, style });
}
