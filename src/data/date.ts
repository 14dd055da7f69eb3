/** Dates and times as tables write them. */

import type { DateOrder, DatePart } from '../types.js';

/** A date that begins with the year has `iso` order, with any sign between. */
export const DATE_ORDERS = ['iso', 'dayFirst', 'monthFirst'] as const satisfies readonly DateOrder[];

/** A point in time, and what the calendar and the clock showed where it was written. */
export interface Moment {
  /** Days since 1970-01-01T00:00Z, with a fraction where there is a time. A time without a zone is taken as UTC. */
  days: number;
  year: number;
  /** From 0. */
  month: number;
  /** From 0, which is Monday. */
  weekday: number;
  /** In [0, 24); 0 without a time. */
  hour: number;
}

const DAY_MS = 86_400_000;
const TIME = String.raw`(?:[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?\s*(Z|[+-]\d{2}:?\d{2})?)?`;
/** Groups: year, sign, month, day, hours, minutes, seconds, zone. */
export const YEAR_FIRST = new RegExp(String.raw`^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})${TIME}$`);
/** The same with the year in the place of the day. */
export const YEAR_LAST = new RegExp(String.raw`^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})${TIME}$`);

/**
 * The moment that a trimmed text writes: `2024-03-01`, `2024-03-01T12:30:00Z`, `2024-03-01 12:30`, and in the other orders
 * `01.03.2024` or `1/3/2024 12:30`; undefined where it is none.
 */
export function parseMoment(text: string, order: DateOrder): Moment | undefined {
  // What is no date mostly is none at its first sign.
  const first = text.charCodeAt(0);
  if (!(first >= 48 && first <= 57) || text.length > 40) return undefined;
  const found = (order === 'iso' ? YEAR_FIRST : YEAR_LAST).exec(text);
  if (!found) return undefined;
  const [, a, , b, c, hours = '0', minutes = '0', seconds = '0', zone] = found;
  const [year, month, day] = (order === 'iso' ? [a, b, c] : order === 'dayFirst' ? [c, b, a] : [c, a, b]).map(Number);
  const midnight = Date.UTC(year, month - 1, day);
  const date = new Date(midnight);
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const [h, m, s] = [hours, minutes, seconds].map(Number);
  if (h > 23 || m > 59 || s >= 61) return undefined;
  const hour = h + m / 60 + s / 3600;
  const days = midnight / DAY_MS + (hour - offsetOf(zone)) / 24;
  return { days, year, month: month - 1, weekday: (date.getUTCDay() + 6) % 7, hour };
}

/** Hours that a zone is ahead of UTC. */
function offsetOf(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const digits = zone.replace(':', '');
  return (digits.startsWith('-') ? -1 : 1) * (Number(digits.slice(1, 3)) + Number(digits.slice(3)) / 60);
}

/** What is encoded of a date, in the order of its columns. */
export const DATE_PARTS = [
  'days', 'year', 'month sin', 'month cos', 'weekday sin', 'weekday cos', 'hour sin', 'hour cos',
] as const satisfies readonly DatePart[];

/** How many steps each cycle has. */
const CYCLES = { month: 12, weekday: 7, hour: 24 } as const;

/** The raw value of one part. */
export function partOf(moment: Moment, part: DatePart): number {
  if (part === 'days' || part === 'year') return moment[part];
  const [cycle, side] = part.split(' ') as [keyof typeof CYCLES, 'sin' | 'cos'];
  return Math[side]((2 * Math.PI * moment[cycle]) / CYCLES[cycle]);
}

/** What the calendar shows at a moment, in UTC. @param days since 1970 */
export function momentAt(days: number): Moment {
  const date = new Date(days * DAY_MS);
  return {
    days, year: date.getUTCFullYear(), month: date.getUTCMonth(), weekday: (date.getUTCDay() + 6) % 7,
    hour: (days - Math.floor(days)) * 24,
  };
}

/** `2024-03-01`. @param days since 1970 */
export const dayText = (days: number): string => new Date(Math.floor(days) * DAY_MS).toISOString().slice(0, 10);
