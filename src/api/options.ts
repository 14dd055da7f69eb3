/** Checks of the options of the library's functions: a misspelt one would else be ignored, without types to tell. */

import { fail } from '../errors.js';
import { closest } from '../suggest.js';
import { describeValue } from '../wording.js';
import type { CommonOptions, EngineOptions } from './environment.js';

/** What an option may hold. */
export interface Kind {
  expected: string;
  holds(value: unknown): boolean;
}

export type Kinds<Options> = { [Name in keyof Required<Options>]: Kind };

/**
 * Refuses options that a function does not have, and values that they cannot hold; undefined counts as not given.
 * @throws usage.option
 */
export function checkOptions<Options extends object>(of: string, given: Options, kinds: Kinds<Options>): void {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(kinds, name)) {
      const near = closest(name, Object.keys(kinds));
      const hint = near === undefined ? `It has ${Object.keys(kinds).join(', ')}.` : `Did you mean '${near}'?`;
      throw fail('usage.option', `${of} has no option '${name}'`, { hint });
    }
    const { expected, holds } = kinds[name as keyof Options];
    if (value === undefined || holds(value)) continue;
    throw fail('usage.option', `${of}: option '${name}': expected ${expected}, got ${describeValue(value)}`);
  }
}

/** Refuses options that exclude each other. @throws usage.option */
export function refuseTogether<Options extends object>(
  of: string, given: Options, names: readonly (keyof Options & string)[],
): void {
  const both = names.filter((name) => given[name] !== undefined && (given[name] as unknown) !== false);
  if (both.length < 2) return;
  throw fail('usage.option', `${of}: options '${both[0]}' and '${both[1]}' exclude each other`, { hint: 'Leave one of them out.' });
}

const kind = (expected: string, holds: (value: unknown) => boolean): Kind => ({ expected, holds });
const isNumber = (value: unknown): value is number => typeof value === 'number' && !Number.isNaN(value);
const isWhole = (value: unknown, least: number): boolean => Number.isSafeInteger(value) && (value as number) >= least;

export const flag = kind('true or false', (value) => typeof value === 'boolean');
export const text = kind('a text', (value) => typeof value === 'string');
export const texts = kind('a list of texts', (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'));
export const object = kind('an object', (value) => typeof value === 'object' && value !== null);
export const number = kind('a number', isNumber);
export const count = kind('a whole number of at least 1', (value) => isWhole(value, 1));
export const callback = kind('a function', (value) => typeof value === 'function');
export const openProbability = kind('a number between 0 and 1', (value) => isNumber(value) && value > 0 && value < 1);
export const stream = kind('a readable stream', (value) => object.holds(value) && Symbol.asyncIterator in (value as object));

export const oneOf = (choices: readonly string[]): Kind =>
  kind(`one of ${choices.join(', ')}`, (value) => choices.includes(value as string));
export const someOf = (choices: readonly string[]): Kind => kind(
  `a list of some of ${choices.join(', ')}`,
  (value) => Array.isArray(value) && value.length > 0 && value.every((each) => choices.includes(each as string)));
export const either = (word: unknown, other: Kind): Kind =>
  kind(`${String(word)} or ${other.expected}`, (value) => value === word || other.holds(value));

export const orPath = (other: Kind): Kind =>
  kind(`a path or ${other.expected}`, (value) => typeof value === 'string' || other.holds(value));

export const COMMON: Kinds<CommonOptions> = {
  cwd: text, signal: kind('an AbortSignal', (value) => value instanceof AbortSignal),
};
export const ENGINE: Kinds<EngineOptions> = { engine: oneOf(['auto', 'native', 'wasm']) };
/** More at once than this no machine has cores for. */
export const JOBS = either('auto', kind('a whole number from 1 to 1024', (value) => isWhole(value, 1) && (value as number) <= 1024));
