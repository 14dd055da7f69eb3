/** The table that a run was trained on, read and encoded again. */
import type { Config } from '../config/schema.js';
import type { RunFolder } from '../store/open.js';
import { readConfig, readSplitRows } from '../store/parts.js';
import { prepareTable, type Prepared } from '../work/prepare.js';
import { RunRows } from '../store/run-rows.js';
import type { Words } from '../voice.js';

/**
 * Config and prepared rows as training had them; rows of a test file are left out.
 * @param what the purpose, as in `probes: true needs the training rows`
 * @throws run.no-rows; errors of the data stage
 */
export async function prepareAgain(run: RunFolder, what: Words): Promise<{ config: Config; prepared: Prepared }> {
  const { table } = await new RunRows(run).need('train', what, 'Put the data file back, or train again from a file.');
  const config = await readConfig(run);
  return { config, prepared: prepareTable(table, await readSplitRows(run), config) };
}
