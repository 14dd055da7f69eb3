/** What a cut needs of a run beside its posterior: credible sets, the linear model, and the training rows. */
import { join } from 'node:path';
import { encode } from '../data/index.js';
import type { CutFacts } from '../inference/prune/cut.js';
import { weighed } from '../linear/index.js';
import { fitDataOf } from '../work/weights.js';
import { likelihoodOf } from '../likelihood/index.js';
import type { Encoder } from '../types.js';
import { RUN_FILES } from './layout.js';
import { ridgeOf } from './linear.js';
import type { RunFolder } from './open.js';
import { readConfig, readInputPips, readLinear, readSets } from './parts.js';
import { RunRows } from './run-rows.js';

/**
 * The facts, or why they cannot be had: of a run of an earlier version, or without its rows.
 * @throws run.damaged and the errors of the data stage
 */
export async function readCutFacts(
  run: RunFolder, encoder: Encoder, source = new RunRows(run),
): Promise<CutFacts | { reason: string }> {
  const [sets, document] = [await readSets(run), await readLinear(run)];
  if (sets === undefined || document === undefined) return { reason: 'an earlier version of bnnc made the run' };
  const rows = await source.find('train');
  if ('reason' in rows) return rows;
  const { x, y: labels } = encode(rows.table, encoder, rows.rows);
  if (!labels) return { reason: 'the rows have no target' };
  const { data } = await readConfig(run);
  const { task } = encoder.target;
  const outputs = likelihoodOf(task).outputNames(encoder.target).length;
  const fitted = fitDataOf({ x, y: labels, ...rows.facts }, { task, widths: [outputs] }, encoder.target, data);
  const { y } = weighed(fitted, document.dependence);
  const ridge = ridgeOf(document, encoder, join(run.path, RUN_FILES.linear.path));
  return { sets, inputs: await readInputPips(run), ridge, x, y };
}
