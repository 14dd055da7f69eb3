/** Prunes a run: cuts at a threshold, measures what that cost and saved, and writes the model's folder. */

import { exportModel, onnxBytes, readJsonModel, writeJsonModel, type ExportFormat } from '../export/index.js';
import { CompressedPredictor, meanOutputs } from '../inference/compressed-draws.js';
import { evaluateDraws, type Metrics } from '../inference/evaluate.js';
import type { PruneLevel } from '../inference/masks.js';
import { prune, type PruneReport } from '../inference/prune.js';
import { Stream } from '../random.js';
import type { CompressedModel } from '../types.js';
import { DEFAULT_DRAWS } from './draws.js';
import { json } from './files.js';
import { checkModelFolder, writeModelFolder } from './folder.js';
import { encodeHeldOut, heldOutRows } from './held-out.js';
import type { RunFolder } from './open.js';
import { readEncoder, readInputPips, readMetrics, readPips, readPosterior } from './parts.js';
import type { SplitName } from './prepare.js';
import { programVersion } from './version.js';

export interface PruneRunOptions {
  threshold: number;
  level: PruneLevel;
  formats: readonly ExportFormat[];
  /** Folder to write. */
  out: string;
  force?: boolean;
  cwd: string;
}

/** Metrics before and after on the same held-out rows. */
export interface PruneMetrics {
  split: SplitName;
  /** The mean-field network without gates, when the run trained one. */
  dense?: Metrics;
  /** The whole spike-and-slab posterior. */
  full?: Metrics;
  /** What is left, averaged over draws of the kept weights. */
  pruned: Metrics;
  /** The exported network of posterior means. */
  exported: Metrics;
}

/** Content of report.json. */
export interface PruneDocument extends PruneReport {
  schemaVersion: 1;
  bnnc: string;
  run: string;
  threshold: number;
  level: PruneLevel;
  inputs: { input: string; pip: number }[];
  /** How many inputs there were. */
  candidates: number;
  /** Length of model.onnx before and after. */
  onnxBytes: { before: number; after: number };
  /** Absent when the held-out rows cannot be read again; `noMetrics` says why. */
  metrics?: PruneMetrics;
  noMetrics?: string;
}

export interface PruneOutcome {
  path: string;
  files: { file: string; bytes: number }[];
  report: PruneDocument;
}

/**
 * Writes model.onnx, model.json (as asked for), encoder.json and report.json to `out`, all or nothing.
 * @throws run.exists, run.not-a-run, run.not-writable, run.damaged and the errors of pruning and export
 */
export async function pruneRun(run: RunFolder, options: PruneRunOptions): Promise<PruneOutcome> {
  const { threshold, level, formats, out } = options;
  await checkModelFolder(out, options);
  const [posterior, encoder, version] = [await readPosterior(run), await readEncoder(run), programVersion()];
  const { model, report } = prune(posterior, await readPips(run, posterior, encoder), encoder, { threshold, level });
  const document: PruneDocument = {
    schemaVersion: 1, bnnc: version, run: run.path, threshold, level,
    inputs: model.encoder.features.map(({ name }, f) => ({ input: name, pip: model.inputPips[f] })).sort((a, b) => b.pip - a.pip),
    candidates: (await readInputPips(run)).length,
    ...report,
    onnxBytes: onnxBytes(posterior, encoder, model, version),
    ...(await measure(run, model, version)),
  };
  const files = [
    ...exportModel(model, formats, version),
    { file: 'report.json', bytes: new TextEncoder().encode(json(document)) },
  ];
  await writeModelFolder(out, new Map(files.map(({ file, bytes }) => [file, bytes])), options);
  return { path: out, files: files.map(({ file, bytes }) => ({ file, bytes: bytes.length })), report: document };
}

type Measured = Pick<PruneDocument, 'metrics' | 'noMetrics'>;

async function measure(run: RunFolder, model: CompressedModel, version: string): Promise<Measured> {
  const found = await heldOutRows(run);
  if ('reason' in found) return { noMetrics: found.reason };
  const { split } = found;
  const before = await readMetrics(run);
  const { x, y } = encodeHeldOut(found, model.encoder);
  const { target } = model.encoder;
  // The stream of the median probability model in metrics.json: at 0.5 the figures agree to the last digit.
  const stream = Stream.fromSeed(run.manifest.seed).split('metrics', 'median');
  const drawn = new CompressedPredictor(model, DEFAULT_DRAWS, stream).outputs(x);
  // Through the file's own bytes: these are the figures of what was written, not of what was meant.
  const exported = meanOutputs(readJsonModel(writeJsonModel(model, version), 'model.json'), x);
  return {
    metrics: {
      split,
      dense: before.dense?.splits[split],
      full: before.full.splits[split],
      pruned: evaluateDraws(drawn, y, target),
      exported: evaluateDraws(exported, y, target),
    },
  };
}
