/** The model card in Markdown. */
import { visible } from '../errors.js';
import { divisionLines } from '../text/division.js';
import { allMetrics } from '../likelihood/index.js';
import type { CardInput, Figure, ModelCard } from './card.js';
import { isAlike } from '../inference/inclusion/sets.js';
import { ensembleWords } from '../text/ensemble.js';
import { fitsText } from '../text/fits.js';
import { searchText } from '../text/search.js';
import { verdictText } from '../text/input-verdict.js';
import { skipWords } from '../text/skips.js';

const MODELS: [keyof NonNullable<ModelCard['metrics']>['models'], string][] = [
  ['baseline', 'no inputs'], ['linear', 'penalised linear model'], ['dense', 'dense network of the same shape'], ['full', 'whole posterior'], ['pruned', 'pruned'], ['tuned', 'pruned and fine-tuned'],
  ['background', 'pruned, with the dense background'],  ['exported', 'exported file'],
];
const MAX_LEVELS = 12;
const MAX_MEMBERS = 6;
const VERDICT_WORDS = 'The verdict is the most probable, by this average, of zero (the input does nothing), linear (it acts on the outputs directly) ' +
  'and nonlinear (it acts through hidden units).';

export function cardText(card: ModelCard): string {
  const { target, data, network, pruning, inputs, leftOut, training, versions, files, limits, bnnc } = card;
  const classes = target.classes ? `, classes ${target.classes.map(code).join(', ')}` : '';
  const total = inputs.length + leftOut.length;
  return [
    `# Model card: ${cell(target.name)}`,
    `Predicts ${(target.targets ?? [target.name]).map(code).join(', ')} (${target.task}${classes}) from ${inputs.length} of ${total} inputs. Written by bnnc ${bnnc}.`,
    '## Data', `${code(data.name)}, ${data.rows} rows, SHA-256 \`${data.sha256}\`.${divisionLines(data.division).map((line) => ` ${cell(line[0].toUpperCase() + line.slice(1))}.`).join('')}${weightsText(data.weights)}`,
    '## Inputs', inputs.length > 0 ? inputTable(inputs) : 'None: the model is a constant.',
    `PIP is the posterior inclusion probability in the pruned network. The average is over all ${
      training.search ? 'structures that were visited, the range over chains' : 'networks that training visited, the range over fits'}.` +
      (inputs.some(({ verdict }) => verdict) ? ` ${VERDICT_WORDS}` : ''),
    ...(leftOut.length > 0 ? [`Left out: ${leftOut.map(code).join(', ')}. This does not show that none of them matters.`] : []),
    ...(card.metrics ? ['## Figures', figureTable(card.metrics)] : []),
    '## Network', `Layers ${network.widths.join('-')}, activation ${network.activation}` +
      `${network.skips ? `; ${skipWords(network.skips)}` : ''}.${network.ensemble ? ` ${ensembleText(network.ensemble)}` : ''}`,
    table(['', 'before', 'after'], [
      ['parameters', `${network.before.parameters}`, `${network.size.parameters}`],
      ['non-zero', `${network.before.nonZero}`, `${network.size.nonZero}`],
      ['multiply-adds', `${network.before.multiplyAdds}`, `${network.size.multiplyAdds}`],
    ]),
    `Cut at a PIP of ${pruning.threshold} (${pruning.chosen === 'given' ? 'as given' : 'chosen on the validation rows'}, level ${pruning.level})` +
      `${network.fineTuned === undefined ? '' : `, fine-tuned in ${network.fineTuned} steps`}` +
      `${network.quantized === undefined ? '' : `, weights rounded by at most ${network.quantized} of their posterior standard deviations`}; temperature ${pruning.temperature}.`,
    ...(card.decisionThreshold === undefined ? [] : [
      `${code(target.classes![1])} is predicted where it is the likelier class. From a probability of ${card.decisionThreshold} on the ` +
        'balanced accuracy on the training rows is highest.',
    ]),
    '## Training',
    `Seed ${training.seed}, ${fitsText(training)}${training.search ? `, ${searchText(training.search)}` : ''}, gates ${training.gates}, spike ${training.spike}, engine ${training.engine}. ` +
      classWeightsText(training.classWeights) +
      `${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')}.`,
    '## Files', table(['file', 'bytes', 'gzipped'], files.map(({ file, bytes, gzip }) => [code(file), String(bytes), String(gzip)])),
    '## Limits', limits.map((limit) => `- ${cell(limit)}`).join('\n'),
  ].join('\n\n') + '\n';
}

