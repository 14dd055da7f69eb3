/** Prunes a run: cuts at a threshold, measures what that cost and saved, and makes the files of the model's folder. */

import { ungroupedModel } from '../data/groups.js';
import type { EnginePreference } from '../engine/preference.js';
import { fail } from '../errors.js';
import {
  exportModel, gzipBytes, readJsonModel, writeJsonModel,
  type ExportedFile, type ExportFormat, type OnnxInput,
} from '../export/index.js';
import { SUMS_FILE, writeSums } from '../export/sums.js';
import { meanOutputs } from '../inference/predictive/compressed-draws.js';
import { keptMark } from '../inference/inclusion/restarts.js';
import { decisionThresholdOf, figuresOfClasses, figuresOfTargets, rowLosses } from '../inference/predictive/evaluate.js';
import { classesOf, metricsOf } from '../likelihood/index.js';
import type { PruneLevel } from '../inference/prune/masks.js';
import { cutNetwork } from '../inference/prune/cut.js';
import { ensembleFacts, ensembleReport } from '../inference/prune/ensemble.js';
import { quantize, TOLERANCE } from '../inference/prune/quantize.js';
import { networkSize } from '../inference/prune/size.js';
import { grownReport, namedShare, withBackground } from '../inference/prune/with-background.js';
import type { CompressedModel, Encoder, InputInclusion } from '../types.js';
import { Interrupted } from '../jobs/abort.js';
import { modelCard } from './card.js';
import { cardText } from './card-text.js';
import { json } from '../store/files.js';
import { checkModelFolder, writeModelFolder } from '../store/folder.js';
import { encodeHeldOut, heldOutRows } from './held-out.js';
import type { RunFolder } from '../store/open.js';
import { readConfig, readInputPips, readMetrics, readSets } from '../store/parts.js';
import { curveOf, measurer } from './curve.js';
import type { PruneDocument } from './document.js';
import { ensembleOfRun } from './ensemble.js';
import { readParts, savings, type PruneParts } from './parts.js';
import type { TuningReport } from './tune.js';
import { RunRows } from '../store/run-rows.js';
import { programVersion } from '../version.js';
import { option, words, type Words } from '../voice.js';

export interface PruneRunOptions {
  /** `auto`: the sparsest whose loss on the validation rows is within one standard error of the smallest. */
  threshold: number | 'auto';
  level: PruneLevel;
  formats: readonly ExportFormat[];
  /** What model.onnx takes. Default: encoded columns. */
  onnxInput?: OnnxInput | undefined;
  /** Folder to write; none: nothing is written. */
  out?: string | undefined;
  /** Replace a model that is there. */
  force?: boolean | undefined;
  cwd: string;
  /** Trains the kept weights on after the cut: so many steps, or `true` for the usual number. Default: not. */
  fineTune?: number | true | undefined;
  /** Whether a credible set of which no input passes keeps its most probable one. Default: yes. */
  representatives?: boolean | undefined;
  /** Adds the run's dense background, or the linear model of its search by weight; all inputs are read then. Default: not. */
  background?: boolean | undefined;
  /** Exports the average of so many structures of the search, or fewer, in place of the cut. Default: the cut. */
  ensemble?: number | undefined;
  /** Whether the linear model of all inputs may be one of these. Default: yes. */
  linear?: boolean | undefined;
  /** Rounds the weights as far as their posterior standard deviations allow. Default: not. */
  quantize?: boolean | undefined;
  /** For fine-tuning. */
  engine?: EnginePreference;
  signal?: AbortSignal | undefined;
  onNote?: ((text: Words) => void) | undefined;
}

/** A file of the folder, its length, and that when it is gzipped. */
export interface FileSize {
  file: string;
  bytes: number;
  gzip: number;
}

/** A pruned run: the small network and all that is told of it. */
export interface PruneOutcome {
  /** Folder that was written; absent when none was. */
  path?: string;
  model: CompressedModel;
  /** The files of the folder: those of the formats, encoder.json, the model card, report.json and the checksums of all. */
  files: ExportedFile[];
  report: PruneDocument;
}

/**
 * Cuts, measures and exports; with `out` the files are written there, all or nothing.
 * @throws run.exists, run.not-a-run, run.not-writable, run.damaged and the errors of pruning and export; run.no-rows when
 *   rows that the threshold or fine-tuning needs cannot be read; run.no-search and run.no-structure of an ensemble;
 *   usage.onnx-input; interrupted.stopped
 */
