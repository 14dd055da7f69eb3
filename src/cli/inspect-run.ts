/** A run as text: where it comes from, how well its models do, how probable its inputs are. */

import type { RunMetrics } from '../run/metrics.js';
import type { RunFolder } from '../run/store.js';
import type { InputInclusion } from '../types.js';
import { metricRows } from './metrics-table.js';
import { plural, shareBar, shortNumber, textTable } from './table.js';

const SPLITS = ['train', 'validation', 'test'] as const;

export const runText = (folder: RunFolder, metrics: RunMetrics, inputs: readonly InputInclusion[]): string =>
  [facts(folder), ...splitTables(metrics), restarts(metrics), inputTable(inputs)].join('\n');

function facts({ path, manifest }: RunFolder): string {
  const { target, task, data, engine, versions, bnnc, seed, argv, finished, seconds } = manifest;
  const total = Object.values(seconds).reduce((sum, part) => sum + part, 0);
  const library = Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ');
  return textTable([
    ['run', path],
    ['target', `${target} (${task})`],
    ['data', `${data.path}, ${plural(data.rows, 'row')}, SHA-256 ${data.sha256.slice(0, 12)}...`],
    ['command', `bnnc ${argv.join(' ')}`],
    ['seed', String(seed)],
    ['engine', `${engine.name}${engine.threads ? `, ${engine.threads} threads` : ''}`],
    ['versions', `bnnc ${bnnc}, ${library}`],
    ['finished', `${finished}, after ${shortNumber(Math.round(total * 10) / 10)} s`],
  ]);
}

function splitTables({ dense, full, median }: RunMetrics): string[] {
  return SPLITS.filter((split) => full.splits[split] !== undefined).map((split) => {
    const header = [plural(full.splits[split]!.rows, `${split} row`), 'dense', 'full posterior', 'median model'];
    return textTable([header, ...metricRows([dense, full, median].map((model) => model?.splits[split]))]);
  });
}

function restarts({ restarts: all, temperature }: RunMetrics): string {
  const rows = all.map(({ gates, elbo, chosen }, r) => [String(r + 1), gates, `${elbo.elbo.toFixed(1)}`, chosen ? 'chosen' : '']);
  const tried = temperature?.tried.map((each) => `${shortNumber(each.nll)} at ${each.temperature}`).join(', ');
  const line = temperature ? `temperature ${temperature.chosen}, by the NLL in cross-validation: ${tried}\n` : '';
  return textTable([['restart', 'gates', 'ELBO', ''], ...rows]) + line;
}

function inputTable(inputs: readonly InputInclusion[]): string {
  const spread = ({ pipMin, pipMax }: InputInclusion): string => `${pipMin.toFixed(3)} to ${pipMax.toFixed(3)}`;
  const rows = inputs.map((row) => [row.input, row.pip.toFixed(3), shareBar(row.pip), spread(row)]);
  return textTable([['input', 'PIP', '', 'over restarts'], ...rows]);
}
