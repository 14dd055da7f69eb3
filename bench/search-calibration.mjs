// PIPs of the search over structures alone, without variational networks to begin from, on the tables that `bnnc calibrate` makes
// of a data file: calibration, realised false discovery rate, power, and how large the best structures are.
//
//   node bench/search-calibration.mjs [--data datasets/raisin.csv] [--target Class] [--sets 40] [--steps auto] [--seed 1]
//                                     [--results FILE]
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  finish, handlers, linearSteps, localRunner, plant, prepare, realise, reliability, relativesOf, resolveConfig, searchStructures,
  Stream,
} from 'bnnc/parts';

/** @returns {{ type: 'string', default: string }} */
const text = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({
  options: {
    data: text('datasets/raisin.csv'), target: text('Class'), sets: text('40'), steps: text('auto'), seed: text('1'),
    results: { type: 'string' },
  },
});
const [count, seed] = [Number(values.sets), Number(values.seed)];
const resolved = await resolveConfig({ flags: { data: values.data, target: values.target, seed }, cwd: process.cwd() });
const base = await prepare(resolved);
const runner = localRunner(handlers);
/** As `bnnc calibrate` without a run: correlations beyond which inputs may stand in for one another, and shares of signal. */
const [RELATED, LOW, HIGH] = [0.7, 0.3, 0.9];

const tables = [];
for (let index = 0; index < count; index++) {
  const before = process.cpuUsage();
  const stream = Stream.fromSeed(seed).split('calibrate', index);
  const { truth, prepared } = plant(base, LOW + (HIGH - LOW) * stream.split('signal').uniform(), stream);
  const { fitData: { x, y }, shape: { task, inputGroup: group, inputGates: inputs } } = prepared;
  const linear = finish(linearSteps({ task, x, y, group, inputs }, stream.split('linear')));
  /** @type {import('bnnc').Config['search']} */
  const search = { steps: values.steps === 'auto' ? 'auto' : Number(values.steps) };
  const config = { ...resolved.config, train: { ...resolved.config.train, seed: stream.split('seed').bits() }, search };
  const found = await searchStructures(runner, config, prepared, { linear, starts: [] });
  const relatives = relativesOf(x, group, truth.inputs, RELATED);
  const judged = found.pips.map((each, i) => ({ ...each, true: truth.inputs.includes(i), relatives: relatives[i] }));
  const { user, system } = process.cpuUsage(before);
  const { units, unstable, steps } = found.search;
  const told = {
    index, truths: truth.inputs.length, units, unstable: unstable.length, steps: steps.counted, seconds: (user + system) / 1e6,
  };
  tables.push({ judged, ...told });
  if (values.results) appendFileSync(values.results, `${JSON.stringify({ ...told, pips: judged.map(({ pip, true: is }) => [pip, is]) })}\n`);
  process.stderr.write(`${index + 1} of ${count}: ${told.units} units, ${told.seconds.toFixed(1)} s\n`);
}
await runner.close();

const { ece, brier, bins } = reliability(tables.flatMap(({ judged }) => judged));
const sets = tables.map(({ judged }) => judged);
const rates = [realise(sets, { threshold: 0.5 }), realise(sets, { fdr: 0.1 })];
const mean = (of) => tables.reduce((sum, table) => sum + of(table), 0) / tables.length;
const out = (line) => process.stdout.write(`${line}\n`);
out(`${count} tables, calibration error ${ece.toFixed(3)}, Brier score ${brier.toFixed(4)}`);
for (const { from, to, count: inside, meanPip, share } of bins) {
  if (inside > 0) out(`  PIP ${from} to ${to}: ${inside}, mean ${meanPip.toFixed(3)}, true ${share.toFixed(3)}`);
}
out(`threshold .5: ${JSON.stringify(rates[0])}`);
out(`FDR .1: ${JSON.stringify(rates[1])}`);
const few = tables.filter(({ truths }) => truths <= 2);
out(`one or two true inputs, best structure of more than 4 units: ${few.filter(({ units }) => units > 4).length} of ${few.length}`);
out(`mean units ${mean(({ units }) => units).toFixed(2)}, unstable inputs ${mean(({ unstable }) => unstable).toFixed(2)} a table, `
  + `${mean(({ seconds }) => seconds).toFixed(1)} s of processor time a table`);
