/** Two runs on rows that neither has learnt from. */
import { encode } from '../data/index.js';
import { rowLosses } from '../inference/predictive/evaluate.js';
import { factsAt, metricsOf, type Metrics, type RowLosses } from '../likelihood/index.js';
import { pairedDifference, type Difference } from '../maths/statistics.js';
import { RunRows, type SplitTable } from '../store/run-rows.js';
import type { RunFolder } from '../store/open.js';
import type { LabelledDataset, RowFacts } from '../types.js';
import { runPredictor } from './open-predictor.js';
import type { PredictorOptions } from './predictor.js';

/** A loss of each row that is compared pair by pair, and what its mean is called. */
const COMPARED = { nll: 'nll', hits: 'accuracy', absolute: 'mae' } as const;

/** What one model of both runs does, and by how much the second differs from the first. */
export interface ComparedModel {
  a: Metrics;
  b: Metrics;
  /** b minus a: the mean over rows and its standard error, by the name of the metric. */
  differences: Record<string, Difference>;
}

export interface ComparedRows {
  split: 'test' | 'validation';
  rows: number;
  /** The whole posterior, and the median probability model. */
  full: ComparedModel;
  median: ComparedModel;
}

/** The figures, or why there are none. @throws the errors of reading runs and data */
export async function compareOnRows(
  a: RunFolder, b: RunFolder, options: Pick<PredictorOptions, 'engine' | 'cwd'>,
): Promise<ComparedRows | { reason: string }> {
  const found = await commonRows(a, b);
  if ('reason' in found) return found;
  const { split, table, rows, facts } = found;
  const model = async (median: boolean): Promise<ComparedModel> => {
    const losses = (run: RunFolder, known: RowFacts): Promise<RowLosses> =>
      lossesOf(run, { table, rows, facts: known }, { ...options, median });
    const [first, second] = [await losses(a, facts.a), await losses(b, facts.b)];
    const differences = Object.entries(COMPARED).flatMap(([name, metric]) => {
      const [one, other] = [first[name as keyof RowLosses], second[name as keyof RowLosses]];
      return one && other ? [[metric, pairedDifference(other, one)] as const] : [];
    });
    return { a: metricsOf(first), b: metricsOf(second), differences: Object.fromEntries(differences) };
  };
  return { split, rows: rows.length, full: await model(false), median: await model(true) };
}

/** Rows count alike: what is compared are the models. */
const unweighted = ({ weights: _, ...facts }: RowFacts = {}): RowFacts => facts;

async function lossesOf(run: RunFolder, rows: SplitTable, options: PredictorOptions): Promise<RowLosses> {
  const predictor = await runPredictor(run, options);
  try {
    const { x, y } = encode(rows.table, predictor.encoder, rows.rows) as LabelledDataset;
    // The median model by draws of its weights, as the run's own figures are made.
    const outputs = options.median ? predictor.draws(x) : predictor.outputs(x);
    return rowLosses(outputs, y, predictor.encoder.target, undefined, unweighted(rows.facts));
  } finally {
    predictor.dispose();
  }
}

/** What is known of those rows of a split that are among `rows`. Facts lie beside the rows of their own split. */
const factsOf = ({ rows: own, facts = {} }: SplitTable, rows: ReadonlySet<number>): RowFacts =>
  factsAt(facts, Int32Array.from(own.keys()).filter((at) => rows.has(own[at])));

interface CommonRows {
  split: 'test' | 'validation';
  table: SplitTable['table'];
  rows: Int32Array;
  /** What each run knows of these rows: one may have an exposure that the other lacks. */
  facts: { a: RowFacts; b: RowFacts };
}

/** Rows that both runs hold out: of the test splits, else of the validation splits. */
async function commonRows(a: RunFolder, b: RunFolder): Promise<CommonRows | { reason: string }> {
  const sources = [new RunRows(a), new RunRows(b)];
  let reason: string | undefined;
  for (const split of ['test', 'validation'] as const) {
    const [first, second] = [await sources[0].find(split), await sources[1].find(split)];
    const missing = 'reason' in first ? first : 'reason' in second ? second : undefined;
    if (missing) {
      reason ??= missing.reason;
      continue;
    }
    const [one, other] = [first as SplitTable, second as SplitTable];
    if (one.table.sha256 !== other.table.sha256) {
      reason = 'the runs read different data';
      continue;
    }
    const [inOne, inOther] = [new Set(one.rows), new Set(other.rows)];
    const rows = one.rows.filter((row) => inOther.has(row));
    if (rows.length > 0) return { split, table: one.table, rows, facts: { a: factsOf(one, inOther), b: factsOf(other, inOne) } };
    reason = 'no row is held out by both runs: the same train.seed divides the rows alike';
  }
  return { reason: reason! };
}
