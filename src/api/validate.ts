/** Check of a config and its data, without training. */

import { isRole, type Division } from '../data/index.js';
import type { Finding } from '../diagnose/finding.js';
import { leakageFindings } from '../work/leakage/findings.js';
import { codedClasses } from '../work/coded-classes.js';
import { prepare } from '../work/prepare.js';
import type { Target } from '../types.js';
import { telling } from '../voice.js';
import { folderOf, heed } from './environment.js';
import { checked } from './options/check.js';
import { VALIDATE, type ValidateOptions } from './options/prepare.js';
import { learningData } from './learning-data.js';

/** What was found. */
export interface Validation {
  data: string;
  rows: number;
  splits: { train: number; validation: number; test: number };
  /** How rows that are not independent were divided; absent where they were dealt one by one. */
  division?: Division;
  /** What makes held-out rows easier to predict than new ones; empty where nothing was found. */
  findings: Finding[];
  inputs: number;
  /** Columns that the inputs are encoded as. */
  columns: number;
  target: Target;
}

/**
 * Checks the config, then reads, splits and encodes every file as training would.
 * @throws {BnncError} `usage.option`; `config.*`, all faults at once; `data.*`; `interrupted.stopped`
 */
export async function validate(options: ValidateOptions): Promise<Validation> {
  checked('validate', options, VALIDATE);
  heed(options);
  const { resolved, given } = await learningData(options, folderOf(options));
  const { config, dataName } = resolved;
  const { table, splits, division, leakage, encoder, sets, remarks = [] } = await prepare(resolved, given);
  const note = telling(options.onNote);
  const left = encoder.dropped.filter(({ reason }) => !isRole(reason));
  for (const { name, reason } of left) note(`${dataName}: column '${name}' is left out: ${reason}`);
  for (const remark of remarks) note(remark);
  const classes = codedClasses(encoder, config.data);
  if (classes !== undefined) note(classes);
  return {
    data: dataName, rows: table.rows, target: encoder.target, inputs: encoder.features.length,
    splits: { train: splits.train.length, validation: splits.validation.length, test: sets.test?.x.rows ?? 0 },
    ...(division && { division }), findings: leakageFindings(leakage),
    columns: encoder.features.reduce((sum, { columns }) => sum + columns.length, 0),
  };
}
