/** `bnnc inspect`: what is in a run folder, in an exported model or in a CSV file. */

import { inspect, type ColumnSummary, type DataInspection, type Inspection, type ModelInspection } from '../../../api/inspect.js';
import { INSPECT, type InspectFlags } from '../../../api/options/look.js';
import { forLibrary } from '../../../api/options/table.js';
import { documentText } from '../../../api/output.js';
import type { CliContext } from '../../context.js';
import { skipWords } from '../../../text/skips.js';
import { oneLine, plural, shareBar, shortNumber, textTable } from '../../table.js';
import { heard } from '../../voice.js';
import { runText } from './run.js';

const MAX_CELL = 24;

export async function run([path]: string[], flags: InspectFlags, { cwd, stdin, terminal }: CliContext): Promise<void> {
  const found = await inspect(path, { ...forLibrary(INSPECT, flags), cwd, stdin, onNote: heard(terminal.note) });
  await terminal.result(flags.json ? documentText(found) : inspectionText(found));
}

function inspectionText(found: Inspection): string {
  if (found.kind === 'run') return runText({ ...found, folder: found });
  return found.kind === 'model' ? modelText(found) : dataText(found);
}

function modelText(model: ModelInspection): string {
  const { path, task, target, activation, threshold, fineTuned, quantized, widths, skips, size, inputs } = model;
  const facts = textTable([
    ['model', path],
    ['target', `${target} (${task})`],
    ['network', `${widths.join('-')}, ${activation}; ${size.nonZero} non-zero of ${size.parameters} parameters`],
    ...(skips === undefined ? [] : [['skips', skipWords(skips)]]),
    ['pruned at', String(threshold)],
    ...(fineTuned === undefined ? [] : [['fine-tuned', plural(fineTuned, 'step')]]),
    ...(quantized === undefined ? [] : [['quantized', `within ${quantized} posterior standard deviations`]]),
  ]);
  const table = textTable([['input', 'PIP', ''], ...inputs.map(({ input, pip }) => [input, pip.toFixed(3), shareBar(pip)])]);
  return `${facts}\n${table}`;
}

function dataText({ path, rows, columns }: DataInspection): string {
  const header = ['column', 'kind', 'missing', 'distinct', 'values'];
  const lines = columns.map((column) => [
    column.name, column.kind, String(column.missing), String(column.distinct), valuesText(column),
  ]);
  return `${path}: ${plural(rows, 'row')}, ${plural(columns.length, 'column')}\n\n${textTable([header, ...lines])}`;
}

/** On one line: a cell may be a book. */
function shortened(level: string): string {
  const line = oneLine(level.slice(0, 200)).trim();
  return line.length > MAX_CELL ? `${line.slice(0, MAX_CELL - 1)}…` : line;
}

function valuesText({ problem, kind, first, last, mean, sd, min, max, levels, distinct }: ColumnSummary): string {
  if (problem) return problem.message;
  if (mean !== undefined && sd !== undefined && min !== undefined && max !== undefined) {
    const [from, to, middle, spread] = [min, max, mean, sd].map((value) => `${shortNumber(value)}${kind === 'percent' ? ' %' : ''}`);
    return `${from} to ${to}, mean ${middle}, sd ${spread}`;
  }
  if (first !== undefined && last !== undefined) return `${first} to ${last}`;
  const shown = (levels ?? []).slice(0, 5).map(({ level, count }) => `${shortened(level)} (${count})`);
  return [...shown, ...(distinct > shown.length && shown.length > 0 ? ['...'] : [])].join(', ');
}
