/** What `bnnc train --dry-run` tells. */

import { findingLine } from '../../../api/inspect.js';
import type { PlannedTraining } from '../../../api/plan-training.js';
import { divisionLines } from '../../../text/division.js';
import { fitsText } from '../../../text/fits.js';
import { wrapped } from '../../../text/sets.js';
import { plural, textTable } from '../../table.js';

/** Beside the names. */
const WIDTH = 69;

const trials = ({ temperatureFits }: PlannedTraining): string =>
  (temperatureFits > 0 ? `; first ${plural(temperatureFits, 'fit')} to choose the temperature` : '');

/** Steps are counted ones; where chains disagree, they go on. */
const searchWords = ({ searchSteps, searchBeyondReach }: PlannedTraining): string =>
  (searchBeyondReach ? 'none: it would take too long with so many rows and columns'
    : `up to ${searchSteps.toLocaleString('en')} steps a chain, three times as many where chains disagree`);

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

const memoryWords = ({ memory: { needed, jobs, limit } }: PlannedTraining): string => {
  const there = limit === undefined ? '' : limit < needed ? `; too much, for there are ${gigabytes(limit)}` : ` of ${gigabytes(limit)}`;
  return `some ${gigabytes(needed)} with ${plural(jobs, 'job')}${there}`;
};

/** Texts under one name, each on as many lines as it takes. */
const lines = (name: string, texts: readonly string[]): string[][] =>
  texts.flatMap((text) => wrapped(text, WIDTH)).map((line, at) => [at === 0 ? name : '', line]);

export function planText(plan: PlannedTraining): string {
  const { rows: { train, validation, test }, dropped } = plan;
  const outputs = `${plan.task} of ${plan.target}`;
  const left = dropped.map(({ name, reason }) => `${name} (${reason})`).join(', ');
  return textTable([
    ['data', `${plan.data}: ${train} training, ${validation} validation, ${test} test rows`],
    ...lines('division', divisionLines(plan.division)),
    ...plan.findings.flatMap((finding) => lines(finding.severity, [findingLine(finding)])),
    ['target', outputs],
    ...lines('inputs', [`${plan.inputs}, as ${plural(plan.columns, 'encoded column')}${left ? `; left out: ${left}` : ''}`]),
    ['network', `${plan.widths.join('-')}, ${plural(plan.parameters, 'parameter')}`],
    ['training', `${plural(plan.epochs, 'epoch')} in batches of ${plan.batch}: ${plural(plan.steps, 'step')}`],
    ['fits', `${fitsText(plan, plan.reference)}${trials(plan)}`],
    ['memory', memoryWords(plan)],
    ...(plan.searchSteps > 0 || plan.searchBeyondReach ? [['search', searchWords(plan)]] : []),
  ]);
}
