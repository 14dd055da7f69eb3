// PIPs of the linear model by variational inference (model.hidden: []) against those of all 2^p models, on the 20 tables of
// bench/linear.mjs. Tables that are in --results already are passed over; those of the tag go to stdout.
//
//   node bench/enumeration.mjs --results FILE [--seed 1] [--set key=value]... [--matched] [--tag NAME]
//
// --matched: the prior inclusion probability is that of the enumeration, 1 / (p + 1), and is not learned.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  enumerateModels, factorModel, finish, handlers, learn, localRunner, prepareTable, resolveConfig, startEngine,
} from 'bnnc/parts';
import { smallTable } from './linear/simulated.mjs';
import { emptyColumns, memoryTable, range } from './truth/columns.mjs';
import { table } from './truth/format.mjs';
import { facts } from './truth/machine.mjs';
import { appendResult, readResults } from './truth/results.mjs';

const FAR = 0.1;
const project = fileURLToPath(new URL('..', import.meta.url));
const { values: { results, seed, set, matched, tag } } = parseArgs({
  options: {
    results: { type: 'string' }, seed: { type: 'string', default: '1' }, set: { type: 'string', multiple: true, default: [] },
    matched: { type: 'boolean', default: false }, tag: { type: 'string', default: 'default' },
  },
});
if (!results) throw new Error('--results: name a file for the results');
if ((matched || set.length > 0) && tag === 'default') throw new Error('--set and --matched change what is measured: name it with --tag');

const measured = readResults(results).filter((each) => each.seed === seed && each.tag === tag);
await startEngine();
const runner = localRunner(handlers);
for (const classes of [false, true]) {
  for (let at = 0; at < 10; at++) {
    if (measured.some((each) => each.classes === classes && each.at === at)) continue;
    const cell = { tag, row: nameOf({ classes, at }), variant: 'linear', seed, at, classes };
    const record = { status: 'done', ...cell, ...(await measure(at, classes)), ...facts(project), date: new Date().toISOString() };
    appendResult(results, record);
    measured.push(record);
    process.stderr.write(`${record.row}: ${Math.max(...record.pips.map((pip, j) => Math.abs(pip - record.exact[j]))).toFixed(3)}\n`);
  }
}
await runner.close();
process.stdout.write(`${document(measured).join('\n').trimEnd()}\n`);

/** The rows as the network takes them, and exact probabilities of the inputs from the same. */
async function measure(at, classes) {
  const { problem: { x, y }, effects, rows, inputs, correlation, matter } = smallTable(`agreement ${seed}`, at, classes);
  const columns = emptyColumns(inputs, rows);
  columns.forEach((column, j) => column.forEach((_, n) => { column[n] = x.data[n * inputs + j]; }));
  const target = classes
    ? { name: 'y', codes: Int32Array.from(y.data), levels: ['no', 'yes'] } : { name: 'y', values: Float64Array.from(y.data) };
  const fixed = matched ? [`prior.inclusion=${1 / (inputs + 1)}`] : [];
  const { config } = await resolveConfig({
    sets: [`data.task=${classes ? 'binary' : 'regression'}`, 'model.hidden=[]', 'train.reference=false', ...fixed, ...set],
    flags: { data: '-', target: 'y', seed: at + 1 }, cwd: process.cwd(),
  });
  const none = new Int32Array(0);
  const prepared = prepareTable(memoryTable(columns, target), { train: range(0, rows), validation: none, test: none }, config);
  const { shape, fitData } = prepared;
  const problem = { task: shape.task, ...fitData, group: shape.inputGroup, inputs: shape.inputGates };
  const exact = (inclusion, variances) =>
    Array.from(finish(enumerateModels(problem, factorModel(problem, variances), inclusion)).pips);

  const { assessed, best, inputs: found } = await learn(runner, config, prepared);
  const { gates, inputs: { prior }, layers: [{ prior: { edge, tau } }], noiseVariance } = assessed[best].posterior;
  // An input of a linear model is in when all gates on its way are on.
  const own = (gates === 'weight' ? 1 : prior) * (gates === 'node' ? 1 : edge);
  return {
    rows, inputs, correlation, matter, effects: Array.from(effects), exact: exact(), pips: found.map(({ pip }) => pip),
    network: found.map(({ pipNetwork }) => pipNetwork),
    // Under the prior that the network came by: what is left of the difference is the approximation's.
    exactOwn: exact(own, [tau * tau]), prior: { own, input: prior, edge, tau }, noiseVariance,
    bounds: assessed.map(({ bound }) => bound), best,
  };
}

function nameOf({ classes, at }) {
  return `${classes ? 'two classes' : 'number'} ${at}`;
}

function document(records) {
  const errors = (of, against) => records.flatMap((each) => each[of].map((pip, j) => Math.abs(pip - each[against][j])));
  const row = (name, of, against) => {
    const list = errors(of, against);
    const mean = list.reduce((sum, error) => sum + error, 0) / list.length;
    return [name, Math.max(...list).toFixed(3), mean.toFixed(4), `${list.filter((error) => error > FAR).length} of ${list.length}`];
  };
  const worst = records.flatMap((each) => each.exact.map((_, j) => ({ each, j, error: Math.abs(each.pips[j] - each.exact[j]) })))
    .sort((a, b) => b.error - a.error).slice(0, 10);
  return [
    ...table(['difference', 'largest', 'mean', `above ${FAR}`], [
      row('variational − exact', 'pips', 'exact'), row('of the chosen network − exact', 'network', 'exact'),
      row('exact under the network\'s own prior − exact', 'exactOwn', 'exact'),
      row('of the chosen network − exact under its own prior', 'network', 'exactOwn'),
    ]),
    ...table(
      ['table', 'input', 'rows', 'inputs', 'r', 'effect', 'exact', 'variational', 'exact, own prior', 'own inclusion', 'own τ'],
      worst.map(({ each, j }) => [
        each.row, `x${j + 1}`, each.rows, each.inputs, each.correlation.toFixed(2), each.effects[j].toFixed(2),
        ...[each.exact[j], each.pips[j], each.exactOwn[j], each.prior.own].map((pip) => pip.toFixed(3)),
        each.prior.tau.toFixed(2),
      ]),
    ),
  ];
}
