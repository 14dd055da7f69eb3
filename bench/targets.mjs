// npm run bench:targets: counts and times beside what other tools reach on the same rows, in five random divisions of each table.
// Writes docs/benchmarks/targets.md unless told otherwise. Runs that the work folder has already are not made again.
//
//   python bench/targets.py tables TABLES
//   node bench/targets.mjs --tables TABLES [--python PYTHON] [--seeds 1,2,3,4,5] [--only rossi] [--work FOLDER] [--out FILE]
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { number, spread, table } from './truth/format.mjs';
import { facts } from './truth/machine.mjs';

const project = fileURLToPath(new URL('..', import.meta.url));
const bin = path.join(project, 'bin/bnnc.js');
/** @returns {{ type: 'string', default: string }} */
const text = (value) => ({ type: 'string', default: value });
const { values: asked } = parseArgs({
  options: {
    tables: text('tables'), python: text('python3'), seeds: text('1,2,3,4,5'), only: text(''), work: text('work'),
    out: text(path.join(project, 'docs/benchmarks/targets.md')),
  },
});
const shipped = (name) => ['-c', path.join(project, 'configs', `${name}.yaml`)];
const made = (name, target, ...rest) => ['--data', path.resolve(asked.tables, `${name}.csv`), '--target', target, ...rest];
const timed = (name) => made(name, 'time', '--set', 'data.event=event', '--set', 'data.task=weibull');
/** Two tables were looked at while the tool was made; the others were not. */
const TABLES = [
  {
    name: 'absences', kind: 'counts', looked: true, data: path.join(project, 'datasets/absences.csv'), columns: ['absences'],
    args: shipped('absences'),
  },
  { name: 'randhie', kind: 'counts', columns: ['y'], args: made('randhie', 'y', '--set', 'data.task=counts') },
  { name: 'affairs', kind: 'counts', columns: ['y'], args: made('affairs', 'y', '--set', 'data.task=counts') },
  {
    name: 'heart_failure', kind: 'survival', looked: true, data: path.join(project, 'datasets/heart_failure.csv'),
    columns: ['time', 'death_event'], args: shipped('heart_failure'),
  },
  ...['rossi', 'lung', 'gbsg2', 'whas500', 'veterans', 'metastasis'].map((name) =>
    ({ name, kind: 'survival', columns: ['time', 'event'], args: timed(name) })),
];
/** Figures of each kind: their names in the files of a run, whether more is better, and the tools beside it, the linear first. */
const KINDS = {
  counts: {
    title: 'Counts: mean Poisson deviance of test rows (less is better)', metric: 'deviance', sign: -1,
    linear: ['PoissonRegressor', 'statsmodels'], others: ['forest', 'boosting', 'no inputs'],
  },
  survival: {
    title: 'Times: Harrell\'s concordance of test rows (more is better)', metric: 'concordance', sign: 1,
    linear: ['Cox', 'Weibull'], others: ['forest', 'no inputs'],
  },
};
const OWN = ['full', 'median', 'linear'];
const only = asked.only ? asked.only.split(',') : TABLES.map(({ name }) => name);
const seeds = asked.seeds.split(',').map(Number);

const results = TABLES.filter(({ name }) => only.includes(name)).map((each) => {
  const figures = seeds.map((seed) => figuresOf(each, seed));
  return { ...each, figures };
});
writeFileSync(asked.out, document());

/**
 * Of one division: by model.
 * @param {{ name: string, kind: string, args: string[], data?: string, columns: string[] }} table
 * @param {number} seed
 */
function figuresOf({ name, kind, args, data, columns }, seed) {
  const run = path.resolve(asked.work, `${name}-${seed}`);
  const { metric } = KINDS[kind];
  if (!existsSync(path.join(run, 'metrics.json'))) {
    const split = ['--set', 'data.split.test=0.25', '--set', 'data.split.validation=0'];
    execFileSync(process.execPath, [bin, 'train', ...args, '--seed', String(seed), ...split, '-o', run, '-q', '--force'],
      { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const kept = `${run}.json`;
  if (!existsSync(kept)) {
    const csv = data ?? path.resolve(asked.tables, `${name}.csv`);
    const script = [path.join(project, 'bench/targets.py'), 'others', csv, run, ...columns];
    writeFileSync(kept, execFileSync(asked.python, script, { stdio: ['ignore', 'pipe', 'inherit'] }));
  }
  const metrics = JSON.parse(readFileSync(path.join(run, 'metrics.json'), 'utf8'));
  const own = Object.fromEntries(OWN.map((model) => [model, metrics[model]?.splits?.test?.[metric]]));
  const others = JSON.parse(readFileSync(kept, 'utf8'));
  process.stderr.write(`${name} ${seed}: ${[...Object.entries(own), ...Object.entries(others).slice(1)]
    .map(([model, value]) => `${model} ${number(value)}`).join(', ')}\n`);
  return { ...own, ...others };
}

function document() {
  const parts = Object.entries(KINDS).flatMap(([kind, { title, sign, linear, others }]) => {
    const rows = results.filter((each) => each.kind === kind);
    if (rows.length === 0) return [];
    const models = [...OWN, ...linear, ...others];
    return [
      `## ${title}`, '',
      ...table(['table', ...models], rows.map(({ name, looked, figures }) =>
        [`${name}${looked ? '' : ' *'}`, ...models.map((model) => spread(figures.map((each) => each[model])))])),
      'The full model less the best linear one of other tools (by its mean), and `bnnc`\'s own linear model less the same, each with '
      + 'the standard error of the differences:', '',
      ...table(['table', 'best linear', 'full less it', 'own linear less it', 'full within one standard error, or better'],
        rows.map((each) => against(each, { linear, sign }))),
    ];
  });
  const { commit, machine } = facts(project);
  return [
    '# Counts and times beside other tools', '',
    `\`npm run bench:targets\`, ${new Date().toISOString().slice(0, 10)}, commit ${commit}, ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}. `
    + `Seeds ${seeds.join(', ')}: each divides a table anew, a quarter of its rows are test rows, the same for all models; `
    + 'figures are means and standard errors over the divisions. Tables with * were not looked at while the tool was made. '
    + 'Times are of the task `weibull`, counts of `counts`.', '',
    ...parts, ...notes(),
  ].join('\n');
}

/** What a person wrote about the figures. */
function notes() {
  return [readFileSync(path.join(project, 'bench/targets/notes.md'), 'utf8').trimEnd(), ''];
}

function against({ name, figures }, { linear, sign }) {
  const meanOf = (model) => figures.reduce((sum, each) => sum + (each[model] ?? NaN), 0) / figures.length;
  const known = linear.filter((model) => !Number.isNaN(meanOf(model)));
  const best = known.reduce((a, b) => (sign * meanOf(b) > sign * meanOf(a) ? b : a));
  const less = (model) => figures.map((each) => each[model] - each[best]);
  const within = (differences) => {
    const mean = differences.reduce((sum, each) => sum + each, 0) / differences.length;
    const variance = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (differences.length - 1);
    return sign * mean >= -Math.sqrt(variance / differences.length);
  };
  return [name, best, spread(less('full')), spread(less('linear')), within(less('full')) ? 'yes' : 'no'];
}