export async function pruneRun(run: RunFolder, options: PruneRunOptions): Promise<PruneOutcome> {
  const { level, formats, onnxInput, out, signal } = options;
  if (signal?.aborted) throw new Interrupted();
  if (onnxInput === 'raw' && !formats.includes('onnx')) {
    throw fail('usage.onnx-input', words`${option('onnxInput')} says how model.onnx is written, but onnx is not among the formats`, {
      hint: words`Add onnx to ${option('formats')}, or leave ${option('onnxInput')} out.`,
    });
  }
  if (out !== undefined) await checkModelFolder(out, options);
  const [source, version] = [new RunRows(run), programVersion()];
  const parts = await readParts(run, { source, representatives: options.representatives });
  const { posterior, encoder, pips, facts } = parts;
  const choice = options.threshold === 'auto' ? await chooseThreshold(run, source, parts, options) : undefined;
  const threshold = choice?.chosen ?? (options.threshold as number);
  // A background is fitted to what the network as it is leaves over; the linear model of a search is not.
  const fitted = options.background && !posterior.average;
  const cutFacts = fitted ? undefined : facts;
  const { model: cut, tau, report, representatives } =
    cutNetwork(posterior, pips, encoder, { threshold, level }, cutFacts);
  const tuning = options.fineTune === undefined ? undefined : await tune(run, source, tau, cut, options);
  if (parts.withoutFacts !== undefined && !fitted) {
    options.onNote?.(`nothing is fitted after the cut, and no input stands for a credible set: ${parts.withoutFacts}`);
  }
  const quantized = options.quantize ? quantize(tuning?.model ?? cut) : undefined;
  const { ensemble: size, linear = true } = options;
  const ensemble = size === undefined ? undefined : ensembleOfRun(run, parts, { cut, threshold, size, linear });
  const small = quantized?.model ?? tuning?.model ?? ensemble?.model ?? cut;
  const dense = options.background ? await addBackground(run, source, parts, { cut, small }) : undefined;
  // What is exported knows columns alone.
  const model = await withThreshold(ungroupedModel(dense?.model ?? small), source);
  const reported = ensemble ? ensembleReport(report, model) : dense ? grownReport(report, model) : report;
  // A linear model of all inputs names none of them.
  const naming = ensemble?.linear === undefined ? small : cut;
  const names = new Set(naming.encoder.features.map(({ name }) => name));
  const standing = representatives.filter(({ input }) => names.has(input));
  const document: PruneDocument = {
    schemaVersion: 1, bnnc: version, run: run.path, threshold, level, ...(choice && { choice }),
    inputs: naming.encoder.features.map(({ name, prior }, f) => ({ input: name, pip: naming.inputPips[f], ...keptMark(prior) }))
      .sort((a, b) => b.pip - a.pip),
    candidates: encoder.features.length,
    ...savings(parts, model, reported),
    ...(standing.length > 0 && { representatives: standing }),
    ...(dense && { background: dense.report }),
    ...(ensemble && { ensemble: ensembleFacts(ensemble) }),
    ...(tuning && { fineTuning: tuning.report }),
    ...(quantized && { quantization: { tolerance: TOLERANCE, layers: quantized.layers } }),
    ...(await measure(run, source, { cut, tuned: tuning?.model, background: dense?.model, model }, version)),
  };
  const exported = exportModel(model, formats, version, { onnxInput });
  const card = modelCard({
    report: document, model, files: exported.map(sizeOf), manifest: run.manifest,
    config: await readConfig(run), metrics: await readMetrics(run),
    inputs: inputsByColumn(await readInputPips(run), encoder), sets: (await readSets(run)) ?? [],
  });
  const text = (file: string, content: string): ExportedFile => ({ file, bytes: new TextEncoder().encode(content) });
  const written = [
    ...exported, text('model-card.md', cardText(card)), text('model-card.json', json(card)), text('report.json', json(document)),
  ];
  const files = [...written, text(SUMS_FILE, writeSums(written))];
  if (signal?.aborted) throw new Interrupted();
  if (out !== undefined) await writeModelFolder(out, new Map(files.map(({ file, bytes }) => [file, bytes])), options);
  return { ...(out !== undefined && { path: out }), model, files, report: document };
}

/** The rows of inputs.csv with one for each column of a group. */
function inputsByColumn(rows: readonly InputInclusion[], { features }: Encoder): InputInclusion[] {
  const members = new Map(features.flatMap((feature) => (feature.members ? [[feature.name, feature.members]] : [])));
  return rows.flatMap((row) => (members.get(row.input) ?? [{ name: row.input }]).map(({ name }) => ({ ...row, input: name })));
}

/** What lists of files tell. */
export const sizeOf = ({ file, bytes }: ExportedFile): FileSize => ({ file, bytes: bytes.length, gzip: gzipBytes(bytes) });

