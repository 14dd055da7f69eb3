/** `bnnc prune --curve`: what each threshold keeps and how that does, for people and for programs. */

import type { RunFolder } from '../../../api/run.js';
import { documentText, tableText } from '../../../api/output.js';
import {
  allMetrics, headlineOf, pruneCurve, type CurveDocument, type CurvePoint, type Metric, type Metrics, type ThresholdChoice,
} from '../../../api/prune.js';
import { metricOf } from '../../../text/metric-rows.js';
import type { CliContext } from '../../context.js';
import type { PruneFlags } from '../../../api/options/prune.js';
import { choiceText, range } from './text.js';
import { textTable } from '../../table.js';

export async function printCurve(
  run: RunFolder, { curve, level, json: asJson }: PruneFlags, { terminal, signal }: CliContext,
): Promise<void> {
  const document = await pruneCurve(run, { level, signal });
  const { choice, missing } = document;
  for (const [split, reason] of Object.entries(missing)) terminal.note(`no ${split} metrics: ${reason}`);
  if (choice) terminal.note(choiceText({ ...choice, points: document.points }));
  const forms = { table: () => table(document), csv: () => csv(document), json: () => documentText(document) };
  await terminal.result(forms[asJson ? 'json' : curve!]());
}

/** What is looked at first, and the loss that the choice goes by, under its short name. */
const metricsOf = (metrics: Metrics): Metric[] => [
  headlineOf(metrics), { ...allMetrics().find(({ name }) => name === 'nll')!, label: 'NLL' },
];

/** What each threshold keeps, then how well that predicts: two tables, so that each fits 80 columns. */
function table({ points, choice }: CurveDocument): string {
  const columns = SPLITS.flatMap(({ split, short }) =>
    (points[0][split] ? metricsOf(points[0][split]) : []).map((metric) => ({ split, metric, label: `${short} ${metric.label}` })));
  const sizes = textTable([
    ['threshold', 'inputs', 'nodes', 'weights', 'parameters', 'ONNX bytes', ...(choice ? ['auto'] : [])],
    ...points.map((point) => [
      range(point.from, point.to), point.inputs, point.nodes, point.weights, point.parameters, point.onnxBytes,
      ...(choice ? [mark(point, choice)] : []),
    ]),
  ]);
  if (columns.length === 0) return sizes;
  const figures = textTable([['threshold', ...columns.map(({ label }) => label)], ...points.map((point) => [
    range(point.from, point.to), ...columns.map(({ split, metric }) => metricOf(point[split], metric)),
  ])]);
  const told = columns.some(({ split }) => split === 'validation') ? 'val.: validation rows\n' : '';
  return `${sizes}\n${figures}${told}`;
}

const SPLITS = [{ split: 'validation', short: 'val.' }, { split: 'test', short: 'test' }] as const;

function mark({ threshold }: CurvePoint, { best, chosen }: ThresholdChoice): string {
  return [threshold === chosen ? 'chosen' : '', threshold === best ? 'least loss' : ''].filter(Boolean).join(', ');
}

function csv({ points, choice }: CurveDocument): string {
  const measured = SPLITS.flatMap(({ split }) => (points[0][split] ? metricsOf(points[0][split]) : [])
    .flatMap(({ name }) => [name, `${name}Se`].map((key) => ({ split, key }))))
    .filter(({ split, key }) => points[0][split]?.[key] !== undefined);
  const snake = (key: string): string => key.replace('Se', '_se');
  const header = ['threshold', 'from', 'to', 'inputs', 'nodes', 'weights', 'parameters', 'onnx_bytes',
    ...measured.map(({ split, key }) => `${split}_${snake(key)}`), ...(choice ? ['excess', 'excess_se', 'chosen'] : [])];
  return tableText(header, points.map((point) => [
    point.threshold, point.from, point.to, point.inputs, point.nodes, point.weights, point.parameters, point.onnxBytes,
    ...measured.map(({ split, key }) => point[split]![key]!),
    ...(choice ? [point.excess!.mean, point.excess!.standardError, Number(point.threshold === choice.chosen)] : []),
  ]));
}
