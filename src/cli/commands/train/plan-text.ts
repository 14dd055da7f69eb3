/** What `bnnc train --dry-run` tells. */

import type { PlannedTraining } from '../../../api/plan-training.js';
import { fitsText } from '../../../text/fits.js';
import { plural, textTable } from '../../table.js';

const trials = ({ temperatureFits }: PlannedTraining): string =>
  (temperatureFits > 0 ? `; first ${plural(temperatureFits, 'fit')} to choose the temperature` : '');

const searchWords = (steps: number | 'auto'): string =>
  `chains of ${steps === 'auto' ? 'up to 5,000' : steps.toLocaleString('en')} counted steps over structures, up to three times as many where they disagree`;

export function planText(plan: PlannedTraining): string {
  const { rows: { train, validation, test }, dropped } = plan;
  const outputs = `${plan.task} of ${plan.target}`;
  const left = dropped.map(({ name, reason }) => `${name} (${reason})`).join(', ');
  return textTable([
    ['data', `${plan.data}: ${train} training, ${validation} validation, ${test} test rows`],
    ['target', outputs],
    ['inputs', `${plan.inputs}, as ${plural(plan.columns, 'encoded column')}${left ? `; left out: ${left}` : ''}`],
    ['network', `${plan.widths.join('-')}, ${plural(plan.parameters, 'parameter')}`],
    ['training', `${plural(plan.epochs, 'epoch')} in batches of ${plan.batch}: ${plural(plan.steps, 'step')}`],
    ['fits', `${fitsText(plan, plan.reference)}${trials(plan)}`],
    ...(plan.searchSteps === 0 ? [] : [['search', searchWords(plan.searchSteps)]]),
  ]);
}