async function chooseThreshold(
  run: RunFolder, source: RunRows, parts: PruneParts, { level, signal }: PruneRunOptions,
): Promise<NonNullable<PruneDocument['choice']>> {
  const hint = words`Name a threshold, such as ${option('threshold', 0.5)}, or train with validation rows (data.split.validation).`;
  const validation = await source.need('validation', words`${option('threshold', 'auto')} needs validation rows`, hint);
  const { points, choice } = await curveOf(run, parts, level, { validation }, signal);
  return { ...choice!, points };
}

async function tune(
  run: RunFolder, source: RunRows, tau: readonly number[], cut: CompressedModel,
  { fineTune, engine, signal, onNote }: PruneRunOptions,
): Promise<{ model: CompressedModel; report: TuningReport } | undefined> {
  // Only this needs the engine.
  const { tuneRun } = await import('./tune.js');
  const steps = fineTune === true ? undefined : fineTune;
  return tuneRun(run, source, tau, cut, { steps, engine, signal, onNote });
}

/** The network with the background as direct edges, and what that costs and brings. */
async function addBackground(
  run: RunFolder, source: RunRows, { posterior: { background, average }, encoder, pips }: PruneParts,
  { cut, small }: Record<'cut' | 'small', CompressedModel>,
): Promise<{ model: CompressedModel; report: NonNullable<PruneDocument['background']> }> {
  if (background === undefined) {
    if (average) {
      throw fail('run.no-background', words`${option('background')} adds the linear model of all inputs, which the search of this run is without`, {
        where: { file: run.path },
        hint: words`Leave ${option('background')} out. A search has that model of classes alone, where rows and columns are not too many.`,
      });
    }
    throw fail('run.no-background', words`${option('background')} needs a dense background, which this run is without`, {
      where: { file: run.path },
      hint: words`Leave ${option('background')} out, or train with model.skip and model.background on a target of classes.`,
    });
  }
  const model = withBackground(small, background, encoder, pips.inputs);
  const rows = await source.find('train');
  const named = 'reason' in rows ? undefined : namedShare(cut, background, encoder, encodeHeldOut(rows, encoder).x);
  const weights = { before: networkSize(small).nonZero, after: networkSize(model).nonZero };
  return { model, report: { share: background.share, parameters: weights, ...(named !== undefined && { named }) } };
}

/** The model with what `decisionThreshold: 'auto'` takes, where the training rows can be read. */
async function withThreshold(model: CompressedModel, source: RunRows): Promise<CompressedModel> {
  const { encoder, encoder: { target } } = model;
  if (classesOf(target)?.length !== 2) return model;
  const rows = await source.find('train');
  if ('reason' in rows) return model;
  const { x, y, weights } = encodeHeldOut(rows, encoder);
  const decisionThreshold = decisionThresholdOf(meanOutputs(model, x), y, target, weights);
  return { ...model, ...(decisionThreshold !== undefined && { decisionThreshold }) };
}

type Measured = Pick<PruneDocument, 'metrics' | 'noMetrics'>;

async function measure(
  run: RunFolder, source: RunRows,
  { cut, tuned, background, model }: Record<'cut' | 'model', CompressedModel> & Record<'tuned' | 'background', CompressedModel | undefined>,
  version: string,
): Promise<Measured> {
  const found = await heldOutRows(run, source);
  if ('reason' in found) return { noMetrics: found.reason };
  const { split } = found;
  const before = await readMetrics(run);
  const [baseline, linear, dense, full] = [before.baseline, before.linear, before.dense, before.full]
    .map((model) => model?.splits[split]);
  const { x, y, ...facts } = encodeHeldOut(found, model.encoder);
  // Through the file's own bytes: these are the figures of what was written, not of what was meant.
  const outputs = meanOutputs(readJsonModel(writeJsonModel(model, version), 'model.json'), x);
  const exported = rowLosses(outputs, y, cut.encoder.target, undefined, facts);
  const [classes, targets] = [figuresOfClasses(exported, cut.encoder.target), figuresOfTargets(exported, cut.encoder.target)];
  return {
    metrics: {
      split,
      ...(baseline && { baseline }),
      ...(linear && { linear }),
      ...(dense && { dense }),
      ...(full && { full }),
      pruned: measurer(cut, run)(found).metrics,
      ...(tuned && { tuned: measurer(tuned, run)(found).metrics }),
      ...(background && { background: measurer(background, run)(found).metrics }),
      exported: metricsOf(exported),
      ...(classes && { classes }),
      ...(targets && { targets }),
    },
  };
}
