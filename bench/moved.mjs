// Inputs whose PIP depends on the seed of training, from results of bench/truth.mjs with the rows of SEEDS:
//   node bench/truth.mjs --rows SEEDS-raisin,SEEDS-wine --variants both --seeds 1,2 --set train.reference=false \
//     --tag NAME --results FILE
//   node bench/moved.mjs FILE NAME > table.md
import { table } from './truth/format.mjs';
import { readResults } from './truth/results.mjs';

const FAR = 0.5;
const [, , file, tag] = process.argv;
const cells = readResults(file).filter((cell) => cell.status === 'done' && cell.tag === tag && cell.row.startsWith('SEEDS-'));
const byRow = new Map(cells.map(({ row }) => [row, cells.filter((cell) => cell.row === row).sort((a, b) => a.seed - b.seed)]));

/** Inputs, with the smallest and largest PIP over the seeds, and whether any run said that its restarts disagree. */
function inputsOf(runs) {
  return runs[0].pips.map(({ input }) => {
    const own = runs.map(({ pips }) => pips.find((each) => each.input === input));
    const pips = own.map(({ pip }) => pip);
    return { input, own, moves: Math.max(...pips) - Math.min(...pips), flagged: own.some(({ unstable }) => unstable) };
  });
}

const rows = [...byRow].filter(([, runs]) => runs.length > 1).map(([row, runs]) => ({ row, runs, inputs: inputsOf(runs) }));
const moved = rows.flatMap(({ row, inputs }) => inputs.filter(({ moves }) => moves > FAR).map((each) => ({ row, ...each })));
const all = rows.reduce((sum, { inputs }) => sum + inputs.length, 0);
const silent = moved.filter(({ flagged }) => !flagged);
const pip = ({ pip: mean, pipMin, pipMax, unstable }) =>
  `${mean.toFixed(2)} (${pipMin.toFixed(2)} to ${pipMax.toFixed(2)}${unstable ? ', flagged' : ''})`;
const share = (100 * moved.length / all).toFixed(1);
console.log(`${moved.length} of ${all} inputs move by more than ${FAR} (${share} %); ${silent.length} of them not flagged.\n`);
const count = (inputs, holds) => inputs.filter(holds).length;
console.log(table(['table', 'inputs', 'moved', 'of these not flagged', 'flagged by a run'], rows.map(({ row, inputs }) => {
  const far = inputs.filter(({ moves }) => moves > FAR);
  const told = count(far, ({ flagged }) => flagged);
  return [row.slice(6), inputs.length, far.length, far.length - told, count(inputs, ({ flagged }) => flagged)];
})).join('\n'));
if (moved.length > 0) {
  const seeds = rows[0].runs.map(({ seed }) => `PIP with seed ${seed} (over restarts)`);
  console.log(table(['table', 'input', ...seeds], moved.map(({ row, input, own }) => [row.slice(6), input, ...own.map(pip)])).join('\n'));
}
