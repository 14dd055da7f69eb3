/** Columns that say which rows belong together, and when rows were. They are no inputs. */
import type { Config } from '../config/schema.js';
import { closest } from '../suggest.js';
import { fail } from '../errors.js';
import type { RowFacts } from '../types.js';
import { asText, cellText, isMissing, type Column } from './column.js';
import { parseMoment } from './date.js';
import { columnIndex, rowPlace, type Table } from './table.js';
import { listNames, shorten } from './wording.js';

type Split = Config['data']['split'];

/** Of the config; a column that is not named is null or absent. */
export interface RowFactOptions {
  split?: Omit<Partial<Split>, 'group' | 'time'> & { group?: Split['group'] | undefined; time?: Split['time'] | undefined };
}

/** Why a column is no input, in {@link Encoder.dropped}. */
export const ROLES = { group: 'it says which rows belong together', time: 'it says when rows were' };

/** The columns that have a part of their own, and why they are no inputs. */
export function columnRoles({ split: { group, time } = {} }: RowFactOptions): Map<string, string> {
  return new Map([...(group ? [[group, ROLES.group] as const] : []), ...(time ? [[time, ROLES.time] as const] : [])]);
}

/** Whether a column is left out because it has another part. */
export const isRole = (reason: string): boolean => Object.values(ROLES).includes(reason);

/** The same, or because the config says so. */
export const isExpected = (reason: string): boolean => reason === 'ignored in the config' || isRole(reason);

/**
 * Of all rows of a table.
 * @throws data.unknown-column; data.missing-group and data.missing-time for an empty cell; data.not-a-time
 */
export function rowFacts(table: Table, { split: { group, time } = {} }: RowFactOptions): RowFacts {
  return { ...(group && { groups: groupsOf(table, group) }), ...(time && { times: timesOf(table, time) }) };
}

function groupsOf(table: Table, name: string): Int32Array {
  const column = columnOf(table, name, 'data.split.group');
  const { codes } = asText(column);
  const row = codes.indexOf(-1);
  if (row < 0) return codes;
  throw fail('data.missing-group', `column '${name}': the group is missing in this row${others(codes.filter((code) => code < 0).length)}`, {
    where: rowPlace(table, row), hint: 'Give the row a group of its own, such as a number that no other row has, or remove it.',
  });
}

function timesOf(table: Table, name: string): Float64Array {
  const column = columnOf(table, name, 'data.split.time');
  const times = column.type === 'number' ? column.values
    : Float64Array.from({ length: table.rows }, (_, row) => instantOf(column, row));
  const row = times.findIndex((time) => Number.isNaN(time));
  if (row < 0) return times;
  const where = rowPlace(table, row);
  if (isMissing(column, row)) {
    const count = times.filter((_, at) => isMissing(column, at)).length;
    throw fail('data.missing-time', `column '${name}': the time is missing in this row${others(count)}`, {
      where, hint: 'Fill it in, or remove the row.',
    });
  }
  throw fail('data.not-a-time', `column '${name}': '${shorten(cellText(column, row)!)}' is no number and no date`, {
    where, hint: 'Times are numbers, or dates such as 2024-05-31 or 2024-05-31T12:30.',
  });
}

/** A column of dates has no numbers in it: 2024 beside 2024-05-31 would be a time of 2 seconds. */
const instantOf = (column: Column, row: number): number => parseMoment(cellText(column, row) ?? '', 'iso')?.days ?? NaN;

const others = (count: number): string => (count > 1 ? ` (and in ${count - 1} more ${count === 2 ? 'row' : 'rows'})` : '');

function columnOf(table: Table, name: string, key: string): Column {
  const index = columnIndex(table, name);
  if (index >= 0) return table.columns[index];
  const near = closest(name, table.names);
  throw fail('data.unknown-column', `there is no column '${name}', which ${key} names`, {
    where: { file: table.file, line: table.headerLine },
    hint: near === undefined ? `The columns are ${listNames(table.names)}.` : `Did you mean '${near}'?`,
  });
}
