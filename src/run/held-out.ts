/** The rows that a run held out, read again from its data file: what a pruned model is measured on. */

import { existsSync } from 'node:fs';
import { allRows, encode, fileSource, readTable, type Table } from '../data/index.js';
import type { Dataset, Encoder } from '../types.js';
import type { RunFolder } from './open.js';
import { readConfig, readSplitRows } from './parts.js';
import type { SplitName } from './prepare.js';

/** Rows of the test split, or of validation when there are no test rows; or why there are none. */
export type HeldOut =
  | { split: SplitName; table: Table; rows: Int32Array }
  | { reason: string };

/** Finds the rows; the data file must still be the one that the run was trained on. */
export async function heldOutRows(run: RunFolder): Promise<HeldOut> {
  const { data } = await readConfig(run);
  const { testFile } = data.split;
  if (testFile !== null && testFile !== '-') {
    if (!existsSync(testFile)) return { reason: `${testFile} is gone` };
    const table = await readTable(fileSource(testFile), data);
    return { split: 'test', table, rows: allRows(table.rows) };
  }
  if (data.path === '-') return { reason: 'the data of the run came through a pipe' };
  if (!existsSync(data.path)) return { reason: `${data.path} is gone` };
  const splits = await readSplitRows(run);
  const split = (['test', 'validation'] as const).find((name) => splits[name].length > 0);
  if (split === undefined) return { reason: 'the run held out no rows' };
  const table = await readTable(fileSource(data.path), data);
  if (table.sha256 !== run.manifest.data.sha256) return { reason: `${data.path} has changed since the run` };
  return { split, table, rows: splits[split] };
}

/** The rows as an encoder's network takes them. */
export function encodeHeldOut({ table, rows }: { table: Table; rows: Int32Array }, encoder: Encoder): Required<Dataset> {
  return encode(table, encoder, rows) as Required<Dataset>;
}
