/** Fits one column on training rows. */

import { moments } from '../maths/statistics.js';
import type { DateOrder, EncodedColumn, Feature } from '../types.js';
import { withOneWriting } from './boolean.js';
import type { Codes } from './codes.js';
import { asText, missingRows, numbersAt, type Column } from './column.js';
import { DATE_PARTS, parseMoment, partOf } from './date.js';
import { cellNumbers } from './feature.js';
import type { Verdict } from './infer.js';
import { SHARED, withShared, type MinLevel } from './rare.js';
import { CLIP, isWild, wildReach } from './wild.js';
import { sortLevels } from './number.js';
import { levelTexts } from './ordinal.js';

/**
 * Indicators are divided by at least this: the standard deviation of a level that one row in a hundred has is 0.1, and would
 * blow that row up to ten.
 */
const SMALLEST_INDICATOR_SCALE = 0.2;

/** A column whose standard deviation is below this share of its mean is constant. */
const ROUNDING = 1e-10;

type Found = Extract<Verdict, { problem?: undefined }>;

const IDENTIFIERS: Record<Codes, string> = { long: 'keys of more than 15 digits', zeros: 'identifier-like codes with leading zeros' };

export interface FitFeature {
  /** The training rows. */
  rows: Int32Array;
  /** Of all rows of the table; absent: 1 each. */
  weights?: Float32Array | undefined;
  /** Of an ordinal column, from the lowest to the highest. */
  levels?: readonly (string | number)[] | undefined;
  /** Rows that a level needs to have one of its own. Default: 1. */
  minLevel?: MinLevel | undefined;
}

/** A feature, or the reason why the column is none. */
export function fitFeature(
  name: string, { kind, codes, dates }: Found, column: Column, { rows, weights, levels, minLevel = 1 }: FitFeature,
): Feature | string {
  if (kind === 'identifier') return codes === undefined ? 'identifier-like' : IDENTIFIERS[codes];
  const absent = missingRows(column, rows);
  if (absent.length === rows.length) return 'all missing';
  const share = (some: Int32Array): number => totalOf(some, weights) / totalOf(rows, weights);
  const indicator = absent.length > 0 ? [indicatorColumn(name, 'missing', undefined, share(absent))] : [];
  const feature = fitters[kind](name, column, rows, { order: dates, levels, minLevel, weights });
  const columns = [...feature.columns, ...indicator];
  if (columns.length === 0 && feature.shared !== undefined) return 'rare levels alone, see data.minLevel';
  return columns.length === 0 ? 'constant' : { ...feature, columns, missing: absent.length > 0 };
}

interface Extra {
  order: DateOrder | undefined;
  levels: FitFeature['levels'];
  minLevel: MinLevel;
  weights: FitFeature['weights'];
}

type Fitter = (name: string, column: Column, rows: Int32Array, extra: Extra) => Feature;

const fitters: Record<Exclude<Found['kind'], 'identifier'>, Fitter> = {
  numeric: (name, column, rows, { weights }) => fitNumbers({ name, kind: 'numeric', columns: [] }, column, rows, weights),
  percent: (name, column, rows, { weights }) => fitNumbers({ name, kind: 'numeric', columns: [], form: 'percent' }, column, rows, weights),
  ordinal: (name, column, rows, { levels, weights }) =>
    fitNumbers({ name, kind: 'numeric', columns: [], form: 'ordinal', levels: levelTexts(levels ?? []) }, column, rows, weights),
  boolean: (name, column, rows, extra) => fitLevels(name, withOneWriting(column), rows, { ...extra, minLevel: 1 }),
  categorical: fitLevels,
  date: fitDates,
};

function fitNumbers(feature: Feature, column: Column, rows: Int32Array, weights?: Float32Array): Feature {
  return { ...feature, columns: numberColumn(feature.name, cellNumbers(column, feature), rows, weights) };
}

