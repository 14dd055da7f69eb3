/**
 * Fits an encoder on training rows: nothing about validation or test rows enters means, scales or levels. (Whether a column is
 * numeric or categorical, and the list of class labels, are read off the whole table.)
 */

import type { Config } from '../config/schema.js';
import { closest } from '../suggest.js';
import { fail, type Problem } from '../errors.js';
import type { EncodedColumn, Encoder, Feature } from '../types.js';
import type { Codes } from './codes.js';
import { asText, isMissing, numbersOf, type Column } from './column.js';
import { inferKind, throwProblems, type Verdict } from './infer.js';
import { moments } from '../maths/statistics.js';
import { sortLevels } from './number.js';
import { columnRoles, type RowFactOptions } from './row-facts.js';
import { styleOf, type StyleOptions } from './style.js';
import type { Table } from './table.js';
import { fitTarget } from './target.js';
import { listNames } from './wording.js';
import type { Words } from '../voice.js';

export type EncoderOptions = Pick<Config['data'], 'target' | 'task' | 'missing' | 'columns'> & StyleOptions & RowFactOptions;

/**
 * Indicators are divided by at least this: the standard deviation of a level that one row in a hundred has is 0.1, and would
 * blow that row up to ten.
 */
const SMALLEST_INDICATOR_SCALE = 0.2;

/** A column whose standard deviation is below this share of its mean is constant. */
const ROUNDING = 1e-10;

/**
 * Learns how a row of this table becomes network inputs.
 *
 * A numeric column becomes (x - mean) / sd; a categorical one an indicator per level (one only, of the second level, when there
 * are two); either gets an indicator `name=missing` if training rows lack it. Columns that do not vary are left out.
 * @param rows the training rows
 * @throws data.unknown-column, data.all-missing-column, data.not-a-number, data.not-finite, data.no-inputs, and what the target
 *   may raise (see `resolveTarget`)
 */
export function fitEncoder(table: Table, rows: Int32Array, options: EncoderOptions): Encoder {
  checkOverrides(table, options);
  const target = fitTarget(table, rows, options);
  const features: Feature[] = [];
  const dropped: Encoder['dropped'] = [];
  const problems: Problem<Words>[] = [];
  const roles = columnRoles(options);
  table.names.forEach((name, index) => {
    if (name === options.target) return;
    if (roles.has(name)) return dropped.push({ name, reason: roles.get(name)! });
    if (options.columns[name]?.kind === 'ignore') return dropped.push({ name, reason: 'ignored in the config' });
    const verdict = inferKind(table, index, options);
    if (verdict.problem) return problems.push(verdict.problem);
    const feature = fitFeature(name, verdict, table.columns[index], rows);
    if (typeof feature === 'string') dropped.push({ name, reason: feature });
    else features.push(feature);
  });
  throwProblems(problems);
  if (features.length === 0) throw noInputs(table, dropped);
  const style = styleOf(options);
  return { schemaVersion: 1, features, target, missing: [...options.missing], ...(style && { style }), dropped };
}

/** Keeps the encoded columns whose flag is true (in the order of the network's inputs); features left without any are dropped. */
export function subsetEncoder(encoder: Encoder, keptColumns: readonly boolean[]): Encoder {
  let at = 0;
  const features: Feature[] = [];
  const dropped = [...encoder.dropped];
  for (const feature of encoder.features) {
    const columns = feature.columns.filter(() => keptColumns[at++]);
    if (columns.length > 0) features.push({ ...feature, columns });
    else dropped.push({ name: feature.name, reason: 'pruned' });
  }
  if (at !== keptColumns.length) throw new RangeError(`${keptColumns.length} flags for ${at} encoded columns`);
  return { ...encoder, features, dropped };
}

function checkOverrides(table: Table, { columns }: EncoderOptions): void {
  const known = new Set(table.names);
  throwProblems(Object.keys(columns).filter((name) => !known.has(name)).map((name) => {
    const near = closest(name, table.names);
    const hint = near === undefined ? `The columns are ${listNames(table.names)}.` : `Did you mean '${near}'?`;
    const where = { file: table.file, line: table.headerLine };
    return { code: 'data.unknown-column', message: `there is no column '${name}', which data.columns names`, hint, where };
  }));
}

function noInputs(table: Table, dropped: Encoder['dropped']) {
  const reasons = dropped.slice(0, 5).map(({ name, reason }) => `'${name}' (${reason})`).join(', ');
  const left = `no input column is left of ${dropped.length}: ${reasons}`;
  const message = dropped.length === 0 ? 'the target is the only column' : left;
  const hint = 'Inputs must vary over the training rows. data.columns: {name: {kind: categorical}} keeps a column like an identifier.';
  return fail('data.no-inputs', message, { where: { file: table.file }, hint });
}

type Found = Extract<Verdict, { problem?: undefined }>;

const IDENTIFIERS: Record<Codes, string> = { long: 'keys of more than 15 digits', zeros: 'identifier-like codes with leading zeros' };

/** A feature, or the reason why the column is none. */
function fitFeature(name: string, { kind, codes }: Found, column: Column, rows: Int32Array): Feature | string {
  if (kind === 'identifier') return codes === undefined ? 'identifier-like' : IDENTIFIERS[codes];
  const missing = rows.reduce((count, row) => count + (isMissing(column, row) ? 1 : 0), 0);
  if (missing === rows.length) return 'all missing';
  const indicator = missing > 0 ? [indicatorColumn(name, 'missing', undefined, missing, rows.length)] : [];
  if (kind === 'numeric') {
    const columns = [...numberColumns(name, column, rows), ...indicator];
    return columns.length === 0 ? 'constant' : { name, kind, columns, missing: missing > 0 };
  }
  const { levels, counts } = countLevels(column, rows);
  const modelled = levels.length === 2 ? levels.slice(1) : levels.length === 1 ? [] : levels;
  const columns = modelled.map((level) => indicatorColumn(name, 'level', level, counts.get(level)!, rows.length));
  columns.push(...indicator);
  return columns.length === 0 ? 'constant' : { name, kind, columns, levels, missing: missing > 0 };
}

function numberColumns(name: string, column: Column, rows: Int32Array): EncodedColumn[] {
  const { mean, sd, min, max, constant } = moments(numbersOf(column), rows);
  // Only the rounding of a sum or a unit: a network would take that noise for a signal.
  const rounding = sd < ROUNDING * Math.abs(mean);
  return constant || rounding ? [] : [{ name, type: 'number', mean, scale: sd, range: [min, max] }];
}

/** The indicator of something that `count` of n training rows have. */
function indicatorColumn(
  feature: string,
  type: 'level' | 'missing',
  level: string | undefined,
  count: number,
  n: number,
): EncodedColumn {
  const mean = count / n;
  const scale = Math.max(Math.sqrt(mean * (1 - mean)), SMALLEST_INDICATOR_SCALE);
  const name = `${feature}=${level ?? 'missing'}`;
  return level === undefined ? { name, type, mean, scale } : { name, type, level, mean, scale };
}

function countLevels(column: Column, rows: Int32Array): { levels: string[]; counts: Map<string, number> } {
  const text = asText(column);
  const counts = new Map<string, number>();
  for (const row of rows) {
    const level = text.codes[row] < 0 ? undefined : text.levels[text.codes[row]];
    if (level !== undefined) counts.set(level, (counts.get(level) ?? 0) + 1);
  }
  return { levels: sortLevels([...counts.keys()]), counts };
}
