// The dense, the whole, the pruned and the fine-tuned network on test rows.
import { ANCHORS } from '../anchors.mjs';
import { number, signed, spread, table } from '../format.mjs';
import { comparable, paired } from '../groups.mjs';
import { figure, metricOf } from '../judge.mjs';
import { direction } from '../protocols.mjs';

const MODELS = ['dense', 'full', 'pruned', 'tuned'];
const HEADER = [
  'row', 'variant', 'cells', 'metric', 'dense', 'full', 'pruned', 'fine-tuned', 'pruned − dense', 'fine-tuned − dense', 'held against',
];

function difference(records, model) {
  const { mean, se, n, verdict, metric } = paired(records, model);
  return `${signed(direction(metric) * mean)} ± ${number(se)}${n === 1 ? ' (rows)' : ''} ${verdict}`;
}

const line = ({ protocol: { id }, variant, records }) => [
  id, variant, records.length, metricOf(records[0]),
  ...MODELS.map((model) => spread(records.map((record) => figure(record, model)))),
  difference(records, 'pruned'), difference(records, 'tuned'), ANCHORS[id] ?? '',
];

export const predictions = (study, rows) => table(HEADER, study.pairs(rows, comparable).map(line));
