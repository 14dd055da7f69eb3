/** What a function learns from: the config that its options mean, and rows that no file has. */

import { resolveConfig, type Resolved } from '../config/resolve.js';
import { ROWS_NAME, rowsTable } from '../data/index.js';
import { fail } from '../errors.js';
import type { Given } from '../work/prepare.js';
import { unlessAborted } from './environment.js';
import type { CommonOptions, ConfigOptions } from './options/shared.js';

/** A config and, where its `data.path` is `-`, what that stands for. */
export interface LearningData {
  resolved: Resolved;
  given: Given | undefined;
}

/** @throws usage.option, interrupted.stopped, config.*, data.row, data.no-rows */
export async function learningData(
  options: ConfigOptions & Pick<CommonOptions, 'signal'> & { warm?: string | undefined }, cwd: string,
): Promise<LearningData> {
  const { config, sets, data, query, target, seed, ignore, hidden, test, testQuery, warm, stdin, rows } = options;
  const { model, prior, train, inclusion, search } = options;
  const path = typeof data === 'string' ? data : undefined;
  if (rows !== undefined && path !== undefined) {
    throw fail('usage.option', "options 'rows' and 'data' exclude each other", { hint: 'Leave one of them out.' });
  }
  const section = typeof data === 'object' ? data : undefined;
  const all = { data: section, model, prior, train, inclusion, search };
  const sections = Object.entries(all).filter(([, given]) => given !== undefined);
  const reading = resolveConfig({
    ...(typeof config === 'string' ? { file: config } : { object: config }), sets, cwd,
    sections: sections.length > 0 ? Object.fromEntries(sections) : undefined,
    flags: { data: rows === undefined ? path : '-', query, target, seed, ignore, hidden, test, testQuery, warm },
  });
  // A pipe may never end.
  const resolved = await unlessAborted(reading, options.signal);
  if (rows === undefined) return { resolved, given: stdin };
  return { resolved: { ...resolved, dataName: ROWS_NAME }, given: rowsTable(rows, resolved.config.data) };
}
