/** `bnnc inspect`: what is in a run folder, in an exported model or in a CSV file. */

import { inspect, type ColumnSummary, type DataInspection, type Inspection, type ModelInspection } from '../../../api/inspect.js';
import { INSPECT, type InspectFlags } from '../../../api/options/look.js';
import { forLibrary } from '../../../api/options/table.js';
import { documentText } from '../../../api/output.js';
import type { CliContext } from '../../context.js';
import { skipWords } from '../../../text/skips.js';
import { longest, plural, shareBar, shortNumber, textTable } from '../../table.js';
import { renderProblem, visible } from '../../../errors.js';
import { heard } from '../../voice.js';
import { runText } from './run.js';

const MAX_CELL = 24;
const WIDTH = 80;

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
  const lines = columns.map(({ name, kind, missing, distinct }) => [shortened(name), kind, String(missing), String(distinct)]);
  const head = [['column', 'kind', 'missing', 'distinct'], ...lines];
  const left = WIDTH - [0, 1, 2, 3].reduce((sum, c) => sum + 2 + longest(head.map((line) => line[c])), 0);
  const table = textTable([[...head[0], 'values'], ...lines.map((line, c) => [...line, valuesText(columns[c], left)])]);
  const problems = columns.flatMap(({ problem }) => (problem ? [`${renderProblem(problem)}\n`] : []));
  return [`${path}: ${plural(rows, 'row')}, ${plural(columns.length, 'column')}\n`, table, ...problems].join('\n');
}

/** On one line, without control characters, and not whole: a cell may be a book. */
function shortened(level: string, most = MAX_CELL): string {
  const line = visible(level.slice(0, 200).replace(/\s+/g, ' ')).trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

function valuesText({ problem, kind, first, last, mean, sd, min, max, levels, distinct }: ColumnSummary, width: number): string {
  if (problem) return 'see below';
  if (mean !== undefined && sd !== undefined && min !== undefined && max !== undefined) {
    const [from, to, middle, spread] = [min, max, mean, sd].map((value) => `${shortNumber(value)}${kind === 'percent' ? ' %' : ''}`);
    const parts = [`${from} to ${to}`, `mean ${middle}`, `sd ${spread}`];
    while (parts.length > 1 && parts.join(', ').length > width) parts.pop();
    return parts.join(', ');
  }
  if (first !== undefined && last !== undefined) return `${first} to ${last}`;
  const shown: string[] = [];
  for (const { level, count } of (levels ?? []).slice(0, 5)) {
    const rest = distinct > shown.length + 1 ? ', ...'.length : 0;
    const room = width - rest - ` (${count})`.length;
    const next = `${shortened(level, shown.length === 0 ? Math.max(1, Math.min(MAX_CELL, room)) : MAX_CELL)} (${count})`;
    if (shown.length > 0 && [...shown, next].join(', ').length + rest > width) break;
    shown.push(next);
  }
  return [...shown, ...(distinct > shown.length && shown.length > 0 ? ['...'] : [])].join(', ');
}