function weightsText(weights: ModelCard['data']['weights']): string {
  if (!weights) return '';
  const scale = weights.scale === 'mean' ? '' : ', of which 1 is a row';
  return ` Rows count by their weight in ${code(weights.column)}${scale}, in learning and in all figures.`;
}

function classWeightsText(weights: ModelCard['training']['classWeights']): string {
  if (weights === undefined) return '';
  const each = weights === 'balanced' ? 'all classes counted alike'
    : `rows of ${Object.entries(weights).map(([name, weight]) => `${code(name)} counted ${weight}-fold`).join(', ')}`;
  return `In learning, though in no figure, ${each}. `;
}

function ensembleText(ensemble: NonNullable<ModelCard['network']['ensemble']>): string {
  const { structures, share, linear } = ensemble;
  const has = structures + (linear === undefined ? 0 : 1) === 1 ? 'has' : 'have';
  const own = linear === undefined || structures === 0 ? '' : `; the linear model has ${linear.toFixed(3)}`;
  return `It is ${ensembleWords(ensemble)}, which ${has} ${share.toFixed(3)} of the average over structures${own}.`;
}

function inputTable(inputs: readonly CardInput[]): string {
  const told = inputs.some(({ verdict }) => verdict);
  return table(['input', 'values', 'PIP', 'averaged', ...(told ? ['verdict'] : []), 'range', 'credible set'], inputs.map((input) => [
    code(input.name), valuesOf(input), ...(input.kept ? ['kept', ''] : [input.pip.toFixed(3), input.pipAveraged.toFixed(3)]),
    ...(told ? [verdictText({ ...input, pip: input.pipAveraged })] : []),
    `${input.pipMin.toFixed(3)} to ${input.pipMax.toFixed(3)}${input.unstable ? ': the fits disagree' : ''}`,
    input.sets.map(setCell).join('; '),
  ]));
}

function setCell({ inputs, purity }: CardInput['sets'][number]): string {
  const shown = inputs.slice(0, MAX_MEMBERS).map(({ name, probability }) => `${code(name)} (${probability.toFixed(2)})`);
  const rest = inputs.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? `, ... (${inputs.length})` : ''}${isAlike({ purity }) ? '' : ', which are not alike'}`;
}

function valuesOf({ range, form, days, levels, missing }: CardInput): string {
  // A number of which only the indicator of missing cells is left.
  if (!levels && !range && !days) return 'whether it is missing';
  const shown = levels?.slice(0, MAX_LEVELS).map(code).join(', ');
  const unit = form === 'percent' ? ' %' : '';
  const ends = days ?? range?.map((value) => `${short(value)}${unit}`);
  const all = levels ? `${shown}${levels.length > MAX_LEVELS ? `, ... (${levels.length})` : ''}` : ends!.join(' to ');
  return missing ? `${all}, or missing` : all;
}

function figureTable({ split, rows, models }: NonNullable<ModelCard['metrics']>): string {
  const present = MODELS.filter(([name]) => models[name] !== undefined);
  const metrics = allMetrics().filter((metric) => !metric.detail && present.some(([name]) => models[name]![metric.name]));
  return table([`${rows} ${split} rows`, ...metrics.map(({ short }) => short)], present.map(([name, title]) =>
    [title, ...metrics.map((metric) => figureText(models[name]![metric.name]))])) + '\n\nNLL is the negative log-likelihood per row. Brackets have 95 % intervals over rows.';
}

const figureText = (figure?: Figure): string => {
  if (!figure) return '';
  const { value, lower, upper } = figure;
  return lower === undefined ? short(value) : `${short(value)} [${short(lower)}, ${short(upper!)}]`;
};

const short = (value: number): string => String(Number(value.toPrecision(4)));

const table = (header: string[], rows: string[][]): string =>
  [header, header.map(() => '---'), ...rows].map((row) => `| ${row.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');

/** On one line, control characters as their codes: the card is read in terminals, too. */
const lineOf = (text: string): string => visible(text.replace(/[\r\n\t]+/g, ' '));

/** On one line, and nothing that Markdown would read: entities and mathematics are among it. */
const cell = (text: string): string => lineOf(text).replace(/([\\`*_<>[\]#|&~$])/g, '\\$1');

/** As code, with a fence longer than any in the text. */
function code(text: string): string {
  const line = lineOf(text);
  const fence = '`'.repeat(1 + Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length)));
  const pad = /^`|`$/.test(line) || line === '' ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}
