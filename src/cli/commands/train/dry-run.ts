/** What `bnnc train --dry-run` tells. */

import type { Resolved } from '../../../config/resolve.js';
import { fitsAskedFor } from '../../../work/learn.js';
import type { Prepared } from '../../../work/prepare.js';
import { TEMPERATURE_FITS } from '../../../work/temperature.js';
import { fitNames, isReference } from '../../../train/fits.js';
import { plural, textTable } from '../../table.js';

export interface PlannedTraining {
  data: string;
  target: string;
  task: string;
  rows: { train: number; validation: number; test: number };
  inputs: number;
  columns: number;
  dropped: { name: string; reason: string }[];
  /** Widths from the encoded columns to the outputs. */
  widths: number[];
  /** Weights and biases. */
  parameters: number;
  batch: number;
  epochs: number;
  /** Of one fit. */
  steps: number;
  restarts: number;
  reference: boolean;
  /** Fits before these, which choose the temperature. */
  temperatureFits: number;
}

export function plannedTraining({ config, dataName }: Resolved, prepared: Prepared): PlannedTraining {
  const { encoder, sets, shape: { widths }, plan } = prepared;
  const rows = (name: 'train' | 'validation' | 'test'): number => sets[name]?.x.rows ?? 0;
  const fits = fitNames(fitsAskedFor(config));
  const restarts = fits.filter((fit) => !isReference(fit)).length;
  return {
    data: dataName,
    target: encoder.target.name,
    task: encoder.target.task,
    rows: { train: rows('train'), validation: rows('validation'), test: rows('test') },
    inputs: encoder.features.length,
    columns: widths[0],
    dropped: encoder.dropped,
    widths,
    parameters: widths.slice(1).reduce((sum, width, l) => sum + (widths[l] + 1) * width, 0),
    batch: plan.batch,
    epochs: plan.epochs,
    steps: plan.steps,
    restarts,
    reference: fits.length > restarts,
    temperatureFits: config.train.temperature === 'auto' ? TEMPERATURE_FITS : 0,
  };
}

const trials = ({ temperatureFits }: PlannedTraining): string =>
  (temperatureFits > 0 ? `; before them ${plural(temperatureFits, 'fit')} to choose the temperature` : '');

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
    ['fits', `${plural(plan.restarts, 'restart')}${plan.reference ? ' and the dense reference' : ''}${trials(plan)}`],
  ]);
}
