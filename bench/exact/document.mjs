// The page of figures.
import { readFileSync } from 'node:fs';
import { table } from '../truth/format.mjs';
import { PARTICLES, RUNS } from './gold.mjs';
import { LONGER } from './levels.mjs';

const three = (value) => value.toFixed(3);
const signed = (value) => three(value).replace('-', '−');
const two = (value) => value.toFixed(2).replace('-', '−');
const mean = (list) => list.reduce((sum, each) => sum + each, 0) / list.length;
const sd = (list) => Math.sqrt(mean(list.map((each) => (each - mean(list)) ** 2)));
const errors = (record, of, against = 'gold') => record[of].map((pip, j) => Math.abs(pip - record[against][j]));
const all = (records, of, against) => records.flatMap((record) => errors(record, of, against));
const list = (values) => values.map(two).join(' ');

export function documentOf(records, { seed, steps }) {
  const [zero, one] = [0, 1].map((level) => records.filter((record) => record.level === level));
  const { commit, machine, date } = records.at(-1);
  return [
    '# Gold standards of the search', '',
    `Made by \`npm run bench:exact\` on ${date.slice(0, 10)}, seed ${seed}, ${steps === 'auto' ? 'as many steps a chain as `search.steps: auto` gives' : `${steps} steps a chain`}, commit ${commit}; ${machine.cores} cores, `
      + `${machine.cpu}, ${machine.gigabytes} GB; Node ${machine.node}.`, '',
    ...readFileSync(new URL('notes.md', import.meta.url), 'utf8').trimEnd().split('\n'), '',
    ...(zero.length > 0 ? levelZero(zero) : []), ...(one.length > 0 ? [...levelOne(one), ...evidence(one), ...noise(one)] : []),
    ...checks(records, zero, one),
  ].join('\n').trimEnd() + '\n';
}

function levelZero(records) {
  const [numbers, classes] = [false, true].map((kind) => records.filter(({ classes: own }) => own === kind));
  const row = (name, some, of, against = 'gold') => {
    const found = all(some, of, against);
    return [name, some.length, found.length, mean(found).toFixed(4), three(Math.max(...found))];
  };
  return [
    '## Level 0: all linear models', '',
    ...table(['difference of PIPs', 'tables', 'inputs', 'mean', 'largest'], [
      row('search − exact', records, 'pips'), row('search − exact, numbers', numbers, 'pips'), row('search − exact, classes', classes, 'pips'),
      row('search − own evidence', records, 'pips', 'laplace'), row('own evidence − exact, numbers', numbers, 'laplace'),
      row('own evidence − exact, classes', classes, 'laplace'),
    ]),
    ...table(['target', 'rows', 'inputs', 'matter', 'search − exact, largest', 'own evidence − exact, largest', 'noise of the exact'], records.map(
      (record) => [
        record.classes ? 'two classes' : 'number', record.rows, record.inputs, record.matter, three(Math.max(...errors(record, 'pips'))),
        three(Math.max(...errors(record, 'laplace'))), record.classes ? three(record.noise) : '0',
      ])),
  ];
}

function levelOne(records) {
  const row = (name, of) => {
    const found = all(records, of);
    const small = records.flatMap((record) => record.gold.flatMap((exact, j) => (exact < 0.2 ? record[of][j] - exact : [])));
    const large = found.filter((error) => error > 0.1).length;
    return [name, three(mean(found)), three(Math.max(...found)), large, signed(mean(small))];
  };
  const noisy = records.map(({ noise: own }) => own);
  const pairs = records.map(({ units, goldUnits }) => [1 - units[0], 1 - goldUnits[0]]);
  return [
    '## Level 1: all structures of small networks', '',
    `PIPs of ${all(records, 'pips').length} inputs of ${records.length} tables. Targets: a mean error of at most .05, a largest of at most .2.`, '',
    ...table(['PIPs of the search', 'mean error', 'largest', 'above .1', 'too high where the exact PIP is below .2, mean'], [
      row('as they are told', 'pips'), row('by evidence alone', 'byEvidence'), row('by visits alone', 'byVisits'),
      row(`with ${LONGER} times the steps`, 'longer'),
    ]),
    `The noise of the gold standard is ${three(mean(noisy))} on the average table and ${three(Math.max(...noisy))} on the worst. The probability `
      + `that there is a unit at all is ${three(mean(pairs.map(([own, gold]) => Math.abs(own - gold))))} off on the mean. Of `
      + `${records.reduce((sum, { close }) => sum + close, 0)} structures that had a close look, the sampler had missed a mode of `
      + `${records.reduce((sum, { missed }) => sum + missed, 0)}.`, '',
    ...table([
      'planted', 'target', 'rows', 'inputs', 'most units', 'exact PIPs', 'PIPs of the search', 'largest error', 'noise', 'exact P(unit)',
      'P(unit)',
    ], records.map((record, at) => [
      record.words, record.classes ? 'classes' : 'number', record.rows, record.inputs, record.mostUnits, list(record.gold),
      list(record.pips), three(Math.max(...errors(record, 'pips'))), three(record.noise), two(pairs[at][1]), two(pairs[at][0]),
    ])),
  ];
}

