// All tables from the records of a study, as Markdown; figures.mjs divides them between docs/benchmarks/truth.md and truth.csv.
import { Study } from './groups.mjs';
import { bounds } from './tables/bounds.mjs';
import { commits } from './tables/commits.mjs';
import { curves } from './tables/curves.mjs';
import { knockoffs } from './tables/knockoffs.mjs';
import { likelihoods } from './tables/likelihoods.mjs';
import { predictions } from './tables/predictions.mjs';
import { recoveries } from './tables/recoveries.mjs';
import { reliabilities } from './tables/reliabilities.mjs';
import { seeds } from './tables/seeds.mjs';
import { standardSplits } from './tables/splits.mjs';
import { targets } from './tables/targets.mjs';

const rowsExcept = (study, ...groups) => study.rows.filter(({ group }) => !groups.includes(group));
const command = (rows) => `Run by \`npm run bench:truth -- --rows ${rows}\`; a row alone by its name.`;

export function document(records, tag) {
  const study = new Study(records);
  if (study.done.length === 0) return `# Truth\n\nNothing was measured yet${tag === 'study' ? '' : ` under the tag ${tag}`}.\n`;
  const compared = rowsExcept(study, 'RELIABILITY', 'KNOCKOFFS', 'SEEDS');
  const parts = [
    head(study, tag),
    ['## Targets', '', 'Each is judged for each variant; the median probability model, threshold 0.5, unless said otherwise.', '', ...targets(study)],
    section('Which inputs are found', 'E1,E2,E4a,E4b,E8', 'The interval is Wilson\'s, 95 %.', recoveries(study)),
    section('Dense, whole, pruned and fine-tuned on test rows', 'E1,E2,E4a,E4b,E8,E5,E6,E7,E9,CLASS', 'Mean ± standard error over cells; the '
      + 'differences are paired, in the metric\'s units, and called better or worse when they exceed one standard error; of a single cell, '
      + 'that over its test rows. Folds share training rows, so that their standard errors are approximate. [V]: published, read from the source\'s committed results; own: scikit-learn on the same files and as many folds.', predictions(study, compared)),
    section('Likelihood and size', 'E1,E2,E4a,E4b,E8,E5,E6,E7,E9,CLASS', 'Mean negative log-likelihood on test rows in nats, in the target\'s units. '
      + 'Weights, nodes and inputs are those of the pruned network; density is its numbers that are not zero, biases included, over those of the whole.',
    likelihoods(study, compared)),
    section('Which gates the ELBO prefers', 'E1,E2,E4a,E4b,E8,E5,E6,E7,E9,CLASS', 'The highest hard-gate ELBO of the restarts, in nats, mean over the '
      + 'cells that both variants have.', bounds(study), study.pairs(study.rows).filter(({ variant }) => variant === 'weight')),
    section('UCI sets with their 20 given splits', 'E6', 'Published figures as their tables print them; what stands after ± is a standard error for PBP and '
      + 'the 2018 column, a standard deviation else.', standardSplits(study), study.rowsOf('E6')),
    section('Accuracy and sparsity', 'E7', 'Each threshold is pruned and fine-tuned anew.', curves(study), study.rowsOf('E7')),
    section('Do the probabilities mean what they say?', 'RELIABILITY', 'All inputs of simulated sets of mixed n, p, signal and correlation together.',
      reliabilities(study), study.rowsOf('RELIABILITY')),
    section('Do knockoffs keep the rate?', 'KNOCKOFFS', '15 of 50 inputs are true; 500 or 1,000 rows; inputs correlate by 0, 0.3 or 0.6, 60 to 95 % '
      + 'of the variance are explained. Knockoffs are made and filtered as by `bnnc select-features --knockoffs`; beside them what is selected without.',
    knockoffs(study), study.rowsOf('KNOCKOFFS')),
    section('Do seeds agree?', 'SEEDS', 'The same training rows, five seeds of training. The spread says so when for every input on which they differ pip_min < 0.5 ≤ '
      + 'pip_max in at least half of the runs.', seeds(study), study.rowsOf('SEEDS')),
    unfinished(study),
    ['## Commits', '', 'Which cells each commit of the program made; CHANGELOG.md and docs/decisions tell what has changed in between.', '', ...commits(study)],
  ];
  return `${parts.filter((lines) => lines.length > 0).map((lines) => lines.join('\n').trimEnd()).join('\n\n')}\n`;
}

/** A section, unless `present`, the rows that it is about, is empty or its table has no line. @param {unknown[]} present */
function section(title, rows, text, lines, present = [1]) {
  return present.length > 0 && lines.length > 2 ? [`## ${title}`, '', text, command(rows), '', ...lines] : [];
}

function head({ done, variants }, tag) {
  const distinct = (of) => [...new Set(done.map(of))].sort();
  const last = done.reduce((a, b) => (a.date > b.date ? a : b));
  const { cpu, cores, gigabytes, node } = last.machine;
  const days = [...new Set(done.map(({ date }) => date.slice(0, 10)))].sort();
  const own = distinct(({ sets }) => sets.join(' ')).filter((text) => text !== '');
  return ['# Truth', '',
    `Made by \`npm run bench:truth${tag === 'study' ? '' : ` -- --tag ${tag}`}\` on ${[...new Set([days[0], days.at(-1)])].join(' to ')}; ${cpu}, ${cores} cores, `
      + `${gigabytes} GB; Node ${node}, TensorFlow ${last.engine.tensorflow ?? last.engine.name}, one thread a cell; commits ${distinct(({ commit }) => commit).join(', ')}.`
      + ` ${done.length} cells of the variants ${variants.join(', ')}: a cell is one row, one variant and one seed (a drawn data set, a given split or a`
      + ' fold, which also seeds the training), with a dense mean-field network of the same shape beside it. Seeds count from 1.'
      + ' All rows that are not test rows are trained on.',
    ...(own.length > 0 ? ['', `Settings besides the protocols': ${own.map((text) => `\`${text}\``).join('; ')}.`] : [])];
}

/** Cells without figures, by what they say. */
function unfinished({ records }) {
  const counts = new Map();
  for (const { status, row, variant, message } of records.filter((record) => record.status !== 'done')) {
    const line = `${variant}, ${status}: ${message.split('\n')[0]}`;
    counts.set(line, [...(counts.get(line) ?? []), row]);
  }
  if (counts.size === 0) return [];
  const lines = [...counts].map(([line, rows]) => `- ${line} (${rows.length} cells of ${[...new Set(rows)].join(', ')})`);
  return ['## Cells without figures', '', ...lines];
}
