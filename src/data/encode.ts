/** Applies a fitted encoder to rows of any table that has the columns it needs. */

import { closest } from '../suggest.js';
import { fail, type BnncError } from '../errors.js';
import { finish } from '../steps.js';
import type { Dataset, Encoder, Feature } from '../types.js';
import { allRows, asText, isMissing } from './column.js';
import { partOf } from './date.js';
import { expectDates, expectFeature } from './expect.js';
import { cellFeatures, columnCount, levelReader, levelsOf, trainedOnMissing } from './feature.js';
import { Notices, type EncodeNotice } from './notice.js';
import { encodeTarget } from './outcome.js';
import { standardise } from './standardise.js';
import { rowPlace, type Table } from './table.js';
import { listNames } from './wording.js';

export type { EncodeNotice };

export interface EncodeOptions {
  /** `auto`: y is made if the target column is there and not empty throughout. `none`: the target is not looked at. */
  target?: 'auto' | 'none';
  onNotice?: ((notice: EncodeNotice) => void) | undefined;
}

/**
 * Encodes rows (all by default) to n x d standardised inputs, and to n targets if the table has them.
 *
 * Cells that training never showed: a missing one where no training row was, and an unseen level of a two-level feature, become
 * 0, the training average; so does one of an ordinal feature; that of a larger feature belongs to none of its levels.
 * @throws data.missing-column, data.not-a-number, data.not-finite, data.wrong-cell, data.missing-target, data.unknown-class
 */
export const encode = (
  table: Table, encoder: Encoder, rows: Int32Array = allRows(table.rows), options: EncodeOptions = {},
): Dataset => finish(encodeSteps(table, encoder, rows, options));

/** The same, which may be left between two columns. */
export function* encodeSteps(
  table: Table, encoder: Encoder, rows: Int32Array, options: EncodeOptions = {},
): Generator<void, Dataset> {
  const features = cellFeatures(encoder.features);
  const columns = findColumns(table, features);
  const width = columnCount(encoder.features);
  const data = new Float32Array(rows.length * width);
  let offset = 0;
  for (const [i, feature] of features.entries()) {
    yield;
    const notices = new Notices(table);
    const job: Job = { table, index: columns[i], feature, missing: encoder.missing, rows, data, offset, width, notices };
    ENCODERS[feature.kind as CellKind](job);
    notices.tell(feature.name, options.onNotice);
    offset += feature.columns.length;
  }
  const x = { rows: rows.length, cols: width, data };
  const y = options.target === 'none' ? undefined : encodeTarget(table, encoder, rows);
  return y === undefined ? { x } : { x, y };
}

/** One feature's way into the matrix: its encoded columns begin at `offset` of each row of `width`. */
interface Job {
  table: Table;
  index: number;
  feature: Feature;
  missing: readonly string[];
  rows: Int32Array;
  data: Float32Array;
  offset: number;
  width: number;
  notices: Notices;
}

function findColumns(table: Table, features: readonly Feature[]): number[] {
  const places = new Map(table.names.map((name, i) => [name, i]));
  const absent = features.map(({ name }) => name).filter((name) => !places.has(name));
  if (absent.length > 0) {
    const known = new Set(features.map(({ name }) => name));
    const spare = table.names.filter((name) => !known.has(name));
    const near = absent.slice(0, 5).flatMap((name) => closest(name, spare) ?? []);
    const what = absent.length === 1 ? 'a column is missing' : `${absent.length} columns are missing`;
    const hint = near.length > 0 ? `Did you mean ${listNames(near)}?` : 'The file needs the columns the model was trained on.';
    const where = { file: table.file, line: table.headerLine };
    throw fail('data.missing-column', `${what} that the model needs: ${listNames(absent)}`, { where, hint });
  }
  return features.map(({ name }) => places.get(name)!);
}

