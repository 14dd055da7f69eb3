/** Columns of dates: which order their parts have. */

import type { Problem } from '../errors.js';
import type { DateOrder } from '../types.js';
import type { TextColumn } from './column.js';
import { DATE_ORDERS, parseMoment } from './date.js';
import { countMarked, isMeant, keptAsText, mendHint, wrongCell } from './not-a-number.js';
import { rowPlace, type Table } from './table.js';
import { shorten } from './wording.js';

/** What `data.dates` says. */
export type DateOption = 'auto' | DateOrder;

export type DateVerdict = { order: DateOrder; problem?: undefined } | { order?: undefined; problem: Problem };

/**
 * The order of a column's dates if all cells are dates, or a complaint if nearly all are, if the config says that it is one
 * (`asked`), or if it is not to be seen whether the day or the month comes first; undefined where the column has no dates.
 * @param present cells that are not missing
 */
export function dateVerdict(
  table: Table, index: number, present: number, { dates, asked }: { dates: DateOption; asked: boolean },
): DateVerdict | undefined {
  const column = table.columns[index] as TextColumn;
  const orders = DATE_ORDERS.filter((order) => dates === 'auto' || order === 'iso' || order === dates);
  const read = orders.map((order) => {
    const marked = column.levels.map((level) => parseMoment(level, order) !== undefined);
    return { order, marked, ...countMarked(column, marked) };
  });
  const whole = read.filter(({ odd }) => odd < 0).map(({ order }) => order);
  if (whole.length > 1) return between(table, index, whole);
  if (whole.length === 1) return { order: whole[0] };
  const best = read.reduce((most, each) => (each.alike > most.alike ? each : most));
  if (!asked && !isMeant(best.alike, present)) return undefined;
  const texts = column.levels.filter((_, code) => !best.marked[code]);
  const hint = best.alike > 0 ? mendHint(table, index, best.odd, texts)
    : `Dates are written like 2024-03-01, or 01.03.2024 with data.dates: dayFirst; ${keptAsText(table.names[index])}`;
  return { problem: wrongCell(table, index, best.odd, 'a date', hint) };
}

/** With dots the day comes first; else it has to be said, unless it makes no difference. */
function between(table: Table, index: number, orders: DateOrder[]): DateVerdict {
  const column = table.columns[index] as TextColumn;
  const differ = column.levels.map((level) => {
    const [one, other] = orders.map((order) => parseMoment(level, order)!.days);
    return one !== other && !level.includes('.');
  });
  const row = column.codes.findIndex((code) => code >= 0 && differ[code]);
  if (row < 0) return { order: orders[0] };
  const name = table.names[index];
  const message = `column '${name}': '${shorten(column.levels[column.codes[row]])}' may begin with the day or with the month`;
  const hint = `Set data.dates: dayFirst or monthFirst; ${keptAsText(name)}`;
  return { problem: { code: 'data.ambiguous-date', message, hint, where: rowPlace(table, row) } };
}
