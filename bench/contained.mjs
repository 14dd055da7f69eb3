// The network against the linear model that it contains, from results of bench/truth.mjs:
//   node bench/truth.mjs --rows CLASS,E9 --variants both --seeds 1-5 --restarts 2 --tag NAME --results FILE
//   node bench/contained.mjs FILE > table.md
import { readFileSync } from 'node:fs';

const cells = readFileSync(process.argv[2], 'utf8').trim().split('\n').map((line) => JSON.parse(line))
  .filter(({ status, variant, metrics }) => status === 'done' && variant === 'both' && metrics.full.accuracy !== undefined);
/** Of a fold that was measured twice, the last. */
const distinct = [...new Map(cells.map((cell) => [`${cell.row} ${cell.seed}`, cell])).values()];
const byRow = new Map(distinct.map(({ row }) => [row, distinct.filter((cell) => cell.row === row)]));

/** Mean difference a row of the test folds together, and its standard error over the rows, in nats. */
function pooled(folds, name) {
  const sums = { rows: 0, sum: 0, squares: 0 };
  for (const { differences: { [name]: each } } of folds) for (const key of Object.keys(sums)) sums[key] += each[key];
  const mean = sums.sum / sums.rows;
  const se = Math.sqrt((sums.squares / sums.rows - mean ** 2) / (sums.rows - 1));
  return `${mean.toFixed(4)} ± ${se.toFixed(4)}${mean <= se / 2 ? '' : ' **no**'}`;
}

const average = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const HEAD = ['table', 'folds', 'accuracy: no inputs, linear, dense, full, pruned', 'NLL: linear, dense, full, pruned',
  'full − linear', 'pruned − dense', 'inputs kept'];
console.log(`| ${HEAD.join(' | ')} |\n|${HEAD.map(() => '---').join('|')}|`);
for (const [row, folds] of [...byRow].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const mean = (metric) => (name) => average(folds.map(({ metrics }) => metrics[name][metric])).toFixed(3);
  const models = ['linear', 'dense', 'full', 'pruned'];
  console.log(`| ${[
    row.replace(/^\w+-/, ''), folds.length, ['none', ...models].map(mean('accuracy')).join(', '), models.map(mean('nll')).join(', '),
    pooled(folds, 'fullLinear'), pooled(folds, 'prunedDense'), folds.map(({ kept }) => kept.length).join(', '),
  ].join(' | ')} |`);
}
