/** All that a report shows, read from a run folder and, as far as it is still there, from its data file. */
import type { Config } from '../config/schema.js';
import { ungroupedModel } from '../data/groups.js';
import { BnncError } from '../errors.js';
import { CompressedPredictor } from '../inference/predictive/compressed-draws.js';
import type { Effect } from '../inference/predictive/dependence.js';
import { outputsFor } from '../likelihood/index.js';
import { linearDraws } from '../inference/predictive/linear-model.js';
import { networkSize } from '../inference/prune/size.js';
import { distinctCuts } from '../inference/prune/sparsity.js';
import { Stream } from '../random.js';
import { diagnose, readState, type Finding, type RunState } from '../diagnose/index.js';
import { DEFAULT_DRAWS } from '../inference/predictive/predictive.js';
import { encodeHeldOut } from '../prune/held-out.js';
import type { Manifest } from '../store/manifest.js';
import type { RunFolder } from '../store/open.js';
import { readConfig, readSplitRows } from '../store/parts.js';
import type { SplitName } from '../work/prepare.js';
import { curveOf, type CurveDocument } from '../prune/curve.js';
import { medianModel, readParts, type PruneParts, type Sizes } from '../prune/parts.js';
import { RunRows, type Finding as Found, type SplitTable } from '../store/run-rows.js';
import { planTraining } from '../train/plan.js';
import type { CompressedModel, Encoder } from '../types.js';
import { correlationMap, type CorrelationMap } from './correlations.js';
import { effectsOf, jointEffects, sampled, WORK, type Joint } from './effects.js';
import type { HeldOutDraws } from './held-out.js';
import { startsOf, type Starts } from './interactive/typical.js';

/** What could not be computed, and why. */
export interface Missing {
  reason: string;
}

/** Encoded targets of the training rows, and what is known of these. */
export interface TrainingRows {
  y: Float32Array;
  weights: Float32Array | undefined;
  events: Uint8Array | undefined;
  /** As in RowFacts. */
  others?: readonly Float64Array[] | undefined;
}

export interface ReportData extends Omit<RunState, 'config'> {
  /** Folder of the run, as named. */
  run: string;
  manifest: Manifest;
  config: Config;
  encoder: Encoder;
  /** Rows of the data file in each part. */
  rows: Record<SplitName, number>;
  /** Of one fit, as planned. */
  steps: number;
  findings: Finding[];
  /** The median probability model, and what it saves. */
  model: CompressedModel;
  sizes: Sizes;
  curve: Pick<CurveDocument, 'points' | 'choice' | 'missing'>;
  /** Most probable inputs first. */
  effects: Effect[] | Missing;
  joint: Joint | Missing;
  correlations: CorrelationMap | Missing;
  training: TrainingRows | Missing;
  heldOut: HeldOutDraws | Missing;
  /** Where a form begins; absent: the page has none. */
  starts?: Starts;
}

const MIN_ROWS = 100;
/** Rows that correlations are computed from. */
const CORRELATED_ROWS = 2000;

/** @throws run.damaged; interrupted.stopped */
export async function gather(
  run: RunFolder, signal?: AbortSignal, { interactive = false }: { interactive?: boolean | undefined } = {},
): Promise<ReportData> {
  const [state, parts] = [await readState(run), await readParts(run)];
  const [config, splits] = [await readConfig(run), await readSplitRows(run)];
  const stream = Stream.fromSeed(run.manifest.seed).split('report');
  const { model: median, sizes } = medianModel(parts);
  const model = ungroupedModel(median);
  const source = new RunRows(run);
  const find = async (split: SplitName): Promise<Found> =>
    limited(await found(source, split, parts.encoder), parts, stream.split(split));
  const [validation, test] = [await find('validation'), await find('test')];
  const held = 'reason' in test && test.none
    ? { split: 'validation' as const, rows: validation } : { split: 'test' as const, rows: test };
  const predictor = new CompressedPredictor(model, DEFAULT_DRAWS, stream.split('draws'));
  const train = await found(source, 'train', parts.encoder);
  const learnt = 'reason' in train ? { effects: train, joint: train, correlations: train, training: train } : {
    effects: effectsOf(model, predictor, train, stream), joint: jointEffects(median, predictor, train, stream),
    ...ofTraining(parts, state, train, stream),
  };
  return {
    ...state, run: run.path, manifest: run.manifest, config, encoder: parts.encoder, findings: diagnose(state), model,
    steps: planTraining(splits.train.length, config.train).steps,
    rows: { train: splits.train.length, validation: splits.validation.length, test: state.metrics.full.splits.test?.rows ?? 0 },
    sizes,
    curve: await curve(run, parts, validation, test, signal),
    ...learnt,
    heldOut: 'reason' in held.rows ? held.rows : { split: held.split, ...predicted(model, parts, held.rows, run.manifest.seed) },
    ...(interactive && { starts: startsOf(model.encoder.features, train) }),
  };
}

