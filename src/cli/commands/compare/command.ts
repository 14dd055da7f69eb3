/** `bnnc compare`: two runs side by side. */
import { compareRuns, type ComparedInput, type ComparedModel, type Comparison } from '../../../api/compare-runs.js';
import { COMPARE, type CompareFlags } from '../../../api/options/look.js';
import { forLibrary } from '../../../api/options/table.js';
import { documentText } from '../../../api/output.js';
import { metricTable } from '../../../text/metric-rows.js';
import type { CliContext } from '../../context.js';
import { plural, shortNumber, textTable } from '../../table.js';

/** Inputs that are listed in any case; beyond them only those that one run selects. */
const MAX_INPUTS = 20;
const MAX_VALUE = 24;
/** Widest name of a run in a table. */
const MAX_NAME = 18;

export async function run([a, b]: string[], flags: CompareFlags, { cwd, signal, terminal }: CliContext): Promise<void> {
  const comparison = await compareRuns(a, b, { ...forLibrary(COMPARE, flags), cwd, signal });
  await terminal.result(flags.json ? documentText(comparison) : comparisonText(comparison));
}

function comparisonText(comparison: Comparison): string {
  const { a, b, target, task, otherTask, config } = comparison;
  const names = namesOf(a, b);
  const settings = config.map(({ key, a: one, b: other }) => [key, valueText(one), valueText(other)]);
  return [
    `${a} and ${b}: ${target} (${otherTask === undefined ? task : `${task} and ${otherTask}`})\n`,
    settings.length > 0 ? textTable([['config', ...names], ...settings]) : 'Their configs are the same.\n',
    heldOutText(comparison, names), inputText(comparison, names),
  ].join('\n');
}

/** The paths where they are short, else their last parts, else letters. */
function namesOf(a: string, b: string): [string, string] {
  const last = (path: string): string => path.replace(/[\\/]+$/, '').replace(/^.*[\\/]/, '');
  for (const of of [(path: string) => path, last]) {
    if (of(a) !== of(b) && Math.max(of(a).length, of(b).length) <= MAX_NAME) return [of(a), of(b)];
  }
  return ['first', 'second'];
}

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE - 1)}…` : text;
}

function heldOutText({ heldOut }: Comparison, names: readonly [string, string]): string {
  if ('reason' in heldOut) return `Predictions are not compared: ${heldOut.reason}.\n`;
  const { split, rows, full, median } = heldOut;
  const part = (label: string, { a, b, differences }: ComparedModel): string => {
    const table = metricTable('', [[names[0], a], [names[1], b]]);
    const gaps = Object.entries(differences).map(([metric, { mean, standardError }]) =>
      `${METRICS[metric] ?? metric} ${mean > 0 ? '+' : ''}${shortNumber(mean)} ± ${shortNumber(standardError)}`);
    return `${label}\n${textTable(table)}${names[1]} less ${names[0]}, row by row: ${gaps.join(', ')}\n`;
  };
  const of = plural(rows, `${split} row`);
  return [part(`full posterior, ${of}`, full), part(`median model, ${of}`, median)].join('\n');
}

const METRICS: Record<string, string> = { nll: 'NLL', accuracy: 'accuracy', mae: 'mean absolute error' };

function inputText({ inputs, threshold }: Comparison, names: readonly [string, string]): string {
  const listed = inputs.filter(({ differs }, at) => differs || at < MAX_INPUTS);
  const cell = ({ keptIn, ...row }: ComparedInput, run: 'a' | 'b'): string =>
    (row[run] === null ? 'no input' : keptIn.includes(run) ? 'kept' : row[run].toFixed(3));
  const rest = inputs.length - listed.length;
  return textTable([
    ['PIP', ...names, ''], ...listed.map((row) => [row.input, cell(row, 'a'), cell(row, 'b'), row.differs ? `one selects it at ${threshold}` : '']),
  ]) + (rest > 0 ? `${rest} more, on which both agree\n` : '');
}
