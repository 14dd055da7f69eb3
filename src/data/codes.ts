/** Columns of digits that are no amounts. */

import { levelNumbers, type TextColumn } from './column.js';
import { isCode, isLongCode } from './number.js';

/** Why numbers are no amounts: they have leading zeros, or more digits than a double holds. */
export type Codes = 'zeros' | 'long';

/**
 * Whether the numbers of a column are codes: all are whole, and one has leading zeros or half of all cells have more digits
 * than a double holds.
 * @param present cells that are not missing
 */
export function codesOf(column: TextColumn, present: number): Codes | undefined {
  const numbers = levelNumbers(column);
  const digits = column.levels.filter((_, code) => !Number.isNaN(numbers[code]));
  if (!digits.some(isCode) || !digits.every((text) => /^\d+$/.test(text))) return undefined;
  if (digits.some((text) => isCode(text) && text.startsWith('0'))) return 'zeros';
  const long = column.levels.map(isLongCode);
  const count = column.codes.reduce((sum, code) => sum + (code >= 0 && long[code] ? 1 : 0), 0);
  return count >= present / 2 ? 'long' : undefined;
}
