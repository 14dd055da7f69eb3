// The two parts of a prediction of classes, and how much each has: the structures of a search, and the linear model of all
// inputs. By stacking, as `train` has it, and by evidence, as it was. Folds that are in --results already are passed over; the
// table goes to standard output.
//
//   node bench/stacking.mjs --results FILE [--rows CLASS-wine,...] [--seeds 1,2] [--data ../shared/data]
import { parseArgs } from 'node:util';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  denseLinear, drawMembers, finish, handlers, learn, likelihoodOf, localRunner, memberOutputs, outcomeOf, prepareTable,
  resolveConfig, stackedMembers, startEngine, Stream, summarise, tableOf, weightedScales,
} from 'bnnc/parts';
import { targetOf } from './truth/files.mjs';
import { facts } from './truth/machine.mjs';
import { protocolOf } from './truth/protocols.mjs';
import { appendResult, readResults } from './truth/results.mjs';

const ROWS = [...['breast_cancer', 'german_credit', 'house_votes_84', 'lung_small', 'musk', 'penguins', 'pima_diabetes',
  'pima_diabetes_missing', 'sonar', 'titanic', 'wine'].map((name) => `CLASS-${name}`), 'E9-colon'];
const DRAWS = 200;
/** @returns {{ type: 'string', default: string }} */
const text = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({
  options: { results: { type: 'string' }, rows: text(ROWS.join()), seeds: text('1,2,3,4,5'), data: text('../shared/data') },
});
if (!values.results) throw new Error('--results FILE is missing');
const project = fileURLToPath(new URL('..', import.meta.url));
await startEngine();
const known = readResults(values.results);
for (const seed of values.seeds.split(',').map(Number)) {
  for (const row of values.rows.split(',')) {
    if (known.some((record) => record.row === row && record.seed === seed)) continue;
    const record = { row, seed, ...await measured(row, seed), ...facts(project), date: new Date().toISOString() };
    known.push(record);
    appendResult(values.results, record);
    process.stderr.write(`${row} ${seed}: by evidence ${record.evidence?.toFixed(2)}, stacked ${record.stacked?.toFixed(2)}\n`);
  }
}
tell();

async function measured(row, seed) {
  const protocol = protocolOf(row);
  const data = await protocol.data(seed, path.resolve(values.data));
  const sets = [...protocol.sets, ...(data.sets ?? []), 'search.steps=auto'];
  const { config } = await resolveConfig({ sets, flags: { data: '-', target: targetOf(data.table), seed }, cwd: process.cwd() });
  const prepared = prepareTable(data.table, data.splits, config, { tests: data.tests });
  /** @type {Parameters<typeof handlers.average>[0]} */
  let task;
  /** @type {typeof handlers.average} */
  const average = (own, hooks) => {
    task = own;
    return handlers.average(own, hooks);
  };
  /** @type {typeof handlers} */
  const all = { ...handlers, average };
  const runner = localRunner(all);
  const learned = await learn(runner, config, prepared);
  const { losses } = await outcomeOf(learned, prepared, { threshold: 0.5, split: 'test', train: config.train }, Stream.fromSeed(seed));
  await runner.close();
  const of = (name) => [...losses[name].nll];
  const table = tableOf(task.problem);
  const { structures } = summarise(task.chains, table.inputs);
  const scales = weightedScales(finish(denseLinear(table)));
  const stream = Stream.fromSeed(seed).split('stacking');
  const { share } = finish(stackedMembers(table, structures, scales, DRAWS, stream.split('both')));
  const alone = (list, name) => lossesOf(prepared, finish(drawMembers(table, list, DRAWS, stream.split(name))));
  const [sparse, linear] = [alone(structures, 'structures'), alone(scales, 'linear')];
  const best = (list) => list.reduce((most, { visited: { log } }) => Math.max(most, log), -Infinity);
  const mass = (list) => list.reduce((sum, { visited: { log } }) => sum + Math.exp(log - best(list)), 0);
  const odds = best(structures) - best(scales) + Math.log(mass(structures) / mass(scales));
  const evidence = 1 / (1 + Math.exp(odds));
  return {
    evidence, stacked: share,
    nll: {
      linear: of('linear'), dense: of('dense'), structures: sparse, all: linear,
      evidence: mixed(sparse, linear, evidence), stacked: mixed(sparse, linear, share),
    },
  };
}

/**
 * Negative log-likelihood of each test row.
 * @param {any} prepared
 */
function lossesOf(prepared, members) {
  const { sets: { test }, encoder: { target }, fitData } = prepared;
  const noiseVariance = members.reduce((sum, member) => sum + member.noiseVariance / members.length, 0);
  const values = memberOutputs(members, test.x);
  const drawn = { task: target.task, rows: test.x.rows, outputs: fitData.y.cols, draws: members.length, values, noiseVariance };
  return [...likelihoodOf(target.task).losses(drawn, test.y, target).nll];
}

function mixed(first, second, share) {
  return first.map((loss, n) => -Math.log((1 - share) * Math.exp(-loss) + share * Math.exp(-second[n])));
}

function tell() {
  const rows = new Map(values.rows.split(',').map((row) => [row, known.filter((record) => record.row === row)]));
  const names = ['linear', 'dense', 'structures', 'all', 'evidence', 'stacked'];
  const differences = ['evidence', 'linear', 'dense'];
  const head = ['table', 'folds', ...names, 'share by evidence', 'stacked', ...differences.map((name) => `stacked − ${name}`)];
  console.log(`| ${head.join(' | ')} |\n|${head.map(() => '---').join('|')}|`);
  for (const [row, folds] of rows) {
    if (folds.length === 0) continue;
    const losses = (name) => folds.flatMap(({ nll }) => nll[name]);
    const share = (name) => mean(folds.map((fold) => fold[name])).toFixed(2);
    const cells = [
      row.replace(/^\w+-/, ''), folds.length, ...names.map((name) => mean(losses(name)).toFixed(4)), share('evidence'), share('stacked'),
      ...differences.map((name) => paired(losses('stacked'), losses(name))),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

/** Mean difference a row and its standard error; **no** where it is above half of that. */
function paired(one, other) {
  const differences = one.map((loss, n) => loss - other[n]);
  const middle = mean(differences);
  const error = Math.sqrt(mean(differences.map((each) => (each - middle) ** 2)) / (one.length - 1));
  return `${middle.toFixed(4)} ± ${error.toFixed(4)}${middle <= error / 2 ? '' : ' **no**'}`;
}

function mean(list) {
  return list.reduce((sum, each) => sum + each, 0) / list.length;
}
