/** Percentages: numbers with a sign behind them, `12.5%` or `12.5 %`. */

import { canonical, numbersAt, type TextColumn } from './column.js';
import { parseNumber } from './number.js';

/**
 * A percentage in one form for all ways of writing it; undefined of another text.
 * @param numberOf reads numbers as the table writes them
 */
export function percentText(text: string, numberOf: (text: string) => number): string | undefined {
  if (!text.endsWith('%')) return undefined;
  const value = numberOf(text.slice(0, -1).trimEnd());
  return Number.isNaN(value) ? undefined : `${canonical(value)}%`;
}

/** The number before the sign of a text that {@link percentText} made, else NaN: 12.5 of `12.5%`. */
export const percentOf = (text: string): number => (text.endsWith('%') ? parseNumber(text.slice(0, -1)) : NaN);

/** The cells as doubles, NaN where missing or no percentage. */
export function percentNumbers(column: TextColumn): Float64Array {
  const values = percents(column);
  return numbersAt(column.codes, values);
}

/** The number before each level's sign. */
export const percents = ({ levels }: TextColumn): Float64Array => Float64Array.from(levels, percentOf);
