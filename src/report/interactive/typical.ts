/** The row that a form starts with: the middle number, the most frequent level of each input in the training rows. */
import { asText } from '../../data/column.js';
import { parseMoment } from '../../data/date.js';
import { cellNumbers, levelReader, levelsOf } from '../../data/feature.js';
import { cellText, columnIndex, type Column } from '../../data/index.js';
import type { SplitTable } from '../../store/run-rows.js';
import type { Feature } from '../../types.js';

/** What an input starts with. */
export interface Start {
  /** A number, of dates the days since 1970, of percentages what is before the sign; or a level. */
  value: number | string;
  /** Whether all numbers of the training rows are whole. */
  whole: boolean;
}

export interface Starts {
  /** One for each input. */
  inputs: Start[];
  /** Whether they are from the training rows. */
  fromRows: boolean;
}

/** @param rows of training, or why they cannot be had */
export function startsOf(features: readonly Feature[], rows: SplitTable | { reason: string }): Starts {
  const found = 'reason' in rows ? undefined : rows;
  return { inputs: features.map((feature) => startOf(feature, found)), fromRows: found !== undefined };
}

/** The cells of one column in the training rows; where these cannot be had, what the encoder knows of them. */
const startOf = (feature: Feature, rows: SplitTable | undefined): Start =>
  (rows && fromRows(feature, rows)) ?? fromEncoder(feature);

function fromRows(feature: Feature, { table, rows }: SplitTable): Start | undefined {
  const column = table.columns[columnIndex(table, feature.name)];
  if (!column) return undefined;
  if (feature.kind === 'categorical') {
    const level = mostFrequent(feature, (row) => cellText(column, row), rows);
    return level === undefined ? undefined : { value: level, whole: false };
  }
  const numbers = feature.kind === 'date' ? daysOf(column, feature) : cellNumbers(column, feature);
  const sorted = Float64Array.from(rows, (row) => numbers[row]).filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return undefined;
  const value = sorted[(sorted.length - 1) >> 1];
  return { value: feature.form === 'ordinal' ? levelsOf(feature)[value] : value, whole: sorted.every(Number.isInteger) };
}

function daysOf(column: Column, { dates }: Feature): Float64Array {
  const { levels, codes } = asText(column);
  const days = levels.map((level) => parseMoment(level, dates?.order ?? 'iso')?.days ?? NaN);
  return Float64Array.from(codes, (code) => (code < 0 ? NaN : days[code]));
}

function mostFrequent(feature: Feature, textOf: (row: number) => string | undefined, rows: Int32Array): string | undefined {
  const levelOf = levelReader(feature);
  const counts = new Map<string, number>();
  for (const row of rows) {
    const text = textOf(row);
    const level = text === undefined ? undefined : levelOf(text);
    if (level !== undefined) counts.set(level, (counts.get(level) ?? 0) + 1);
  }
  const most = Math.max(...counts.values());
  return levelsOf(feature).find((level) => counts.get(level) === most);
}

/** Means stand for middle numbers. Of indicators they are the shares of the levels, as far as these have one. */
function fromEncoder(feature: Feature): Start {
  const { kind, form, columns, dates } = feature;
  const levels = levelsOf(feature);
  const number = columns.find(({ type }) => type === 'number');
  if (kind === 'date') return { value: dates ? Math.round((dates.days[0] + dates.days[1]) / 2) : 0, whole: false };
  if (form === 'ordinal') return { value: levels[Math.round(number?.mean ?? 0)], whole: false };
  if (kind !== 'categorical') return { value: number ? Number(number.mean.toPrecision(3)) : 0, whole: false };
  const shares = new Map(columns.flatMap(({ level, mean }) => (level === undefined ? [] : [[level, mean] as const])));
  const left = 1 - [...shares.values()].reduce((sum, share) => sum + share, 0);
  const other = levels.find((level) => !shares.has(level));
  const [[value = ''] = []] = [...shares, ...(other === undefined ? [] : [[other, left] as const])].sort((a, b) => b[1] - a[1]);
  return { value, whole: false };
}
