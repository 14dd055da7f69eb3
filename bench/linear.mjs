// npm run bench:linear: the linear part against all models, against planted truths, and on gene tables beside an L1-penalised
// model. Writes docs/benchmarks/linear.md unless told otherwise. The gene tables are passed over where they are not there.
//
//   node bench/linear.mjs [--seed 1] [--data ../shared/data] [--genes leukemia_allaml.csv.gz,colon.csv] [--out FILE]
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import {
  enumerateModels, factorModel, fileSource, finish, foldRows, likelihoodOf, linearSteps, prepareTable, readTable, resolveConfig,
  singleEffects, Stream,
} from 'bnnc/parts';
import { correlation, smallTable, twinTable } from './linear/simulated.mjs';
import { lasso } from './linear/lasso.mjs';
import { number, percent, table } from './truth/format.mjs';
import { facts } from './truth/machine.mjs';

const project = fileURLToPath(new URL('..', import.meta.url));
/** @returns {{ type: 'string', default: string }} */
const text = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({
  options: {
    genes: text('leukemia_allaml.csv.gz,colon.csv,lymphoma.csv'), seed: text('1'), data: text(path.join(project, '../shared/data')), out: text(path.join(project, 'docs/benchmarks/linear.md')) },
});
const say = (line) => process.stderr.write(`${line}\n`);

const agreement = agreementOf();
const cover = coverageOf();
const genes = [];
for (const file of values.genes.split(',')) {
  const found = path.join(values.data, file);
  if (existsSync(found)) genes.push(await geneRow(found));
  else say(`${file}: skipped, for ${values.data} does not have it`);
}
writeFileSync(values.out, document());

/** Each of 20 tables: the largest error of a PIP. */
function agreementOf() {
  return [false, true].flatMap((classes) => Array.from({ length: 10 }, (_, at) => {
    const { problem, ...facts } = smallTable(`agreement ${values.seed}`, at, classes);
    const exact = finish(enumerateModels(problem, factorModel(problem))).pips;
    const { pips } = finish(singleEffects(problem, factorModel(problem)));
    const error = Math.max(...pips.map((pip, j) => Math.abs(pip - exact[j])));
    const between = exact.filter((pip) => pip > 0.05 && pip < 0.95).length;
    say(`agreement ${classes ? 'two classes' : 'number'} ${at}: ${error.toFixed(3)}`);
    return { classes, error, between, ...facts };
  }));
}

/** All sets of 60 tables. */
function coverageOf() {
  const sets = [];
  let [found, matter] = [0, 0];
  for (let at = 0; at < 60; at++) {
    const { problem, effects } = twinTable(`coverage ${values.seed}`, at);
    const told = finish(singleEffects(problem, factorModel(problem))).sets;
    for (const { inputs } of told) {
      const true_ = inputs.filter((j) => effects[j] !== 0);
      const twin = true_.some((j) => effects.some((_, other) => other !== j && Math.abs(correlation(problem, j, other)) >= 0.7));
      sets.push({ covers: true_.length > 0, twin, size: inputs.length });
    }
    effects.forEach((effect, j) => {
      if (effect === 0) return;
      matter++;
      if (told.some(({ inputs }) => inputs.includes(j))) found++;
    });
  }
  return { sets, found, matter };
}

/** Five stratified folds of a table of genes. */
async function geneRow(file) {
  const bytes = file.endsWith('.gz') ? gunzipSync(readFileSync(file)) : readFileSync(file);
  const target = bytes.toString('utf8', 0, bytes.indexOf(10)).trim().split(',').at(-1);
  const { config } = await resolveConfig({ cwd: project, object: { data: { path: file, target } } });
  const all = await readTable(fileSource(file), config.data);
  const stream = Stream.fromSeed(values.seed);
  const { rows } = foldRows(all, { ...config.data, split: { stratify: true } }, 5, stream);
  const empty = new Int32Array(0);
  const models = { 'single effects': [], ridge: [], 'L1': [] };
  let [seconds, genesKept] = [0, 0];
  for (const test of rows) {
    const train = Int32Array.from({ length: all.rows }, (_, n) => n).filter((n) => !test.includes(n));
    const { sets, fitData, shape, encoder } = prepareTable(all, { train, validation: empty, test }, config);
    const problem = { task: shape.task, x: fitData.x, y: fitData.y, group: shape.inputGroup, inputs: shape.inputGates };
    const before = process.cpuUsage();
    const { effects, ridge } = finish(linearSteps(problem, stream.split('linear')));
    const used = process.cpuUsage(before);
    seconds += (used.user + used.system) / 1e6 / rows.length;
    const folds = new Int32Array(train.length);
    const order = foldRows(all, { ...config.data, split: { stratify: true } }, 5, stream.split('inner')).rows;
    order.forEach((fold, at) => fold.forEach((row) => { if (train.includes(row)) folds[train.indexOf(row)] = at; }));
    const l1 = lasso(fitData.x, fitData.y, folds);
    genesKept += l1.weight.filter((weight) => weight !== 0).length / rows.length;
    const losses = (model) => lossesOf(problem.task, encoder.target, sets.test, model);
    models['single effects'].push(losses(effects));
    models.ridge.push(losses(ridge));
    models.L1.push(losses(l1));
    say(`${path.basename(file)}: a fold in ${(used.user / 1e6).toFixed(1)} s, sets of ${effects.sets.map(({ inputs }) => inputs.length).join(', ') || 'nothing'}`);
  }
  return { file: path.basename(file), rows: all.rows, seconds, genesKept, models };
}

