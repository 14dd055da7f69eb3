/** How tables to predict are read: as the training table was, within limits that may be set. */

import { fail } from '../errors.js';
import type { Limits } from '../data/limits.js';
import { key, option, words } from '../voice.js';

/** Keys of the config that are about one table and not about the model. */
const LIMIT = /^data\.limits\b/;

/**
 * The limits that assignments such as `data.limits.line=50000000` set.
 * @throws usage.sets for other keys; config.* for values that they cannot have
 */
export async function limitsSet(sets: readonly string[] | undefined, cwd: string): Promise<Partial<Limits>> {
  if (sets === undefined || sets.length === 0) return {};
  const other = sets.find((assignment) => !LIMIT.test(assignment));
  if (other !== undefined) {
    throw fail('usage.sets', words`${option('sets', [other])} does not apply to a model: tables are read as its training table was`, {
      hint: words`Limits can be set: ${key('data.limits.line', '50000000')}`,
    });
  }
  // Only here: it loads the schema of the config, which predictions do without.
  const { resolveConfig } = await import('../config/resolve.js');
  const { config, origins } = await resolveConfig({ sets, flags: { data: '-', target: 'y' }, cwd });
  return Object.fromEntries(Object.entries(config.data.limits).filter(([name]) => origins[`data.limits.${name}`] === 'set'));
}
