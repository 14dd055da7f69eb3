/** How large the parts of a table may be: what is beyond is hostile or no table, and would take time and memory without end. */

import type { Config } from '../config/schema.js';
import { fail, type BnncError, type Where } from '../errors.js';
import { key, words, type Words } from '../voice.js';
import { shorten } from './wording.js';

/** `data.limits`. */
export type Limits = Config['data']['limits'];

/** In bytes of UTF-8, but for `columns`. */
export const DEFAULT_LIMITS: Limits = { line: 16_777_216, cell: 1_048_576, columns: 100_000, unpacked: 'auto' };

/** `unpacked: auto`: so many bytes, or so many times those that came packed. */
const [FREE, RATIO] = [268_435_456, 100];
/** What a hint names for what unpacks to more. */
const LARGE = 1e11;
/** Nearly as many as a text can have. */
export const MOST_BYTES = 500_000_000;

/** What is not said is as usual. */
export const limitsOf = (limits: Partial<Limits> | undefined): Limits => ({ ...DEFAULT_LIMITS, ...limits });

/** Those that are not as usual; undefined where all are. */
export function unusualLimits(limits: Partial<Limits> = {}): Partial<Limits> | undefined {
  const others = Object.entries(limits).filter(([name, limit]) => limit !== DEFAULT_LIMITS[name as keyof Limits]);
  return others.length > 0 ? Object.fromEntries(others) : undefined;
}

/** Whether a text has more bytes in UTF-8 than a limit. */
export const isLonger = (text: string, limit: number): boolean => 3 * text.length > limit && Buffer.byteLength(text) > limit;

/** The fault of a line that is too long. @param more what else may be wrong */
export function refuseLine(limit: number, where: Where, more = ''): BnncError {
  const hint = limit < MOST_BYTES ? words`${more}${raise('line', MOST_BYTES)}` : `${more}Longer ones cannot be read.`;
  return fail('data.line-too-long', `this line is longer than ${limit} bytes`, { where, hint });
}

/** @throws data.cell-too-long */
export function checkCell(text: string, limit: number, column: string, where: Where): void {
  if (!isLonger(text, limit)) return;
  const length = Buffer.byteLength(text);
  throw fail('data.cell-too-long', `column '${shorten(column)}': this cell has ${length} bytes, more than ${limit}`, {
    where, hint: raise('cell', length),
  });
}

/** @throws data.too-many-columns */
export function checkColumnCount(count: number, limit: number, where: Where): void {
  if (count <= limit) return;
  throw fail('data.too-many-columns', `the table has ${count} columns, more than ${limit}`, { where, hint: raise('columns', count) });
}

/**
 * Whether bytes that came unpacked are more than so many packed ones may give.
 * @throws data.unpacked-too-large
 */
export function checkUnpacked(unpacked: number, packed: number, asked: Limits['unpacked'], file: string): void {
  const limit = asked === 'auto' ? Math.max(FREE, RATIO * packed) : asked;
  if (unpacked <= limit) return;
  const beyond = asked === 'auto' ? `${FREE} bytes and ${RATIO} times what came packed` : `${limit} bytes`;
  throw fail('data.unpacked-too-large', `it unpacks to more than ${beyond}`, {
    where: { file }, hint: raise('unpacked', Math.max(LARGE, 10 * limit)),
  });
}

const raise = (name: keyof Limits, enough: number): Words =>
  words`If that is meant, raise data.limits.${name}: ${key(`data.limits.${name}`, String(enough))}`;
