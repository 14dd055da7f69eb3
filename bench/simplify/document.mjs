// The page of the study: what every way to train gives, beside the whole of it.
import { number, signed, table } from '../truth/format.mjs';
import { mean } from '../truth/statistics.mjs';
import { protocolOf } from '../truth/protocols.mjs';
import { VARIANTS } from './variants.mjs';

const FAR = 0.3;

export function documentOf(records) {
  const [{ machine }] = records;
  const all = namesOf(records);
  const bases = [...new Set(records.map(({ results }) => Object.keys(results)[0]))];
  return [
    '# What the search needs of variational inference', '',
    `Made by \`npm run bench:simplify\` on ${distinct(records, ({ date }) => date.slice(0, 10))}; ${machine.cores} cores, ${machine.cpu}, `
      + `${machine.gigabytes} GB; Node ${machine.node}.`,
    'Seed 1, `search.steps=auto`, without the dense reference; rows as in [truth.md](truth.md). One thing is left out, or added, at a time.',
    'The machine was busy: seconds of processor time are about a third above those of a quiet one.', '',
    ...all.map((name) => `- **${name}**: ${VARIANTS[name].text}.`), '',
    'Chains that begin from the same structure have the same random draws in all variants, so that what a variant does not touch does',
    'not differ. *seed* shows how far chance goes. Negative log-likelihoods (NLL) are means over the test rows, in nats. A difference counts as',
    `worse (better) where it is beyond one standard error over the test rows. Moved: inputs whose PIP differs by more than ${FAR}. Seconds:`,
    'processor time of all tasks, the mean over tables.', '',
    ...bases.flatMap((base) => sectionOf(base, records.filter(({ results }) => Object.keys(results)[0] === base))),
  ].join('\n');
}

const distinct = (records, of) => [...new Set(records.map(of))].join(', ');
const namesOf = (records) => Object.keys(VARIANTS).filter((name) => records.some(({ results }) => results[name]));

/** All that was measured against one variant. */
function sectionOf(base, records) {
  const names = namesOf(records);
  const cells = [...records].sort((a, b) => (a.row + a.seed < b.row + b.seed ? -1 : 1));
  return [
    `## Against *${base}*`, '', `Commit ${distinct(records, ({ commit }) => commit)}.`, '',
    ...table(HEAD, names.map((name) => summaryOf(name, cells))),
    'NLL of the average:', '', ...perTable(names, cells, ({ average }) => average.nll),
    'NLL of the exported structure:', '', ...perTable(names, cells, ({ structure }) => structure.nll),
    'RMSE, or accuracy, of the average:', '', ...perTable(names, cells, ({ average }) => average.rmse ?? average.accuracy),
    'Inputs whose PIP moves:', '', ...perTable(names, cells, (each, full) => moved(each, full), (count) => `${count}`),
    'Seconds:', '', ...perTable(names, cells, ({ seconds }) => total(seconds), (value) => value.toFixed(0)),
  ];
}

const HEAD = ['variant', 'tables', 'NLL of the average: mean difference', 'worse, better', 'NLL of the structure: mean difference', 'moved',
  'unstable inputs', 'seconds: fits', 'chains, average', 'all'];

function summaryOf(name, cells) {
  const both = cells.filter(({ results }) => results[name]).map(({ results }) => ({ own: results[name], full: baseOf(results) }));
  const sure = both.map(({ own: { difference: { rows, sum, squares } } }) => {
    const d = sum / rows;
    const se = Math.sqrt(Math.max(0, squares / rows - d ** 2) / (rows - 1));
    return { d, worse: d > se && d > 1e-9, better: -d > se && -d > 1e-9 };
  });
  const count = (holds) => sure.filter(holds).length;
  const sum = (of) => both.reduce((all, each) => all + of(each), 0);
  const seconds = (kinds) => mean(both.map(({ own }) => total(own.seconds, kinds))).toFixed(1);
  return [
    name, both.length, signed(mean(sure.map(({ d }) => d))), `${count(({ worse }) => worse)}, ${count(({ better }) => better)}`,
    signed(mean(both.map(({ own, full }) => own.structure.nll - full.structure.nll))), `${sum(({ own, full }) => moved(own, full))} of ${sum(({ own }) => own.pips.length)}`,
    sum(({ own }) => own.unstable), seconds(['fit', 'assess', 'heldOut']), seconds(['chain', 'average']), seconds(),
  ];
}

/** What is measured against: the first variant of a record. */
const baseOf = (results) => Object.values(results)[0];
const total = (seconds, kinds = Object.keys(seconds)) => kinds.reduce((sum, kind) => sum + (seconds[kind] ?? 0), 0);
const moved = ({ pips }, full) => pips.filter((pip, at) => Math.abs(pip - full.pips[at]) > FAR).length;

function perTable(names, cells, of, shown = number) {
  const named = ({ row, seed }) => `${protocolOf(row).title}, ${protocolOf(row).unit} ${seed}`;
  return table(['table', ...names], cells.map((cell) => [named(cell), ...names.map((name) => {
    const own = cell.results[name];
    return own ? shown(of(own, baseOf(cell.results))) : '–';
  })]));
}
