/** `bnnc prune --curve`: what each threshold keeps and how that does, for people and for programs. */

import { csvTable } from '../../../data/write-csv.js';
import { json } from '../../../store/files.js';
import type { RunFolder } from '../../../store/open.js';
import { pruneCurve, type CurveDocument, type CurvePoint, type ThresholdChoice } from '../../../prune/curve.js';
import type { CliContext } from '../../context.js';
import { metricCell } from '../../metrics-table.js';
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
  const forms = { table: () => table(document), csv: () => csv(document), json: () => json(document) };
  await terminal.result(forms[asJson ? 'json' : curve!]());
}

/** RMSE or accuracy, and the loss that the choice goes by. */
const METRICS = [
  { value: 'rmse', error: 'rmseSe', label: 'RMSE' },
  { value: 'accuracy', error: 'accuracySe', label: 'accuracy' },
  { value: 'nll', error: 'nllSe', label: 'NLL' },
] as const;

function table({ points, choice }: CurveDocument): string {
  const columns = (['validation', 'test'] as const).flatMap((split) =>
    METRICS.filter(({ value }) => points[0][split]?.[value] !== undefined).map((metric) => ({ split, ...metric })));
  const header = ['threshold', 'inputs', 'nodes', 'weights', 'parameters', 'bytes as ONNX',
    ...columns.map(({ split, label }) => `${split} ${label}`), ...(choice ? ['auto'] : [])];
  return textTable([header, ...points.map((point) => [
    range(point.from, point.to), point.inputs, point.nodes, point.weights, point.parameters, point.onnxBytes,
    ...columns.map(({ split, value, error }) => metricCell(point[split]?.[value], point[split]?.[error])),
    ...(choice ? [mark(point, choice)] : []),
  ])]);
}

function mark({ threshold }: CurvePoint, { best, chosen }: ThresholdChoice): string {
  return [threshold === chosen ? 'chosen' : '', threshold === best ? 'least loss' : ''].filter(Boolean).join(', ');
}

function csv({ points, choice }: CurveDocument): string {
  const sets = ['validation', 'test'] as const;
  const measured = sets.flatMap((split) => METRICS.flatMap(({ value, error }) => [value, error].map((key) => ({ split, key }))))
    .filter(({ split, key }) => points[0][split]?.[key] !== undefined);
  const snake = (key: string): string => key.replace('Se', '_se');
  const header = ['threshold', 'from', 'to', 'inputs', 'nodes', 'weights', 'parameters', 'onnx_bytes',
    ...measured.map(({ split, key }) => `${split}_${snake(key)}`), ...(choice ? ['excess', 'excess_se', 'chosen'] : [])];
  return csvTable(header, points.map((point) => [
    point.threshold, point.from, point.to, point.inputs, point.nodes, point.weights, point.parameters, point.onnxBytes,
    ...measured.map(({ split, key }) => point[split]![key]!),
    ...(choice ? [point.excess!.mean, point.excess!.standardError, Number(point.threshold === choice.chosen)] : []),
  ]));
}
