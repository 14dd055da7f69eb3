// The search over structures by itself: Friedman's function, and tables whose trained networks were saved, beside the penalised
// linear model and the dense network. Figures go to standard output.
//
//   node bench/search.mjs [--seeds 1,2,3] [--saved FILE,FILE] [--steps 2000] [--draws 400]
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import v8 from 'node:v8';
import {
  Chain, chainOptions, denseLinear, drawMembers, finish, handlers, keyOf, likelihoodOf, linearSteps, memberOutputs, metricsOf,
  prepareTable, resolveConfig, stackedMembers, startEngine, startsOf, Stream, summarise, tableOf, weightedScales,
} from 'bnnc/parts';
import { protocolOf } from './truth/protocols.mjs';

/** @returns {{ type: 'string', default: string }} */
const text = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({
  options: {
    seeds: text(''), row: text('E8-300-20'), saved: text(''), steps: text('2000'), draws: text('400'), data: text('../shared/data'),
  },
});
const [steps, draws] = [Number(values.steps), Number(values.draws)];
const list = (value) => value.split(',').filter((each) => each !== '');
const say = (line) => process.stdout.write(`${line}\n`);

const problemOf = ({ fitData: { x, y }, shape: { task, inputGroup, inputGates } }) =>
  ({ task, x, y, group: inputGroup, inputs: inputGates });

for (const seed of list(values.seeds).map(Number)) await friedmanRow(seed);
for (const file of list(values.saved)) await savedRow(file);

async function friedmanRow(seed) {
  const protocol = protocolOf(values.row);
  const { table, splits, tests, truth } = await protocol.data(seed, values.data);
  const object = { data: { path: '-', target: table.names.at(-1) } };
  const { config } = await resolveConfig({ sets: protocol.sets, cwd: process.cwd(), object });
  const prepared = prepareTable(table, splits, config, { tests });
  const linear = finish(linearSteps(problemOf(prepared), Stream.fromSeed('linear')));
  const found = search(prepared, linear, Stream.fromSeed(seed));
  const names = prepared.encoder.features.map(({ name }) => name);
  const chosen = names.filter((_, input) => found.summary.pips[input] >= 0.5);
  const nonlinear = names.filter((_, input) => found.summary.nonlinear[input] >= 0.5);
  const exact = truth && chosen.length === truth.length && truth.every((name) => chosen.includes(name));
  const { rmse, nll } = averageMetrics(prepared, found, true);
  say(`${values.row} ${seed}: ${exact ? 'exact' : chosen.join(' ')}, nonlinear ${nonlinear.join(' ')}, `
    + `MSE ${(rmse ** 2).toFixed(3)}, NLL ${nll.toFixed(3)}; ${told(found, names)}`);
}

async function savedRow(file) {
  const { prepared, learned } = v8.deserialize(readFileSync(file));
  const found = search(prepared, learned.linear, Stream.fromSeed(1));
  const names = prepared.encoder.features.map(({ name }) => name);
  await startEngine();
  /** @type {[number, string]} */
  const stream = [1, 'predict'];
  const hooks = { signal: new globalThis.AbortController().signal, onNotice: () => {} };
  const measured = async (posterior) => (await handlers.measure({ posterior, prepared, stream }, hooks)).metrics.splits.test;
  const models = {
    average: averageMetrics(prepared, found, true),
    sparse: averageMetrics(prepared, found), ridge: ridgeMetrics(prepared, learned.linear.ridge),
    dense: await measured(learned.dense),
    variational: await measured(learned.assessed[learned.best].posterior),
  };
  const figures = Object.entries(models).map(([name, { nll, nllSe, accuracy, rmse }]) =>
    `${name} ${nll.toFixed(3)} (${nllSe.toFixed(3)}) ${(accuracy ?? rmse).toFixed(3)}`);
  say(`${path.basename(file, '.v8')}: ${figures.join(', ')}; ${told(found, names)}`);
}

function search(prepared, linear, stream) {
  const table = tableOf(problemOf(prepared));
  const before = process.cpuUsage();
  const chains = startsOf(table, [], linear).map((start, c) => {
    const chain = new Chain(table, chainOptions(table, start, { steps }), stream.split('chain', c));
    return finish(chain.steps());
  });
  const fits = chains.reduce((sum, chain) => sum + chain.fits, 0);
  const dense = finish(denseLinear(table));
  return { table, stream, summary: summarise(chains, table.inputs), dense, fits, seconds: secondsSince(before), predicting: 0 };
}

function secondsSince(before) {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Of the structures alone, or beside the linear model of all inputs. */
function averageMetrics(prepared, found, beside = false) {
  const { table, stream, summary: { structures }, dense } = found;
  const before = process.cpuUsage();
  const { members, share } = beside && dense.length > 0
    ? finish(stackedMembers(table, structures, weightedScales(dense), draws, stream.split('draws')))
    : { members: finish(drawMembers(table, structures, draws, stream.split('draws'))), share: undefined };
  found.share ??= share;
  const outputs = memberOutputs(members, prepared.sets.test.x);
  found.predicting = secondsSince(before);
  const noiseVariance = members.reduce((sum, member) => sum + member.noiseVariance / members.length, 0);
  return metricsFrom(prepared, { draws: members.length, values: outputs, noiseVariance });
}

function ridgeMetrics(prepared, { weight, bias, noiseVariance }) {
  const { x } = prepared.sets.test;
  const K = bias.length;
  const values = Float32Array.from({ length: x.rows * K }, (_, at) => {
    const [n, k] = [Math.floor(at / K), at % K];
    let sum = bias[k];
    for (let c = 0; c < x.cols; c++) sum += x.data[n * x.cols + c] * weight[c * K + k];
    return sum;
  });
  return metricsFrom(prepared, { draws: 1, values, noiseVariance });
}

function metricsFrom({ sets: { test }, encoder: { target }, fitData }, outputs) {
  const likelihood = likelihoodOf(target.task);
  const drawn = { task: target.task, rows: test.x.rows, outputs: fitData.y.cols, ...outputs };
  return metricsOf(likelihood.losses(drawn, test.y, target));
}

function told({ summary: { pips, unstable, best, structures, chains }, share = 0, fits, seconds, predicting }, names) {
  const inputs = names.filter((_, input) => pips[input] >= 0.5);
  const gap = Math.max(...names.map((_, input) => Math.abs(chains[0][input] - chains.at(-1)[input])));
  return `share of the dense linear model ${share.toFixed(2)}, inputs ${inputs.length} of ${names.length}, unstable ${unstable.filter(Boolean).length}, `
    + `largest gap of chains ${gap.toFixed(2)}, best ${keyOf(best.network)} (${best.network.units.length} units), ${structures.length} structures, `
    + `${fits} fits in ${seconds.toFixed(1)} s CPU (${(fits / seconds).toFixed(0)}/s), prediction ${predicting.toFixed(1)} s`;
}
