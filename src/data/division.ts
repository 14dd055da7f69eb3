/** How the parts of a table lie where its rows are not independent. */
import type { Split as Parts } from './split.js';
import { plural } from '../wording.js';
import { cellText } from './column.js';
import { rowFacts, type RowFactOptions } from './row-facts.js';
import type { Table } from './table.js';
import { shorten } from './wording.js';

/** By part, in the order of the table's columns. */
export interface Division {
  /** Groups in each part. */
  group?: { column: string } & Record<keyof Parts, number>;
  /** The earliest and the latest cell of each part; null of an empty one. */
  time?: { column: string } & Record<keyof Parts, [string, string] | null>;
  /** Rows that no part has, because their group reaches over a cut in time. */
  left: number;
}

/** Undefined where rows were dealt one by one. */
export function divisionOf(
  table: Table, split: Parts, { dates, split: { group, time } = {} }: RowFactOptions,
): Division | undefined {
  if (!group && !time) return undefined;
  const { groups, times } = rowFacts(table, { split: { group, time }, dates });
  const each = <V>(of: (rows: Int32Array) => V): Record<keyof Parts, V> =>
    ({ train: of(split.train), validation: of(split.validation), test: of(split.test) });
  const cells = (rows: Int32Array): [string, string] | null => {
    if (rows.length === 0) return null;
    const first = rows.reduce((a, b) => (times![b] < times![a] ? b : a));
    const last = rows.reduce((a, b) => (times![b] > times![a] ? b : a));
    const column = table.columns[table.names.indexOf(time!)];
    return [cellText(column, first)!, cellText(column, last)!];
  };
  return {
    ...(group && { group: { column: group, ...each((rows) => new Set(Array.from(rows, (row) => groups![row])).size) } }),
    ...(time && { time: { column: time, ...each(cells) } }),
    left: table.rows - split.train.length - split.validation.length - split.test.length,
  };
}

const PARTS = ['train', 'validation', 'test'] as const;

/** What is told of it, a sentence each: `rows of one 'patient' stay together: 14 train, 2 validation, 4 test`. */
export function divisionLines(division: Division | undefined): string[] {
  const { group, time, left = 0 } = division ?? {};
  const lines: string[] = [];
  if (group) {
    const counts = PARTS.filter((part) => group[part] > 0).map((part) => `${group[part]} ${part}`);
    lines.push(`rows of one '${shorten(group.column)}' stay together: groups are ${counts.join(', ')}`);
  }
  if (time) {
    const spans = PARTS.flatMap((part) => {
      const [first, last] = time[part] ?? [];
      if (first === undefined || last === undefined) return [];
      return [`${part} ${shorten(first)}${first === last ? '' : ` to ${shorten(last)}`}`];
    });
    lines.push(`rows are in order of '${shorten(time.column)}': ${spans.join(', ')}`);
  }
  if (left > 0) lines.push(`${plural(left, 'row')} of groups that reach into a later part ${left === 1 ? 'is' : 'are'} left out`);
  return lines;
}
