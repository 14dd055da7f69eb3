/** The table that a run was trained on, read and encoded again. */
import type { Config } from '../config/schema.js';
import { fileSource, readTable } from '../data/index.js';
import { fail } from '../errors.js';
import type { RunFolder } from './open.js';
import { readConfig, readSplitRows } from './parts.js';
import { prepareTable, type Prepared } from './prepare.js';

/**
 * Config and prepared rows as training had them; rows of a test file are left out.
 * @throws run.data-piped, run.data-changed; errors of the data stage
 */
export async function prepareAgain(run: RunFolder): Promise<{ config: Config; prepared: Prepared }> {
  const config = await readConfig(run);
  const { data } = config;
  const where = { file: run.path };
  if (data.path === '-') {
    throw fail('run.data-piped', 'the data of this run came through a pipe and cannot be read again', { where, hint: 'Train from a file.' });
  }
  const table = await readTable(fileSource(data.path), data);
  if (table.sha256 !== run.manifest.data.sha256) {
    throw fail('run.data-changed', `${data.path} has changed since the run`, { where, hint: 'Restore the file, or train again.' });
  }
  return { config, prepared: prepareTable(table, await readSplitRows(run), config) };
}
