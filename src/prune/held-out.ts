/** The rows that a run held out, read again from its data file: what a pruned model is measured on. */

import { encode } from '../data/index.js';
import { fail } from '../errors.js';
import type { Encoder, LabelledDataset } from '../types.js';
import type { RunFolder } from '../store/open.js';
import type { SplitName } from '../work/prepare.js';
import { RunRows, type SplitTable } from '../store/run-rows.js';

/** Rows of the test split, or of validation when there are no test rows; or why there are none. */
export type HeldOut =
  | (SplitTable & { split: SplitName })
  | { reason: string };

/** Finds the rows; the data file must still be the one that the run was trained on. */
export async function heldOutRows(run: RunFolder, source = new RunRows(run)): Promise<HeldOut> {
  for (const split of ['test', 'validation'] as const) {
    const found = await source.find(split);
    if (!('reason' in found)) return { split, ...found };
    if (!found.none) return found;
  }
  return { reason: 'the run has no held-out rows' };
}

/**
 * The rows as an encoder's network takes them.
 * @throws data.missing-target and the errors of `encode`: of a run that recorded no SHA-256 of its test file, it may have changed
 */
export function encodeHeldOut({ table, rows, facts }: SplitTable, encoder: Encoder): LabelledDataset {
  const { x, y } = encode(table, encoder, rows);
  if (y) return { x, y, ...facts };
  throw fail('data.missing-target', `the held-out rows have no values in the column '${encoder.target.name}'`, {
    where: { file: table.file, line: table.headerLine }, hint: 'Put back the file that the run was measured on.',
  });
}
