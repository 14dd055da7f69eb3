// Negative log-likelihood on test rows, and what is left of the network.
import { percent, spread, table } from '../format.mjs';
import { comparable } from '../groups.mjs';
import { mean } from '../statistics.mjs';

const MODELS = ['dense', 'full', 'pruned', 'tuned'];
const HEADER = [
  'row', 'variant', 'dense', 'full', 'pruned', 'fine-tuned', 'pruned − dense', 'weights', 'nodes', 'inputs', 'density', 'CPU seconds a cell',
];

export const likelihoods = (study, rows) => table(HEADER, study.pairs(rows, comparable).map(line));

function line({ protocol: { id }, variant, records }) {
  const average = (of) => mean(records.map(of)).toFixed(1);
  return [
    id, variant, ...MODELS.map((model) => spread(records.map(({ metrics }) => metrics[model].nll))),
    spread(records.map(({ metrics }) => metrics.pruned.nll - metrics.dense.nll)),
    `${average(({ weights }) => weights.pruned)} of ${records[0].weights.full}`, average(({ nodes }) => nodes),
    `${average(({ kept }) => kept.length)} of ${average(({ inputs }) => inputs).replace('.0', '')}`,
    percent(mean(records.map(({ sizes }) => sizes.pruned.nonZero / sizes.full.parameters))),
    average(({ cpuSeconds }) => cpuSeconds),
  ];
}
