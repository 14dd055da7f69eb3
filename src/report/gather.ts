/** All that a report shows, read from a run folder and, as far as it is still there, from its data file. */
import type { Config } from '../config/schema.js';
import { ungroupedModel } from '../data/groups.js';
import { encode } from '../data/index.js';
import { BnncError } from '../errors.js';
import { CompressedPredictor } from '../inference/predictive/compressed-draws.js';
import { dependence, GRID, type Effect } from '../inference/predictive/dependence.js';
import { factsAt, outputsFor } from '../likelihood/index.js';
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
import type { HeldOutDraws } from './held-out.js';
import { startsOf, type Starts } from './interactive/typical.js';

/** What could not be computed, and why. */
export interface Missing {
  reason: string;
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
  heldOut: HeldOutDraws | Missing;
  /** Where a form begins; absent: the page has none. */
  starts?: Starts;
}

/** Rows that partial dependence is averaged over, and inputs that have one. */
const EFFECT_ROWS = 200;
const MIN_EFFECT_ROWS = 20;
const MAX_EFFECTS = 12;
/** Multiplications that the curve, or the effects, may take: larger networks are run on fewer rows, and for fewer inputs. */
const WORK = 2e9;
const MIN_ROWS = 100;

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
  return {
    ...state, run: run.path, manifest: run.manifest, config, encoder: parts.encoder, findings: diagnose(state), model,
    steps: planTraining(splits.train.length, config.train).steps,
    rows: { train: splits.train.length, validation: splits.validation.length, test: state.metrics.full.splits.test?.rows ?? 0 },
    sizes,
    curve: await curve(run, parts, validation, test, signal),
    effects: effects(model, predictor, train, stream),
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

/** At most so many rows, drawn at random, in their order. */
function sampled(all: SplitTable, most: number, stream: Stream): SplitTable {
  const { table, rows, facts } = all;
  if (rows.length <= most) return all;
  const drawn = stream.permutation(rows.length).slice(0, most).sort();
  return { table, rows: drawn.map((at) => rows[at]), ...(facts && { facts: factsAt(facts, drawn) }) };
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

function effects(model: CompressedModel, predictor: CompressedPredictor, train: Found, stream: Stream): ReportData['effects'] {
  if ('reason' in train) return train;
  const { encoder, inputPips } = model;
  const perRow = DEFAULT_DRAWS * GRID * Math.max(1, networkSize(model).multiplyAdds);
  const most = Math.max(1, Math.min(MAX_EFFECTS, Math.floor(WORK / (MIN_EFFECT_ROWS * perRow))));
  const { table, rows } = sampled(train, Math.min(EFFECT_ROWS, Math.floor(WORK / (most * perRow)) + 1), stream.split('effects'));
  const { x } = encode(table, encoder, rows, { target: 'none' });
  const order = encoder.features.map((_, f) => f).sort((a, b) => inputPips[b] - inputPips[a] || a - b);
  return order.slice(0, most).map((f) => dependence(encoder, x, (changed) => predictor.outputs(changed), f));
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
