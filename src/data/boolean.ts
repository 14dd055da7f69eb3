/** The two values of a boolean, in whatever words. */

import { asText, type Column, type TextColumn } from './column.js';
import { sortLevels } from './number.js';

/** Words of no and of yes that go together. */
const PAIRS = [['false', 'true'], ['no', 'yes'], ['n', 'y'], ['f', 't'], ['off', 'on'], ['0', '1']] as const;
const DIGITS = PAIRS.length - 1;

const spellings = (word: string): string[] => [...new Set([word, word[0].toUpperCase() + word.slice(1), word.toUpperCase()])];

/** Every spelling that is known, what it means, and the pair that it is of. */
export const BOOLEANS: ReadonlyMap<string, { yes: boolean; pair: number }> = new Map(PAIRS.flatMap((words, pair) =>
  words.flatMap((word, side) => spellings(word).map((text) => [text, { yes: side === 1, pair }] as const))));

/** Levels by what they mean. */
export interface BooleanLevels {
  no?: string;
  yes?: string;
}

/** The levels of a boolean: two of different meaning, or a word that is no digit; undefined where they are none. */
export function booleanLevels(levels: readonly string[]): BooleanLevels | undefined {
  const found = levels.map((level) => BOOLEANS.get(level));
  if (levels.length === 0 || levels.length > 2 || !found.every((each) => each !== undefined)) return undefined;
  if (levels.length === 1 ? found[0].pair === DIGITS : found[0].yes === found[1].yes) return undefined;
  return Object.fromEntries(levels.map((level, at) => [found[at].yes ? 'yes' : 'no', level]));
}

/** Whether a column of texts is a boolean's: all are words of one, and not only digits. */
export function isBoolean({ levels }: TextColumn): boolean {
  return levels.every((level) => BOOLEANS.has(level)) && levels.some((level) => BOOLEANS.get(level)!.pair !== DIGITS);
}

/**
 * A boolean's column with one writing of each value: as the table has it, if it has one of each that go together; else `false`
 * and `true`.
 */
export function withOneWriting(column: Column): TextColumn {
  const text = asText(column);
  const { levels, codes } = text;
  const [no, yes] = [false, true].map((side) => levels.filter((level) => BOOLEANS.get(level)?.yes === side));
  const pairs = new Set(levels.map((level) => BOOLEANS.get(level)?.pair));
  const sorted = sortLevels(levels);
  if (no.length < 2 && yes.length < 2 && pairs.size === 1 && (levels.length < 2 || sorted[0] === no[0])) return text;
  const to = levels.map((level) => (BOOLEANS.get(level)!.yes ? 1 : 0));
  return { type: 'text', codes: codes.map((code) => (code < 0 ? -1 : to[code])), levels: ['false', 'true'] };
}
