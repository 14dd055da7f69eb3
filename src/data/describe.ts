/** What is in a table, without judging it: for `init`, `inspect` and error messages of the caller. */

import { inVoice, type Problem } from '../errors.js';
import { allRows, asText, numbersOf } from './column.js';
import { inferKind, presentCells, type ColumnOptions, type InferredKind } from './infer.js';
import { parseMoment } from './date.js';
import { percentNumbers } from './percent.js';
import { moments } from '../maths/statistics.js';
import type { Table } from './table.js';
import { LIBRARY } from '../voice.js';

/** One column in short. */
export interface ColumnSummary {
  name: string;
  /** Inferred or asked for; `empty` when every cell is missing, `faulty` when `problem` says why it cannot be read. */
  kind: InferredKind | 'ignore' | 'empty' | 'faulty';
  problem?: Problem;
  missing: number;
  distinct: number;
  /** Numbers only. */
  mean?: number;
  sd?: number;
  min?: number;
  max?: number;
  /** Dates only: the first and the last, as the table writes them. */
  first?: string;
  last?: string;
  /** Texts only: the most frequent levels, at most ten, with their counts, descending. */
  levels?: { level: string; count: number }[];
}

/** Levels are cut here: a cell may be a book. */
const LONGEST = 200;

/** Describes every column over all rows; never throws. */
export function describeTable(table: Table, options: ColumnOptions = { columns: {} }): ColumnSummary[] {
  return table.names.map((name, index) => {
    const column = table.columns[index];
    const text = asText(column);
    const present = presentCells(column);
    const summary = { name, missing: table.rows - present, distinct: text.levels.length };
    if (options.columns[name]?.kind === 'ignore') return { ...summary, kind: 'ignore' };
    if (present === 0) return { ...summary, kind: 'empty' };
    const { kind, dates, problem } = inferKind(table, index, options);
    if (problem) return { ...summary, kind: 'faulty', problem: inVoice(problem, LIBRARY), levels: topLevels(text) };
    if (dates !== undefined) {
      const [first, last] = ends(text.levels, (level) => parseMoment(level, dates)!.days);
      return { ...summary, kind, first, last };
    }
    if (kind !== 'numeric' && kind !== 'percent') return { ...summary, kind, levels: topLevels(text) };
    const numbers = kind === 'percent' ? percentNumbers(text) : numbersOf(column);
    const { mean, sd, min, max } = moments(numbers, allRows(table.rows));
    return { ...summary, kind, mean, sd, min, max };
  });
}

/** The texts of the smallest and of the largest value. */
const ends = (texts: readonly string[], valueOf: (text: string) => number): [string, string] => {
  const by = (better: (a: number, b: number) => boolean): string =>
    texts.reduce((best, text) => (better(valueOf(text), valueOf(best)) ? text : best));
  return [by((a, b) => a < b), by((a, b) => a > b)];
};

function topLevels({ codes, levels }: { codes: Int32Array; levels: string[] }): { level: string; count: number }[] {
  const counts = new Int32Array(levels.length);
  for (const code of codes) if (code >= 0) counts[code]++;
  return levels
    .map((level, i) => ({ level, count: counts[i] }))
    .sort((a, b) => b.count - a.count)
    .slice(0, 10)
    .map(({ level, count }) => ({ level: level.length > LONGEST ? `${level.slice(0, LONGEST)}…` : level, count }));
}
