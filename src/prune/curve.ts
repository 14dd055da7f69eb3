/** What every threshold would keep and cost: the networks from the mildest cut to the strictest, measured side by side. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { writeOnnx } from '../export/index.js';
import { CompressedPredictor } from '../inference/predictive/compressed-draws.js';
import { evaluateDraws, rowLosses } from '../inference/predictive/evaluate.js';
import type { Metrics } from '../likelihood/index.js';
import type { PruneLevel } from '../inference/prune/masks.js';
import type { Difference } from '../maths/statistics.js';
import { networkSize } from '../inference/prune/size.js';
import { distinctCuts, sparsestWithinError, type Cut } from '../inference/prune/sparsity.js';
import { Stream } from '../random.js';
import type { CompressedModel } from '../types.js';
import { Interrupted } from '../jobs/abort.js';
import { DEFAULT_DRAWS } from '../inference/predictive/predictive.js';
import { encodeHeldOut } from './held-out.js';
import type { RunFolder } from '../store/open.js';
import { readParts, type PruneParts } from './parts.js';
import { RunRows, type SplitTable } from '../store/run-rows.js';
import { programVersion } from '../version.js';

/** One network of the curve. */
export interface CurvePoint {
  /** Thresholds between `from` and `to` give the same network; this is the one next to 0.5. */
  threshold: number;
  from: number;
  to: number;
  /** What is kept: inputs, hidden nodes, weights. */
  inputs: number;
  nodes: number;
  weights: number;
  /** Entries of all weight matrices and biases. */
  parameters: number;
  /** Length of model.onnx. */
  onnxBytes: number;
  /** Of the pruned posterior, gates fixed on; on each split as far as its rows can be read again. */
  validation?: Metrics;
  test?: Metrics;
  /** By how much its negative log-likelihood per validation row exceeds that of the best, row by row. */
  excess?: Difference;
}

/** How `--threshold auto` chose. */
export interface ThresholdChoice {
  rule: 'one-standard-error';
  /** Validation rows. */
  rows: number;
  /** Threshold of the smallest negative log-likelihood on them. */
  best: number;
  chosen: number;
}

export interface CurveDocument {
  schemaVersion: 1;
  bnnc: string;
  run: string;
  level: PruneLevel;
  /** By rising threshold. */
  points: CurvePoint[];
  /** What `--threshold auto` takes; absent without validation rows. */
  choice?: ThresholdChoice;
  /** Why there are no metrics of a split. */
  missing: { validation?: string; test?: string };
}

export interface CurveOptions {
  level: PruneLevel;
  signal?: AbortSignal | undefined;
}

/**
 * The accuracy-sparsity curve of a run. Nothing is fine-tuned.
 * @throws run.damaged, the errors of the data stage; interrupted.stopped
 */
export async function pruneCurve(run: RunFolder, { level, signal }: CurveOptions): Promise<CurveDocument> {
  const [source, parts] = [new RunRows(run), await readParts(run)];
  const [validation, test] = [await source.find('validation'), await source.find('test')];
  const sets = { ...(!('reason' in validation) && { validation }), ...(!('reason' in test) && { test }) };
  const { points, choice } = await curveOf(run, parts, level, sets, signal);
  const missing = {
    ...('reason' in validation && { validation: validation.reason }), ...('reason' in test && { test: test.reason }),
  };
  return { schemaVersion: 1, bnnc: programVersion(), run: run.path, level, points, ...(choice && { choice }), missing };
}

/** The points of the curve, and the choice between them by the validation rows. */
export async function curveOf(
  run: RunFolder, { posterior, pips, encoder, facts }: PruneParts, level: PruneLevel,
  sets: { validation?: SplitTable; test?: SplitTable }, signal?: AbortSignal,
): Promise<Pick<CurveDocument, 'points' | 'choice'>> {
  const points: CurvePoint[] = [];
  const losses: Float64Array[] = [];
  for (const cut of distinctCuts(posterior, pips, encoder, level, facts)) {
    // Lets Ctrl-C in.
    await nextTurn();
    if (signal?.aborted) throw new Interrupted();
    const measure = measurer(cut.model, run);
    const validation = sets.validation && measure(sets.validation);
    if (validation) losses.push(validation.losses);
    const test = sets.test && measure(sets.test);
    points.push({ ...kept(cut), ...(validation && { validation: validation.metrics }), ...(test && { test: test.metrics }) });
  }
  if (losses.length === 0) return { points };
  const { best, chosen, excess } = sparsestWithinError(losses, sets.validation?.facts?.weights);
  return {
    points: points.map((point, at) => ({ ...point, excess: excess[at] })),
    choice: { rule: 'one-standard-error', rows: losses[0].length, best: points[best].threshold, chosen: points[chosen].threshold },
  };
}

export interface Performance {
  metrics: Metrics;
  /** Negative log-likelihood of each row, in nats. */
  losses: Float64Array;
}

/** How a model with drawn weights does on rows of its run. */
export function measurer(model: CompressedModel, run: RunFolder): (rows: SplitTable) => Performance {
  // The stream of the median probability model in metrics.json: at 0.5 the figures agree to the last digit.
  const predictor = new CompressedPredictor(model, DEFAULT_DRAWS, Stream.fromSeed(run.manifest.seed).split('metrics', 'median'));
  const { target } = model.encoder;
  return (rows) => {
    const { x, y, ...facts } = encodeHeldOut(rows, model.encoder);
    const outputs = predictor.outputs(x);
    return { metrics: evaluateDraws(outputs, y, target, facts), losses: rowLosses(outputs, y, target, undefined, facts).nll };
  };
}

function kept({ threshold, from, to, model }: Cut): CurvePoint {
  const { layers, inputPips } = model;
  const { parameters, nonZero } = networkSize(model);
  return {
    threshold, from, to,
    inputs: inputPips.length,
    nodes: layers.slice(0, -1).reduce((sum, { outputs }) => sum + outputs, 0),
    weights: nonZero - layers.reduce((sum, { outputs }) => sum + outputs, 0),
    parameters,
    onnxBytes: writeOnnx(model, programVersion()).length,
  };
}
