/** How a table is written: from the config to the encoder, which tables to predict are read by. */

import type { Config } from '../config/schema.js';
import type { TableStyle } from '../types.js';
import { unusualLimits, type Limits } from './limits.js';
import { isCode, parseNumber } from './number.js';

type Keys = 'encoding' | 'quote' | 'decimal' | 'thousands';
/** What is left out is as usual. */
export type StyleOptions = { [K in Keys]?: Config['data'][K] | undefined } & { limits?: Partial<Limits> | undefined };

/** What is not as usual; undefined where nothing is. */
export function styleOf({ encoding, quote, decimal, thousands, limits }: StyleOptions): TableStyle | undefined {
  const larger = unusualLimits(limits);
  const style: TableStyle = {
    ...(encoding !== undefined && encoding !== 'auto' && { encoding }), ...(decimal === ',' && { decimal }),
    ...(thousands !== undefined && thousands !== 'none' && { thousands }), ...(quote === 'none' && { quote }),
    ...(larger && { limits: larger }),
  };
  return Object.keys(style).length > 0 ? style : undefined;
}

/** How numbers are written where that is not as usual. */
export interface NumberPatterns {
  decimal: string;
  separator: string;
  /** Without and with separators. */
  plain: RegExp;
  grouped: RegExp;
}

/** Undefined where numbers are written as usual. */
export function numberPatterns({ decimal = '.', thousands = 'none' }: StyleOptions): NumberPatterns | undefined {
  if (decimal === '.' && thousands === 'none') return undefined;
  const separator = thousands === 'none' ? '' : thousands;
  const sign = (text: string): string => text.replace('.', '\\.');
  const fraction = `(${sign(decimal)}\\d*)?(e[+-]?\\d+)?`;
  // Spaces may be such that do not break, narrow or not.
  const between = separator === ' ' ? '[ \\u00a0\\u202f]' : sign(separator);
  return {
    decimal, separator, plain: new RegExp(`^[+-]?(\\d+${fraction}|${sign(decimal)}\\d+(e[+-]?\\d+)?)$`, 'i'),
    grouped: new RegExp(separator === '' ? '^(?!)' : `^[+-]?\\d{1,3}(${between}\\d{3})+${fraction}$`, 'i'),
  };
}

/** The number that a trimmed cell writes, or NaN; {@link parseNumber} where numbers are written as usual. */
export function numberReader(style: StyleOptions): (text: string) => number {
  const patterns = numberPatterns(style);
  if (!patterns) return parseNumber;
  const { decimal, separator, plain, grouped } = patterns;
  const usual = (text: string): number => parseNumber(text.replace(decimal, '.'));
  return (text) => {
    if (plain.test(text)) return usual(text);
    if (!grouped.test(text)) return NaN;
    return usual(separator === ' ' ? text.replace(/\s/g, '') : text.replaceAll(separator, ''));
  };
}

/** A number that is written as usual, whatever way the table's texts have, as the table's builder takes it. */
export function plainNumber(style: StyleOptions): (text: string) => string | number {
  const usual = numberPatterns(style) === undefined;
  return (text) => (usual || isCode(text) ? text : Number(text));
}