/** Per row, whether the class is right, and the negative log-probability. */
function lossesOf(task, target, { x, y }, { weight, bias }) {
  const K = bias.length;
  const outputs = Float32Array.from({ length: x.rows * K }, (_, at) => {
    const [n, k] = [Math.floor(at / K), at % K];
    let f = bias[k];
    for (let c = 0; c < x.cols; c++) f += x.data[n * x.cols + c] * weight[c * K + k];
    return f;
  });
  const draws = { task, draws: 1, rows: x.rows, outputs: K, values: outputs, noiseVariance: 1 };
  const { hits, nll } = likelihoodOf(task).losses(draws, y, target);
  return { hits, nll };
}

function document() {
  const { commit, machine } = facts(project);
  const worst = Math.max(...agreement.map(({ error }) => error));
  const { sets, found, matter } = cover;
  const covered = sets.filter(({ covers }) => covers);
  const lone = covered.filter(({ twin }) => !twin);
  const paired = covered.filter(({ twin }) => twin);
  const share = (part, whole) => `${percent(part.length / whole.length)} of ${whole.length}`;
  return [
    '# The linear part', '',
    `Made by \`npm run bench:linear\` on ${new Date().toISOString().slice(0, 10)}, seed ${values.seed}, commit ${commit}; ${machine.cores} cores, ${machine.cpu}, ` +
      `${machine.gigabytes} GB; Node ${machine.node}; load of the machine at the end ${os.loadavg()[0].toFixed(1)}.`, '',
    ...readFileSync(path.join(project, 'bench/linear/notes.md'), 'utf8').trimEnd().split('\n'), '',
    '## Against all models', '',
    `PIPs of single effects against those of all 2^p linear models; the largest error is ${number(worst)} (target: at most .05).`, '',
    ...table(['target', 'rows', 'inputs', 'r of neighbours', 'matter', 'exact PIPs from .05 to .95', 'largest error'], agreement.map((each) => [
      each.classes ? 'two classes' : 'number', each.rows, each.inputs, each.correlation.toFixed(2), each.matter, each.between, each.error.toFixed(3)])),
    '## Credible sets', '',
    ...table(['60 tables with twins', 'figure', 'target'], [
      ['sets of 95 % with an input that matters', share(covered, sets), '≥ 93 %'],
      ['of these, where that input has no twin (correlation of .7 or more in the rows): sets of one input', share(lone.filter(({ size }) => size === 1), lone), '≥ 90 %'],
      ['where it has a twin: sets of one input', share(paired.filter(({ size }) => size === 1), paired), ''],
      ['where it has a twin: sets of two', share(paired.filter(({ size }) => size === 2), paired), ''],
      ['inputs that matter and are in a set', `${percent(found / matter)} of ${matter}`, ''],
    ]),
    '## Genes', '',
    'Five stratified folds. L1: logistic or multinomial with the penalty by five inner folds. Seconds of CPU for both linear models of a fold.', '',
    ...table(['table', 'model', 'accuracy', 'log-loss', 'seconds', 'genes'], genes.flatMap(({ file, models, seconds, genesKept }) =>
      Object.entries(models).map(([name, folds]) => {
        const join = (loss) => folds.flatMap((fold) => [...fold[loss]]);
        const [hits, nll] = [join('hits'), join('nll')];
        const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
        const error = Math.sqrt(mean(hits) * (1 - mean(hits)) / hits.length);
        return [file, name, `${mean(hits).toFixed(3)} ± ${error.toFixed(3)}`, mean(nll).toFixed(3), name === 'L1' ? '' : seconds.toFixed(1), name === 'L1' ? genesKept.toFixed(1) : ''];
      }))),
  ].join('\n').trimEnd() + '\n';
}
