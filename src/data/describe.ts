/** What is in a table, without judging it: for `init`, `inspect` and error messages of the caller. */

import { inVoice, type Problem } from '../errors.js';
import { allRows, asText, numbersOf } from './column.js';
import { inferKind, presentCells, type ColumnOptions } from './infer.js';
import { moments } from '../maths/statistics.js';
import type { Table } from './table.js';
import { LIBRARY } from '../voice.js';

/** One column in short. */
export interface ColumnSummary {
  name: string;
  /** Inferred or asked for; `empty` when every cell is missing, `faulty` when `problem` says why it cannot be read. */
  kind: 'numeric' | 'categorical' | 'identifier' | 'ignore' | 'empty' | 'faulty';
  problem?: Problem;
  missing: number;
  distinct: number;
  /** Numbers only. */
  mean?: number;
  sd?: number;
  min?: number;
  max?: number;
  /** Texts only: the most frequent levels, at most ten, with their counts, descending. */
  levels?: { level: string; count: number }[];
}

/** Describes every column over all rows; never throws. */
export function describeTable(table: Table, options: ColumnOptions = { columns: {} }): ColumnSummary[] {
  return table.names.map((name, index) => {
    const column = table.columns[index];
    const text = asText(column);
    const present = presentCells(column);
    const summary = { name, missing: table.rows - present, distinct: text.levels.length };
    if (options.columns[name]?.kind === 'ignore') return { ...summary, kind: 'ignore' };
    if (present === 0) return { ...summary, kind: 'empty' };
    const { kind, problem } = inferKind(table, index, options);
    if (problem) return { ...summary, kind: 'faulty', problem: inVoice(problem, LIBRARY), levels: topLevels(text) };
    if (kind !== 'numeric') return { ...summary, kind, levels: topLevels(text) };
    const { mean, sd, min, max } = moments(numbersOf(column), allRows(table.rows));
    return { ...summary, kind, mean, sd, min, max };
  });
}

function topLevels({ codes, levels }: { codes: Int32Array; levels: string[] }): { level: string; count: number }[] {
  const counts = new Int32Array(levels.length);
  for (const code of codes) if (code >= 0) counts[code]++;
  return levels
    .map((level, i) => ({ level, count: counts[i] }))
    .sort((a, b) => b.count - a.count)
    .slice(0, 10);
}
