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
  if (!folds.every(({ differences }) => differences[name])) return '–';
  const sums = { rows: 0, sum: 0, squares: 0 };
  for (const { differences: { [name]: each } } of folds) for (const key of Object.keys(sums)) sums[key] += each[key];
  const mean = sums.sum / sums.rows;
  const se = Math.sqrt((sums.squares / sums.rows - mean ** 2) / (sums.rows - 1));
  return `${mean.toFixed(4)} ± ${se.toFixed(4)}${mean <= se / 2 ? '' : ' **no**'}`;
}

const average = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const HEAD = ['table', 'folds', 'accuracy: no inputs, linear, dense, full, pruned', 'NLL: linear, dense, full, pruned',
  'full − linear', 'pruned − dense', 'inputs kept'];
const MODELS = ['linear', 'dense', 'full', 'pruned'];
const means = (folds, metric, names) =>
  names.map((name) => average(folds.map(({ metrics }) => metrics[name][metric])).toFixed(3)).join(', ');
table(HEAD, byRow, (row, folds) => [
  row, folds.length, means(folds, 'accuracy', ['none', ...MODELS]), means(folds, 'nll', MODELS),
  pooled(folds, 'fullLinear'), pooled(folds, 'prunedDense'), folds.map(({ kept }) => kept.length).join(', '),
]);

// A second table: the pruned network with the background, of the folds whose run has one.
const beside = new Map([...byRow].map(([row, folds]) => [row, folds.filter(({ metrics }) => metrics.background)]));
const SECOND = ['table', 'folds', 'accuracy', 'NLL', 'less full', 'less dense', 'less pruned'];
if ([...beside.values()].some(({ length }) => length > 0)) {
  console.log('');
  table(SECOND, new Map([...beside].filter(([, { length }]) => length > 0)), (row, folds) => [
    row, folds.length, means(folds, 'accuracy', ['background']), means(folds, 'nll', ['background']),
    ...['backgroundFull', 'backgroundDense', 'backgroundPruned'].map((name) => pooled(folds, name)),
  ]);
}

function table(head, rows, cellsOf) {
  console.log(`| ${head.join(' | ')} |\n|${head.map(() => '---').join('|')}|`);
  for (const [row, folds] of [...rows].sort(([a], [b]) => (a < b ? -1 : 1))) {
    console.log(`| ${cellsOf(row.replace(/^\w+-/, ''), folds).join(' | ')} |`);
  }
}