function evidence(records) {
  const found = records.flatMap((record) => record.evidence);
  const groups = [0, 1, 2, 3].map((units) => found.filter((each) => each.units === units));
  const rows = groups.filter(({ length }) => length > 0).map((some) => {
    const own = some.map(({ error }) => error);
    const heavy = some.filter(({ weight }) => weight >= 0.01).map(({ error }) => error);
    return [
      some[0].units, own.length, two(mean(own)), two(sd(own)), two(Math.min(...own)), two(Math.max(...own)), heavy.length,
      heavy.length > 0 ? two(mean(heavy)) : '–', heavy.length > 0 ? two(sd(heavy)) : '–',
    ];
  });
  return [
    '### The chain\'s evidence', '',
    'Log evidence by Laplace, as the chain has it, less that by the sampler, in nats: of each structure that had a close look, at the scales '
      + 'where the chain finds it most probable. Those "of weight" have a posterior probability of at least .01.', '',
    ...table(['units', 'structures', 'mean', 'sd', 'least', 'largest', 'of weight', 'their mean', 'their sd'], rows),
  ];
}

function noise(records) {
  const count = records.reduce((sum, { inputs }) => sum + inputs, 0);
  const prior = records.reduce((sum, { inputs }) => sum + inputs / (inputs + 1), 0) / count;
  const pips = records.flatMap(({ permuted }) => permuted.pips);
  const nothing = records.filter(({ words }) => words === 'nothing');
  return [
    '### Noise', '',
    `The same tables with their targets in another order: the mean PIP of the search is ${three(mean(pips))} (prior ${three(prior)}), the largest `
      + `${three(Math.max(...pips))}, ${pips.filter((pip) => pip >= 0.5).length} of ${pips.length} reach .5. The probability of a unit is `
      + `${three(mean(records.map(({ permuted: { units } }) => 1 - units[0])))} on the mean.`,
    ...(nothing.length > 0 ? [
      `On the ${nothing.length} tables above with nothing planted the mean PIP is ${three(mean(nothing.flatMap(({ gold }) => gold)))} by the gold `
        + `standard and ${three(mean(nothing.flatMap(({ pips: own }) => own)))} by the search.`,
    ] : []), '',
  ];
}

function checks(records, zero, one) {
  const against = zero.flatMap(({ checks: own }) => own ?? []);
  const sums = records.find((record) => record.sums)?.sums ?? [];
  const more = one.flatMap(({ more: own }) => own ?? []);
  const rows = [];
  if (against.length > 0) {
    rows.push(['log evidence of linear models of numbers less the exact one, nats', against.length, two(mean(against)), two(sd(against))]);
  }
  for (const { units, sum } of sums) rows.push([`sum of Z over all 64 targets of six rows, ${units} units (exact: 1)`, 1, three(sum), '']);
  if (more.length > 0) {
    rows.push(['log evidence with four times the particles less that of the table, likeliest structure with units', more.length, two(mean(more)), two(sd(more))]);
  }
  return [
    '## The gold standard itself', '',
    `Sequential Monte Carlo, ${RUNS} runs of ${PARTICLES} particles.`, '', ...table(['check', 'cases', 'mean', 'sd'], rows),
  ];
}
