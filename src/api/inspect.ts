/** What is in a run folder, in an exported model or in a table. */

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { resolveConfig } from '../config/resolve.js';
import { columnCount } from '../data/feature.js';
import { describeTable, readTable, tableSource, type ColumnSummary } from '../data/index.js';
import { diagnoseRun } from '../diagnose/index.js';
import type { Finding } from '../diagnose/finding.js';
import { fail } from '../errors.js';
import { networkSize, type NetworkSize } from '../inference/prune/size.js';
import { checkModelFiles } from '../predict/model-files.js';
import { readModelFile, readModelFolder } from '../predict/open-model.js';
import { medianModel, readParts, type Sizes } from '../prune/parts.js';
import { folderKind } from '../store/folder.js';
import type { LinearDocument } from '../store/linear.js';
import type { Manifest } from '../store/manifest.js';
import { readInputPips, readLinear, readMetrics, readSets } from '../store/parts.js';
import { skipsOf, type Skip } from '../text/skips.js';
import type { CompressedModel, InputInclusion, InputSet } from '../types.js';
import { databaseOf, isTableName, resolveTable } from '../table-path.js';
import type { RunMetrics } from '../work/run-metrics.js';
import { folderOf, heed } from './environment.js';
import { findRun } from './run.js';
import { isModelFile } from './model.js';
import { checked } from './options/check.js';
import { INSPECT, type InspectOptions } from './options/look.js';

export type { ColumnSummary, Finding, RunMetrics, Sizes };
export type { FileFacts } from '../store/manifest.js';
export { findingLine } from '../diagnose/finding.js';

export interface RunInspection {
  kind: 'run';
  path: string;
  manifest: Manifest;
  metrics: RunMetrics;
  /** Of the whole network, and of the median probability model. */
  sizes: Sizes;
  inputs: InputInclusion[];
  /** Credible sets of inputs, and what a linear model alone finds; absent in runs of versions that did not look for them. */
  sets?: InputSet[];
  linear?: LinearDocument;
  findings: Finding[];
}

export interface ModelInspection extends Pick<CompressedModel, 'task' | 'activation' | 'threshold' | 'fineTuned' | 'quantized'> {
  kind: 'model';
  path: string;
  /** Name of its column. */
  target: string;
  /** Of the layers, from the encoded columns to the outputs. */
  widths: number[];
  /** What layers read past the layer before them; absent when they read nothing else. */
  skips?: Skip[];
  size: NetworkSize;
  inputs: { input: string; pip: number }[];
}

export interface DataInspection {
  kind: 'data';
  path: string;
  rows: number;
  sha256: string;
  columns: ColumnSummary[];
}

export type Inspection = RunInspection | ModelInspection | DataInspection;

/**
 * Looks at a run, a model or a table.
 * @param path of a folder or a file, `-` for a table on `stdin`, or `duckdb:FILE` with `query`;
 *   by default the newest complete run under runs/
 * @throws {BnncError} `usage.option`; `run.*`; `data.*`
 */
export async function inspect(path: string | undefined, options: InspectOptions = {}): Promise<Inspection> {
  checked('inspect', options, INSPECT);
  heed(options);
  if (path === undefined) return inspectRun(path, options);
  if (path === '-' || databaseOf(path) !== undefined) return inspectData(path, options);
  const place = resolve(folderOf(options), path);
  const isFile = await stat(place).then((found) => !found.isDirectory(), () => isTableName(path));
  if (isFile && !isModelFile(path)) return inspectData(path, options);
  if (isFile) return describeModel(path, await readModelFile(path, place));
  if ((await folderKind(place, path)) !== 'model') return inspectRun(path, options);
  await checkModelFiles(path, place);
  const { file, model } = await readModelFolder(path, place);
  return describeModel(file, model);
}

async function inspectRun(given: string | undefined, options: InspectOptions): Promise<RunInspection> {
  const run = await findRun(given, { cwd: options.cwd, onNote: options.onNote });
  const [metrics, inputs, sets] = [await readMetrics(run), await readInputPips(run), await readSets(run)];
  const linear = await readLinear(run);
  const findings = await diagnoseRun(run);
  const sizes = metrics.sizes ?? medianModel(await readParts(run)).sizes;
  return { kind: 'run', path: run.path, manifest: run.manifest, metrics, sizes, inputs, ...(sets && { sets }), ...(linear && { linear }), findings };
}

function describeModel(path: string, model: CompressedModel): ModelInspection {
  const skips = skipsOf(model);
  const { task, activation, threshold, fineTuned, quantized, inputPips, encoder: { features, target }, layers } = model;
  return {
    kind: 'model', path, task, target: target.name, activation, threshold, ...(fineTuned !== undefined && { fineTuned }),
    ...(quantized !== undefined && { quantized }),
    widths: [columnCount(features), ...layers.map(({ outputs }) => outputs)], ...(skips.length > 0 && { skips }),
    size: networkSize(model), inputs: features.map(({ name }, f) => ({ input: name, pip: inputPips[f] })),
  };
}

/** Stands for the target, which the columns of a table are described without. */
const NO_TARGET = '\0';

async function inspectData(path: string, { stdin, sets, query, ...options }: InspectOptions): Promise<DataInspection> {
  if (path === '-' && !stdin) throw fail('usage.no-stdin', 'there is no standard input to read');
  const cwd = folderOf(options);
  const source = path === '-' ? { name: '<stdin>', open: () => stdin! } : tableSource(resolveTable(cwd, path), path, query);
  const { config: { data } } = await resolveConfig({ sets, flags: { data: path, query, target: NO_TARGET }, cwd });
  const table = await readTable(source, data);
  return { kind: 'data', path: source.name, rows: table.rows, sha256: table.sha256, columns: describeTable(table, data) };
}
