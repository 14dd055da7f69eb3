/** What `bnnc train --dry-run` tells. */

import type { PlannedTraining } from '../../../api/plan-training.js';
import { divisionLines } from '../../../text/division.js';
import { fitsText } from '../../../text/fits.js';
import { plural, textTable } from '../../table.js';

const trials = ({ temperatureFits }: PlannedTraining): string =>
  (temperatureFits > 0 ? `; first ${plural(temperatureFits, 'fit')} to choose the temperature` : '');

/** Steps are counted ones; where chains disagree, they go on. */
const searchWords = ({ searchSteps, searchBeyondReach }: PlannedTraining): string =>
  (searchBeyondReach ? 'none: it would take too long with so many rows and columns'
    : `up to ${searchSteps.toLocaleString('en')} steps a chain, three times as many where chains disagree`);

export function planText(plan: PlannedTraining): string {
  const { rows: { train, validation, test }, dropped } = plan;
  const outputs = `${plan.task} of ${plan.target}`;
  const left = dropped.map(({ name, reason }) => `${name} (${reason})`).join(', ');
  return textTable([
    ['data', `${plan.data}: ${train} training, ${validation} validation, ${test} test rows`],
    ...divisionLines(plan.division).map((line, at) => [at === 0 ? 'division' : '', line]),
    ['target', outputs],
    ['inputs', `${plan.inputs}, as ${plural(plan.columns, 'encoded column')}${left ? `; left out: ${left}` : ''}`],
    ['network', `${plan.widths.join('-')}, ${plural(plan.parameters, 'parameter')}`],
    ['training', `${plural(plan.epochs, 'epoch')} in batches of ${plan.batch}: ${plural(plan.steps, 'step')}`],
    ['fits', `${fitsText(plan, plan.reference)}${trials(plan)}`],
    ...(plan.searchSteps > 0 || plan.searchBeyondReach ? [['search', searchWords(plan)]] : []),
  ]);
}