function encodeNumbers(job: Job): void {
  const { table, index, feature, rows, data, offset, width, notices } = job;
  const column = table.columns[index];
  const values = expectFeature(table, index, rows, job);
  const knowsMissing = trainedOnMissing(feature);
  const [low, high] = tolerated(feature);
  const { columns } = feature;
  for (let i = 0, start = offset; i < rows.length; i++, start += width) {
    const row = rows[i];
    const value = values[row];
    const isNone = Number.isNaN(value);
    const missing = isNone && isMissing(column, row);
    if (missing && !knowsMissing) notices.add('unseen-missing', column, row);
    else if (!missing && isNone) notices.add('unseen-level', column, row);
    if (value < low || value > high) notices.add('out-of-range', column, row);
    for (let j = 0; j < columns.length; j++) {
      const encoded = columns[j];
      let cell = 0;
      if (encoded.type === 'missing') cell = standardise(encoded, missing ? 1 : 0);
      else if (!isNone) cell = standardise(encoded, value);
      data[start + j] = cell;
      if (!Number.isFinite(data[start + j])) throw tooLarge(table, feature.name, row, value);
    }
  }
}

function encodeDates(job: Job): void {
  const { table, index, feature, rows, data, offset, width, notices } = job;
  const column = table.columns[index];
  const momentOf = expectDates(table, index, rows, { missing: job.missing, order: feature.dates!.order });
  const knowsMissing = trainedOnMissing(feature);
  const [low, high] = tolerated(feature);
  const { columns } = feature;
  for (let i = 0, start = offset; i < rows.length; i++, start += width) {
    const row = rows[i];
    const moment = momentOf(row);
    if (!moment && !knowsMissing) notices.add('unseen-missing', column, row);
    if (moment && (moment.days < low || moment.days > high)) notices.add('out-of-range', column, row);
    for (let j = 0; j < columns.length; j++) {
      const encoded = columns[j];
      const raw = encoded.type === 'missing' ? Number(!moment) : moment && partOf(moment, encoded.part!);
      data[start + j] = raw === undefined ? 0 : standardise(encoded, raw);
    }
  }
}

/** The training range, widened by its own width on both sides. */
function tolerated(feature: Feature): [number, number] {
  const range = feature.dates?.days ?? feature.columns.find(({ type }) => type === 'number')?.range;
  if (range === undefined) return [-Infinity, Infinity];
  return [2 * range[0] - range[1], 2 * range[1] - range[0]];
}

function tooLarge(table: Table, name: string, row: number, value: number): BnncError {
  const hint = 'Correct the cell, or leave it empty.';
  const message = `column '${name}': ${value} is too far from the training data`;
  return fail('data.not-finite', message, { where: rowPlace(table, row), hint });
}

function encodeLevels(job: Job): void {
  const { table, index, feature, rows, data, offset, width, notices } = job;
  const column = asText(table.columns[index]);
  const { codes } = column;
  const levels = column.levels.map(levelReader(feature));
  const two = levelsOf(feature).length === 2;
  const knowsMissing = trainedOnMissing(feature);
  const { columns } = feature;
  // What a row has that is of the column's level, or lacks the cell, and what any other has.
  const [on, off] = [1, 0].map((raw) => Float64Array.from(columns, (encoded) => standardise(encoded, raw)));
  const places = new Map(columns.map(({ type, level }, j) => [type === 'missing' ? undefined : level, j]));
  const placeOf = Int32Array.from(levels, (level) => (level === undefined ? -1 : places.get(level) ?? -1));
  const ofMissing = places.get(undefined) ?? -1;
  for (let i = 0, start = offset; i < rows.length; i++, start += width) {
    const row = rows[i];
    const code = codes[row];
    const missing = code < 0;
    const unseen = !missing && levels[code] === undefined;
    if (unseen) notices.add('unseen-level', column, row);
    if (missing && !knowsMissing) notices.add('unseen-missing', column, row);
    const average = missing ? !knowsMissing : unseen && two;
    const place = missing ? ofMissing : placeOf[code];
    for (let j = 0; j < columns.length; j++) {
      data[start + j] = average && columns[j].type === 'level' ? 0 : j === place ? on[j] : off[j];
    }
  }
}

type CellKind = Exclude<Feature['kind'], 'group'>;

const ENCODERS: Record<CellKind, (job: Job) => void> = { numeric: encodeNumbers, categorical: encodeLevels, date: encodeDates };
