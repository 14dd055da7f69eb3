/** A run as text: where it comes from, how well its models do, how probable its inputs are. */

import type { FileFacts, Finding, RunInspection, RunMetrics, Sizes } from '../../../api/inspect.js';
import { divisionLines } from '../../../text/division.js';
import { carriedBy } from '../../../text/background.js';
import { searchLines } from '../../../text/search.js';
import { setLines, wrapped } from '../../../text/sets.js';
import type { InputInclusion, InputSet } from '../../../types.js';
import { shellWord } from '../../../wording.js';
import { findingsText } from './findings.js';
import { inputTable } from './inputs.js';
import { metricTable } from '../../../text/metric-rows.js';
import { targetTable } from '../../../text/target-figures.js';
import { runModels } from '../../../text/run-models.js';
import { runVerdict } from '../../../text/verdict.js';
import { plural, shareBar, shortNumber, textTable } from '../../table.js';

const SPLITS = ['train', 'validation', 'test'] as const;
const WIDTH = 80;

export interface RunParts {
  folder: Pick<RunInspection, 'path' | 'manifest'>;
  metrics: RunMetrics;
  inputs: readonly InputInclusion[];
  sizes: Sizes;
  sets?: readonly InputSet[];
  findings: readonly Finding[];
}

export function runText({ folder, metrics, inputs, sizes, sets = [], findings }: RunParts): string {
  const found = findingsText(findings);
  const size = sizeTable(metrics, inputs.length, sizes);
  const verdict = runVerdict(metrics).map((line) => `${line}\n`).join('');
  const rows = divisionLines(metrics.division).flatMap((line) => wrapped(`${line}.`, WIDTH)).map((line) => `${line}\n`).join('');
  const head = [`${facts(folder)}${rows}`, ...(verdict === '' ? [] : [verdict])];
  const weak = carriedBy(metrics.background?.named, metrics.median.inputs.length).map((line) => `${wrapped(line, WIDTH).join('\n')}\n`);
  const parts = [...head, ...splitTables(metrics), size, fits(metrics), ...search(metrics),
    inputTable(inputs, metrics.search ? 'chains' : 'fits'), ...weak, ...setPart(sets)];
  return [...parts, ...(found === '' ? [] : [found])].join('\n');
}

function facts({ path, manifest }: RunParts['folder']): string {
  const { target, task, data, test, engine, versions, bnnc, seed, argv, finished, seconds } = manifest;
  const total = Object.values(seconds).reduce((sum, part) => sum + part, 0);
  const library = Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ');
  return textTable([
    ['run', path],
    ['target', `${target} (${task})`],
    ['data', fileText(data)],
    ...(test ? [['test rows', fileText(test)]] : []),
    ['command', argv.length > 0 ? ['bnnc', ...argv].map(shellWord).join(' ') : 'none: trained by a program'],
    ['seed', String(seed)],
    ['engine', `${engine.name}${engine.threads ? `, ${plural(engine.threads, 'thread')}` : ''}`],
    ['versions', `bnnc ${bnnc}, ${library}`],
    ['finished', `${finished}, after ${shortNumber(Math.round(total * 10) / 10)} s`],
  ]);
}

const fileText = ({ path, rows, sha256 }: FileFacts): string => `${path}, ${plural(rows, 'row')}, SHA-256 ${sha256.slice(0, 12)}...`;

function splitTables(metrics: RunMetrics): string[] {
  const { splits } = metrics.full;
  return SPLITS.filter((split) => splits[split] !== undefined).flatMap((split) => {
    const each = targetTable('full posterior', metrics.full.targets?.[split]);
    return [
      textTable(metricTable(plural(splits[split]!.rows, `${split} row`), runModels(metrics, split))),
      ...(each.length > 0 ? [textTable(each)] : []),
    ];
  });
}

/** The whole network, which the dense reference is as large as, beside the median model. */
function sizeTable({ median }: RunMetrics, inputs: number, { before, after, onnxBytes, linearChosen }: Sizes): string {
  const row = (label: string, whole: number, small: number): string[] => {
    const share = whole > 0 ? small / whole : 0;
    return [label, shortNumber(whole), shortNumber(small), `${(100 * share).toFixed(1)} %`, shareBar(share)];
  };
  return textTable([
    ['size', 'whole network', 'median model', 'left', ''],
    row('inputs', inputs, median.inputs.length),
    row('parameters', before.parameters, after.parameters),
    row('non-zero parameters', before.nonZero, after.nonZero),
    row('multiply-adds', before.multiplyAdds, after.multiplyAdds),
    row('bytes as ONNX', onnxBytes.before, onnxBytes.after),
  ]) + (linearChosen ? 'Of the fits a linear one was chosen, without hidden layers.\n' : '');
}

function fits({ restarts: all, temperature }: RunMetrics): string {
  const rows = all.map(({ name, gates, elbo, bound, chosen }, r) =>
    [name ?? String(r + 1), gates, elbo.elbo.toFixed(1), ...(bound === undefined ? [] : [bound.toFixed(1)]), chosen ? 'chosen' : '']);
  const tried = temperature?.tried.map((each) => `${shortNumber(each.nll)} at ${each.temperature}`).join(', ');
  const line = temperature ? `temperature ${temperature.chosen}, by the NLL in cross-validation: ${tried}\n` : '';
  const told = all.some(({ bound }) => bound !== undefined) ? ['with relabelling'] : [];
  return textTable([['fit', 'gates', 'ELBO', ...told, ''], ...rows]) + line;
}

/** Nothing without a search. */
const search = ({ search: found }: RunMetrics): string[] =>
  (found ? [`${searchLines(found).flatMap((line) => wrapped(line, WIDTH)).join('\n')}\n`] : []);

const setPart = (sets: readonly InputSet[]): string[] => (sets.length > 0 ? [`${setLines(sets, sets.length).join('\n')}\n`] : []);
