/** Check of the options of the library's functions: a misspelt one would else be ignored, without types to tell. */

import { fail } from '../../errors.js';
import { closest } from '../../suggest.js';
import { describeValue } from '../../wording.js';
import type { Complete, Table } from './table.js';

/**
 * Refuses options that a function does not have, values that they cannot hold, and options that exclude each other; undefined
 * counts as not given.
 * @returns the options, with the defaults of those that were not given
 * @throws usage.option
 */
export function checked<T extends Table>(of: string, given: object, table: T): Complete<T> {
  const known = Object.entries(table).filter(([, { place }]) => place !== 'cli');
  const options = new Map(known);
  for (const [name, value] of Object.entries(given)) {
    const option = options.get(name);
    if (option === undefined) {
      const near = closest(name, [...options.keys()]);
      const hint = near === undefined ? `It has ${[...options.keys()].join(', ')}.` : `Did you mean '${near}'?`;
      throw fail('usage.option', `${of} has no option '${name}'`, { hint });
    }
    const { kind: { expected, holds } } = option;
    if (value === undefined || holds(value)) continue;
    throw fail('usage.option', `${of}: option '${name}': expected ${expected}, got ${describeValue(value)}`);
  }
  const values = given as Record<string, unknown>;
  for (const [name, { excludes = [] }] of known) {
    const rival = isGiven(values[name]) ? excludes.find((other) => isGiven(values[other])) : undefined;
    if (rival === undefined) continue;
    throw fail('usage.option', `${of}: options '${name}' and '${rival}' exclude each other`, { hint: 'Leave one of them out.' });
  }
  return Object.fromEntries(known.map(([name, option]) => [name, values[name] ?? option.default])) as Complete<T>;
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== false;
