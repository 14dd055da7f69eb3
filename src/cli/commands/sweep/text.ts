/** What `bnnc sweep` shows a person. */

import type { Standing, SweepDocument } from '../../../api/sweep.js';
import { wrapped } from '../../../text/sets.js';
import { plural, shortNumber, textTable } from '../../table.js';

/** So many settings are listed. */
const MOST = 15;
const WIDTH = 80;
const WORDS = { full: 'full posterior', pruned: 'pruned network', tuned: 'fine-tuned network' };

export function sweepText(document: SweepDocument): string {
  const { data, target, measure, rungs, standing, best, simplest, path, folds, repeats } = document;
  const listed = standing.slice(0, MOST);
  const left = standing.length - listed.length;
  const paragraphs = [
    `${data.name}: ${plural(data.rows, 'row')}, ${target}; ${plural(standing.length, 'setting')}, ${plural(folds, 'fold')}`
    + `${repeats > 1 ? `, ${plural(repeats, 'repeat')}` : ''}`,
    ...(rungs.length > 1 ? [`Folds of each round: ${rungs.map((rung) => `${plural(rung.trials, 'setting')} on ${rung.folds}`).join(', ')}.`] : []),
  ];
  const choice = best === simplest
    ? [`Setting ${best} is the best, and none within a standard error of it is smaller.`]
    : [`Setting ${best} is the best; ${simplest} has the smallest pruned model within a standard error of it.`];
  const warning = 'The loss of the best of many is too good to be true: measure the chosen setting on rows that had no part in this.';
  return [
    paragraphs.map((text) => `${wrapped(text, WIDTH).join('\n')}\n`).join(''),
    textTable([
      ['setting', 'folds', 'NLL', 'behind', 'pruned', 'non-zero', 'inputs'],
      ...listed.map((each, at) => rowOf(each, at === 0)),
    ]) + (left > 0 ? `${plural(left, 'more setting')} in ${path}/trials.csv\n` : '')
    + `${wrapped(`NLL: of the ${WORDS[measure]}, nats a row; pruned: NLL of the pruned network; *: none beats it in both this and size.`, WIDTH).join('\n')}\n`,
    listed.map(({ trial, setting }) => `${wrapped(`${trial}: ${settingText(setting)}`, WIDTH).join('\n')}\n`).join(''),
    [...choice, warning].map((text) => `${wrapped(text, WIDTH).join('\n')}\n`).join(''),
    `${path}\n`,
  ].join('\n');
}

const rowOf = ({ trial, folds, loss, behind, prunedLoss, nonZero, inputs, efficient }: Standing, isBest: boolean): string[] => [
  String(trial), String(folds), shown(loss, folds), isBest ? '' : shown(behind, folds),
  `${shortNumber(prunedLoss.mean)}${efficient ? ' *' : '  '}`, nonZero.toFixed(1), inputs.toFixed(1),
];

/** One fold tells nothing of an error. */
const shown = ({ mean, se }: Standing['loss'], folds: number): string =>
  shortNumber(mean) + (folds > 1 ? ` ± ${shortNumber(se)}` : '');

const settingText = (setting: Standing['setting']): string =>
  Object.entries(setting).map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join(' ');