/** The rows of a split; a data file that is no longer what it was is a reason, not a failure. */
async function found(source: RunRows, split: SplitName, encoder: Encoder): Promise<Found> {
  try {
    const rows = await source.find(split);
    // Where the run recorded no SHA-256 of its test file, that need not have what the network takes any more.
    if (split === 'test' && !('reason' in rows)) encodeHeldOut(rows, encoder);
    return rows;
  } catch (error) {
    if (error instanceof BnncError && error.kind === 'data') return { reason: error.problems[0].message };
    throw error;
  }
}

function limited(rows: Found, { posterior, pips, encoder, facts }: PruneParts, stream: Stream): Found {
  if ('reason' in rows) return rows;
  const cost = distinctCuts(posterior, pips, encoder, 'all', facts).reduce((sum, { model }) => sum + networkSize(model).multiplyAdds, 0);
  return sampled(rows, Math.max(MIN_ROWS, Math.floor(WORK / (DEFAULT_DRAWS * Math.max(1, cost)))), stream);
}

async function curve(
  run: RunFolder, parts: PruneParts, validation: Found, test: Found, signal: AbortSignal | undefined,
): Promise<ReportData['curve']> {
  const sets = { ...(!('reason' in validation) && { validation }), ...(!('reason' in test) && { test }) };
  const missing = {
    ...('reason' in validation && { validation: validation.reason }), ...('reason' in test && { test: test.reason }),
  };
  return { ...(await curveOf(run, parts, 'all', sets, signal)), missing };
}

/** What is learnt of training rows beside the network. */
function ofTraining(
  { encoder }: PruneParts, { inputs, sets }: Pick<RunState, 'inputs' | 'sets'>, train: SplitTable, stream: Stream,
): { correlations: CorrelationMap; training: TrainingRows } {
  const { x, y, ...known } = encodeHeldOut(train, encoder);
  const few = sampled(train, CORRELATED_ROWS, stream.split('correlations'));
  const cells = few === train ? x : encodeHeldOut(few, encoder).x;
  return {
    correlations: correlationMap(encoder, cells, few.facts?.weights, inputs, sets),
    training: { y, weights: known.weights, events: known.events, others: known.others },
  };
}

/** On the draws that metrics.json was made with, so that figures are the same where all rows are drawn. */
function predicted(
  model: CompressedModel, { encoder, facts }: PruneParts, rows: SplitTable, seed: number,
): Omit<HeldOutDraws, 'split'> {
  const { x, y, ...known } = encodeHeldOut(rows, model.encoder);
  const { target } = encoder;
  const predictor = new CompressedPredictor(model, DEFAULT_DRAWS, Stream.fromSeed(seed).split('metrics', 'median'));
  const ridge = facts?.ridge;
  const linear = ridge && linearDraws(ridge, target.task, encodeHeldOut(rows, encoder).x);
  return {
    outputs: outputsFor(predictor.outputs(x), target, known), y, weights: known.weights,
    linear: linear && outputsFor(linear, target, known),
  };
}
