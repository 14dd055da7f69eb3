/** `bnnc inspect`: what is in a run folder, in an exported model or in a CSV file. */

import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describeTable, readTable, type ColumnSummary } from '../../../data/index.js';
import { readModel } from '../../../export/read-model.js';
import { networkSize } from '../../../inference/prune/size.js';
import { diagnoseRun } from '../../../diagnose/index.js';
import { json } from '../../../store/files.js';
import { folderKind } from '../../../store/folder.js';
import { readInputPips, readMetrics, readStandIns } from '../../../store/parts.js';
import { readModelFolder } from '../../../predict/open-model.js';
import { readParts } from '../../../prune/parts.js';
import { medianModel } from '../../../prune/sizes.js';
import type { CompressedModel } from '../../../types.js';
import type { CliContext } from '../../context.js';
import { runText } from './run.js';
import { dataArgument, isModelFile } from '../../model-arguments.js';
import type { InspectFlags } from '../../../api/options/look.js';
import { findRun } from '../../run-argument.js';
import { plural, shareBar, shortNumber, textTable } from '../../table.js';

const SCHEMA_VERSION = 1;

/** What is told, as a document and as text. */
interface Finding {
  document: object;
  text: string;
}

export async function run([path]: string[], { json: asJson }: InspectFlags, context: CliContext): Promise<void> {
  const finding = await inspect(path, context);
  const document = { schemaVersion: SCHEMA_VERSION, ...finding.document };
  await context.terminal.result(asJson ? json(document) : finding.text);
}

async function inspect(path: string | undefined, context: CliContext): Promise<Finding> {
  if (path === undefined) return inspectRun(path, context);
  if (path === '-') return inspectData(path, context);
  const place = resolve(context.cwd, path);
  const isFile = await stat(place).then((found) => found.isFile(), () => /\.(csv|tsv|txt)(\.gz)?$/i.test(path));
  if (isFile && !isModelFile(path)) return inspectData(path, context);
  if (isFile) return describeModel(path, readModel(await readFile(place), path));
  if ((await folderKind(place, path)) !== 'model') return inspectRun(path, context);
  const { file, model } = await readModelFolder(path, place);
  return describeModel(file, model);
}

async function inspectRun(path: string | undefined, context: CliContext): Promise<Finding> {
  const folder = await findRun(path, context);
  const [metrics, inputs, standIns] = [await readMetrics(folder), await readInputPips(folder), await readStandIns(folder)];
  const findings = await diagnoseRun(folder);
  const { sizes } = medianModel(await readParts(folder));
  return {
    document: { kind: 'run', path: folder.path, manifest: folder.manifest, metrics, sizes, inputs, standIns, findings },
    text: runText({ folder, metrics, inputs, sizes, findings }),
  };
}

function describeModel(path: string, model: CompressedModel): Finding {
  const { task, activation, threshold, fineTuned, quantized, inputPips, encoder: { features, target }, layers } = model;
  const inputs = features.map(({ name }, f) => ({ input: name, pip: inputPips[f] }));
  const size = networkSize(model);
  const widths = [layers[0].inputs, ...layers.map(({ outputs }) => outputs)];
  const facts = textTable([
    ['model', path],
    ['target', `${target.name} (${task})`],
    ['network', `${widths.join('-')}, ${activation}; ${size.nonZero} non-zero of ${size.parameters} parameters`],
    ['pruned at', String(threshold)],
    ...(fineTuned === undefined ? [] : [['fine-tuned', plural(fineTuned, 'step')]]),
    ...(quantized === undefined ? [] : [['quantized', `within ${quantized} posterior standard deviations`]]),
  ]);
  const table = textTable([['input', 'PIP', ''], ...inputs.map(({ input, pip }) => [input, pip.toFixed(3), shareBar(pip)])]);
  return {
    document: {
      kind: 'model', path, task, target: target.name, activation, threshold, ...(fineTuned !== undefined && { fineTuned }),
      ...(quantized !== undefined && { quantized }), widths, size, inputs,
    },
    text: `${facts}\n${table}`,
  };
}

async function inspectData(path: string, context: CliContext): Promise<Finding> {
  const source = dataArgument(path, context);
  const table = await readTable(source, { delimiter: 'auto', missing: ['', 'NA', '?'] });
  const columns = describeTable(table);
  const header = ['column', 'kind', 'missing', 'distinct', 'values'];
  const rows = columns.map((column) => [
    column.name, column.kind, String(column.missing), String(column.distinct), valuesText(column),
  ]);
  return {
    document: { kind: 'data', path: source.name, rows: table.rows, sha256: table.sha256, columns },
    text: `${source.name}: ${plural(table.rows, 'row')}, ${plural(columns.length, 'column')}\n\n${textTable([header, ...rows])}`,
  };
}

function valuesText({ problem, mean, sd, min, max, levels, distinct }: ColumnSummary): string {
  if (problem) return problem.message;
  if (mean !== undefined && sd !== undefined && min !== undefined && max !== undefined) {
    return `${shortNumber(min)} to ${shortNumber(max)}, mean ${shortNumber(mean)}, sd ${shortNumber(sd)}`;
  }
  const shown = (levels ?? []).slice(0, 5).map(({ level, count }) => `${level} (${count})`);
  return [...shown, ...(distinct > shown.length && shown.length > 0 ? ['...'] : [])].join(', ');
}