/** @param values of all rows; NaN where there is none */
function numberColumn(name: string, values: Float64Array, rows: Int32Array, weights?: Float32Array): EncodedColumn[] {
  const all = moments(values, rows);
  const wild = wildReach(values, rows, rows, all);
  const near = wild ? rows.filter((row) => !isWild(values[row], wild)) : rows;
  const { mean, sd, min, max, constant } = wild || weights ? moments(values, near, weights) : all;
  // Only the rounding of a sum or a unit: a network would take that noise for a signal.
  const rounding = sd < ROUNDING * Math.abs(mean);
  return constant || rounding ? [] : [{ name, type: 'number', mean, scale: sd, ...(wild && { clip: CLIP }), range: [min, max] }];
}

function fitDates(name: string, column: Column, rows: Int32Array, { order = 'iso', weights }: Extra): Feature {
  const { levels, codes } = asText(column);
  const written = levels.map((level) => parseMoment(level, order));
  const columns = DATE_PARTS.flatMap((part) => {
    const values = written.map((moment) => (moment ? partOf(moment, part) : NaN));
    const cells = numbersAt(codes, Float64Array.from(values));
    return numberColumn(`${name}=${part}`, cells, rows, weights).map((encoded) => ({ ...encoded, part }));
  });
  const days = moments(numbersAt(codes, Float64Array.from(written, (moment) => moment?.days ?? NaN)), rows);
  return { name, kind: 'date', columns, dates: { order, days: [days.min, days.max] } };
}

function fitLevels(name: string, column: Column, rows: Int32Array, { minLevel, weights }: Extra): Feature {
  const all = countLevels(column, rows);
  const counts = withShared(all, minLevel);
  const levels = sortLevels([...counts.keys()]);
  const modelled = levels.length === 2 ? levels.slice(1) : levels.length === 1 ? [] : levels;
  const total = totalOf(rows, weights);
  const masses = weights ? shared(countLevels(column, rows, weights), counts) : counts;
  const columns = modelled.map((level) => indicatorColumn(name, 'level', level, masses.get(level)! / total));
  return { name, kind: 'categorical', columns, levels, ...(counts !== all && { shared: SHARED }) };
}

/** The weights of all levels, those that `kept` does not know under {@link SHARED}. */
function shared(weights: ReadonlyMap<string, number>, kept: ReadonlyMap<string, number>): Map<string, number> {
  const sums = new Map([...kept.keys()].map((level) => [level, 0]));
  for (const [level, weight] of weights) {
    const own = kept.has(level) ? level : SHARED;
    sums.set(own, sums.get(own)! + weight);
  }
  return sums;
}

/** The indicator of something that this share of the training rows has. */
function indicatorColumn(feature: string, type: 'level' | 'missing', level: string | undefined, mean: number): EncodedColumn {
  const scale = Math.max(Math.sqrt(mean * (1 - mean)), SMALLEST_INDICATOR_SCALE);
  const name = `${feature}=${level ?? 'missing'}`;
  return level === undefined ? { name, type, mean, scale } : { name, type, level, mean, scale };
}

const totalOf = (rows: Int32Array, weights?: Float32Array): number =>
  (weights ? rows.reduce((sum, row) => sum + weights[row], 0) : rows.length);

/** Training rows of each level, or what they weigh. */
function countLevels(column: Column, rows: Int32Array, weights?: Float32Array): Map<string, number> {
  const { codes, levels } = asText(column);
  // By code first: a map of texts would be asked for every cell.
  const sums = new Float64Array(levels.length);
  const order: number[] = [];
  const isSeen = new Uint8Array(levels.length);
  for (const row of rows) {
    const code = codes[row];
    if (code < 0) continue;
    if (isSeen[code] === 0) {
      isSeen[code] = 1;
      order.push(code);
    }
    sums[code] += weights ? weights[row] : 1;
  }
  return new Map(order.map((code) => [levels[code], sums[code]]));
}
