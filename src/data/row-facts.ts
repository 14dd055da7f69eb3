/** Columns that say which rows belong together, and when rows were. They are no inputs. */
import type { Config } from '../config/schema.js';
import { fail } from '../errors.js';
import { targetNames, type Named } from '../likelihood/index.js';
import type { RowFacts } from '../types.js';
import { asText, cellText, isMissing, numbersOf, type Column, type TextColumn } from './column.js';
import { dateVerdict, type DateOption } from './date-column.js';
import { parseMoment } from './date.js';
import { columnIndex, rowPlace, type Table } from './table.js';
import { events, exposures, furtherTarget } from './target-facts.js';
import { throwProblems } from './infer.js';
import { unknownColumn } from './unknown-column.js';
import { shorten } from './wording.js';

type Split = Config['data']['split'];

/** Of the config; a column that is not named is null or absent. */
export interface RowFactOptions {
  weights?: string | null | undefined;
  exposure?: string | null | undefined;
  event?: string | null | undefined;
  /** Of a list of targets the first travels by itself. */
  target?: Named | undefined;
  /** In which order times that are dates have day, month and year. Default: `auto`. */
  dates?: DateOption | undefined;
  split?: Omit<Partial<Split>, 'group' | 'time'> & { group?: Split['group'] | undefined; time?: Split['time'] | undefined };
}

const LARGEST_WEIGHT = 1e9;

/** Without what divides rows: what test rows of another table have. */
export const ofTarget = ({ weights, exposure, event, target }: RowFactOptions): RowFactOptions =>
  ({ weights, exposure, event, target });

/** Why a column is no input, in {@link Encoder.dropped}. */
export const ROLES = {
  group: 'it says which rows belong together', time: 'it says when rows were', weights: 'it says how much rows count',
  exposure: 'it says what the target was counted in', event: 'it says whether the time is one of an event',
};

/** The columns that have a part of their own, and why they are no inputs. */
export function columnRoles({ weights, exposure, event, split: { group, time } = {} }: RowFactOptions): Map<string, string> {
  const roles = [
    [group, ROLES.group], [time, ROLES.time], [weights, ROLES.weights], [exposure, ROLES.exposure], [event, ROLES.event],
  ] as const;
  return new Map(roles.flatMap(([name, role]) => (name ? [[name, role] as const] : [])));
}

/** Whether a column is left out because it has another part. */
export const isRole = (reason: string): boolean => Object.values(ROLES).includes(reason);

/** The same, or because the config says so. */
export const isExpected = (reason: string): boolean => reason === 'ignored in the config' || isRole(reason);

/**
 * Of all rows of a table.
 * @throws data.unknown-column; data.missing-group and data.missing-time for an empty cell; data.not-a-time,
 *   data.ambiguous-date, data.weight, data.not-an-exposure, data.not-an-event; data.missing-target, data.not-a-number
 */
export function rowFacts(
  table: Table, { weights, exposure, event, target = [], dates, split: { group, time } = {} }: RowFactOptions,
): RowFacts {
  const others = targetNames(target).slice(1);
  return {
    ...(weights && { weights: weightsOf(table, weights) }), ...(group && { groups: groupsOf(table, group) }),
    ...(time && { times: timesOf(table, time, dates) }),
    ...(exposure && { exposure: exposures(table, exposure, columnOf(table, exposure, 'data.exposure')) }),
    ...(event && { events: events(table, event, columnOf(table, event, 'data.event')) }),
    ...(others.length > 0 && { others: others.map((name) => furtherTarget(table, name)) }),
  };
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

function timesOf(table: Table, name: string, dates: DateOption = 'auto'): Float64Array {
  const column = columnOf(table, name, 'data.split.time');
  const empty = Array.from({ length: table.rows }, (_, row) => row).filter((row) => isMissing(column, row));
  if (empty.length > 0) {
    throw fail('data.missing-time', `column '${name}': the time is missing in this row${others(empty.length)}`, {
      where: rowPlace(table, empty[0]), hint: 'Fill it in, or remove the row.',
    });
  }
  // A column of dates has no numbers in it: 2024 beside 2024-05-31 would be a time of 2 seconds.
  return column.type === 'number' ? column.values : instantsOf(table, name, column, dates);
}

function instantsOf(table: Table, name: string, column: TextColumn, dates: DateOption): Float64Array {
  const { order, problem } = dateVerdict(table, columnIndex(table, name), table.rows, { dates, asked: true })!;
  if (order !== undefined) {
    const instants = column.levels.map((level) => parseMoment(level, order)!.days);
    return Float64Array.from(column.codes, (code) => instants[code]);
  }
  const { code, message, where } = problem;
  if (code === 'data.ambiguous-date') throw fail(code, message, { where: where!, hint: 'Set data.dates: dayFirst or monthFirst.' });
  const cell = cellText(column, table.lines.indexOf(where!.line!))!;
  throw fail('data.not-a-time', `column '${name}': '${shorten(cell)}' is no number and no date`, {
    where: where!, hint: 'Times are numbers or dates: 2024-05-31, 2024-05-31T12:30, or 31.05.2024 with data.dates: dayFirst.',
  });
}

function weightsOf(table: Table, name: string): Float32Array {
  const column = columnOf(table, name, 'data.weights');
  const weights = numbersOf(column);
  const row = weights.findIndex((weight) => !(weight >= 0 && weight <= LARGEST_WEIGHT));
  if (row >= 0) {
    const cell = cellText(column, row);
    const what = cell === undefined ? 'the weight is missing in this row'
      : `'${shorten(cell)}' is ${weights[row] < 0 ? 'a negative weight' : Number.isNaN(weights[row]) ? 'no number' : 'too large a weight'}`;
    throw fail('data.weight', `column '${name}': ${what}`, {
      where: rowPlace(table, row), hint: 'Weights are numbers from 0 on; a row of weight 0 does not count.',
    });
  }
  if (weights.some((weight) => weight > 0)) return Float32Array.from(weights);
  throw fail('data.weight', `column '${name}': all weights are 0`, {
    where: { file: table.file }, hint: 'Then no row counts. Check data.weights.',
  });
}

const others = (count: number): string => (count > 1 ? ` (and in ${count - 1} more ${count === 2 ? 'row' : 'rows'})` : '');

function columnOf(table: Table, name: string, key: string): Column {
  const index = columnIndex(table, name);
  if (index < 0) throwProblems([unknownColumn(table, name, `which ${key} names`)]);
  return table.columns[index];
}
