/** `bnnc runs`: the runs of a folder, the newest last. */
import { listRuns, metricLabel, type ListedRun } from '../../../api/list-runs.js';
import type { RunsFlags } from '../../../api/options/look.js';
import { documentText } from '../../../api/output.js';
import type { CliContext } from '../../context.js';
import { oneLine, shortNumber, textTable } from '../../table.js';

const MAX_TARGET = 12;

export async function run([folder = 'runs']: string[], { json }: RunsFlags, { cwd, signal, terminal }: CliContext): Promise<void> {
  const runs = await listRuns(folder, { cwd, signal });
  if (json) return terminal.result(documentText({ folder, runs }));
  if (runs.length === 0) terminal.note(`there is no run in ${folder}/; bnnc train makes one`);
  else await terminal.result(table(runs));
  for (const { path, state } of runs) if (state === 'interrupted') terminal.note(`bnnc train --resume ${path} goes on with ${path}`);
}

function table(runs: readonly ListedRun[]): string {
  return textTable([
    ['run', 'finished', 'target', 'rows', 'inputs', 'held-out rows'],
    ...runs.map(({ path, state, finished, target = '', rows, selected, inputs, metric }) => [
      path, state === 'complete' ? finished!.slice(0, 16).replace('T', ' ') : state, shortened(target), rows ?? '',
      selected === undefined ? '' : `${selected} of ${inputs}`, metricText(metric),
    ]),
  ]);
}

const metricText = (metric: ListedRun['metric']): string => (metric === undefined ? ''
  : `${metricLabel(metric.name)} ${shortNumber(metric.value)}${metric.se === undefined ? '' : ` ± ${shortNumber(metric.se)}`}`);

function shortened(name: string): string {
  const line = oneLine(name);
  return line.length > MAX_TARGET ? `${line.slice(0, MAX_TARGET - 1)}…` : line;
}
