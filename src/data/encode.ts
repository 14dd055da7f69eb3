/** Applies a fitted encoder to rows of any table that has the columns it needs. */

import { closest } from '../config/suggest.js';
import { BnncError, fail } from '../errors.js';
import type { Dataset, EncodedColumn, Encoder, Feature, Target } from '../types.js';
import { allRows, asText, cellText, isMissing, levelNumbers, type Column } from './column.js';
import { notANumber, shorten } from './infer.js';
import { listNames, numbersOf } from './target.js';
import { rowPlace, type Table } from './table.js';

/** Something a person may want to know about rows that are unlike the training rows; one per column and type. */
export interface EncodeNotice {
  /**
   * `unseen-level`: a level no training row had. `unseen-missing`: missing where no training row was. `out-of-range`: a number
   * farther from the training range than that range is wide.
   */
  type: 'unseen-level' | 'unseen-missing' | 'out-of-range';
  column: string;
  /** Rows concerned, the line of the first, and its cell. */
  count: number;
  line: number;
  example: string;
}

export interface EncodeOptions {
  /** `auto`: y is made if the target column is there and not empty throughout. `none`: the target is not looked at. */
  target?: 'auto' | 'none';
  onNotice?: (notice: EncodeNotice) => void;
}

/**
 * Encodes rows (all by default) to n x d standardised inputs, and to n targets if the table has them.
 *
 * Cells that training never showed: a missing one where the feature has no indicator for it, and an unseen level of a two-level
 * feature, become 0, the training average; an unseen level of a larger feature belongs to none of its levels.
 * @throws data.missing-column, data.not-a-number, data.not-finite, data.missing-target, data.unknown-class
 */
export function encode(table: Table, encoder: Encoder, rows: Int32Array = allRows(table.rows), options: EncodeOptions = {}): Dataset {
  const columns = findColumns(table, encoder);
  const width = encoder.features.reduce((sum, feature) => sum + feature.columns.length, 0);
  const data = new Float32Array(rows.length * width);
  let offset = 0;
  encoder.features.forEach((feature, i) => {
    const notices = new Notices(table);
    const job: Job = { table, index: columns[i], feature, missing: encoder.missing, rows, data, offset, width, notices };
    if (feature.kind === 'numeric') encodeNumbers(job);
    else encodeLevels(job);
    notices.tell(feature.name, options.onNotice);
    offset += feature.columns.length;
  });
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

class Notices {
  private readonly found = new Map<EncodeNotice['type'], Omit<EncodeNotice, 'type' | 'column'>>();

  constructor(private readonly table: Table) {}

  add(type: EncodeNotice['type'], column: Column, row: number): void {
    const notice = this.found.get(type);
    if (notice) notice.count++;
    else this.found.set(type, { count: 1, line: this.table.lines[row], example: shorten(cellText(column, row) ?? '') });
  }

  tell(column: string, listener: EncodeOptions['onNotice']): void {
    for (const [type, rest] of this.found) listener?.({ type, column, ...rest });
  }
}

function findColumns(table: Table, encoder: Encoder): number[] {
  const places = new Map(table.names.map((name, i) => [name, i]));
  const absent = encoder.features.map(({ name }) => name).filter((name) => !places.has(name));
  if (absent.length > 0) {
    const known = new Set(encoder.features.map(({ name }) => name));
    const spare = table.names.filter((name) => !known.has(name));
    const near = absent.flatMap((name) => closest(name, spare) ?? []);
    const what = absent.length === 1 ? 'a column is missing' : `${absent.length} columns are missing`;
    const hint = near.length > 0 ? `Did you mean ${listNames(near)}?` : 'The file needs the columns the model was trained on.';
    const where = { file: table.file, line: table.headerLine };
    throw fail('data.missing-column', `${what} that the model needs: ${listNames(absent)}`, { where, hint });
  }
  return encoder.features.map(({ name }) => places.get(name)!);
}

const standardise = ({ mean, scale }: EncodedColumn, raw: number): number => (raw - mean) / scale;

function encodeNumbers(job: Job): void {
  const { table, index, feature, rows, data, offset, width, notices } = job;
  const column = table.columns[index];
  checkNumbers(table, index, rows, job.missing);
  const values = numbersOf(column);
  const hasIndicator = feature.columns.some(({ type }) => type === 'missing');
  const [low, high] = tolerated(feature);
  rows.forEach((row, i) => {
    const value = values[row];
    const missing = Number.isNaN(value);
    if (missing && !hasIndicator) notices.add('unseen-missing', column, row);
    if (value < low || value > high) notices.add('out-of-range', column, row);
    feature.columns.forEach((encoded, j) => {
      let cell = 0;
      if (encoded.type === 'missing') cell = standardise(encoded, missing ? 1 : 0);
      else if (!missing) cell = standardise(encoded, value);
      data[i * width + offset + j] = cell;
      if (!Number.isFinite(data[i * width + offset + j])) throw tooLarge(table, feature.name, row, value);
    });
  });
}

/** The training range, widened by its own width on both sides. */
function tolerated(feature: Feature): [number, number] {
  const range = feature.columns.find(({ type }) => type === 'number')?.range;
  if (range === undefined) return [-Infinity, Infinity];
  return [2 * range[0] - range[1], 2 * range[1] - range[0]];
}

function tooLarge(table: Table, name: string, row: number, value: number): BnncError {
  const hint = 'Correct the cell, or declare it missing in data.missing.';
  return fail('data.not-finite', `column '${name}': ${value} is too far from the training data`, { where: rowPlace(table, row), hint });
}

/** Numbers were seen in training: any text in the rows asked for is a mistake. */
function checkNumbers(table: Table, index: number, rows: Int32Array, missing: readonly string[]): void {
  const column = table.columns[index];
  if (column.type === 'number') return;
  const numbers = levelNumbers(column);
  for (const row of rows) {
    const code = column.codes[row];
    if (code >= 0 && Number.isNaN(numbers[code])) {
      const problem = notANumber(table, index, row, [column.levels[code]]);
      const tokens = missing.filter((text) => text !== '').map((text) => `'${text}'`);
      const hint = `The model was trained on numbers here; a missing cell is ${['empty', ...tokens].join(' or ')}.`;
      throw new BnncError({ ...problem, hint });
    }
  }
}

function encodeLevels(job: Job): void {
  const { table, index, feature, rows, data, offset, width, notices } = job;
  const column = asText(table.columns[index]);
  const known = new Set(feature.levels ?? feature.columns.flatMap(({ level }) => level ?? []));
  const hasIndicator = feature.columns.some(({ type }) => type === 'missing');
  rows.forEach((row, i) => {
    const level = column.codes[row] < 0 ? undefined : column.levels[column.codes[row]];
    const unseen = level !== undefined && !known.has(level);
    if (unseen) notices.add('unseen-level', column, row);
    if (level === undefined && !hasIndicator) notices.add('unseen-missing', column, row);
    const average = level === undefined ? !hasIndicator : unseen && known.size === 2;
    feature.columns.forEach((encoded, j) => {
      const raw = encoded.type === 'missing' ? level === undefined : level === encoded.level;
      data[i * width + offset + j] = average && encoded.type === 'level' ? 0 : standardise(encoded, raw ? 1 : 0);
    });
  });
}

function encodeTarget(table: Table, { target, missing }: Encoder, rows: Int32Array): Float32Array | undefined {
  const index = table.names.indexOf(target.name);
  if (index < 0) return undefined;
  const column = table.columns[index];
  const gap = rows.findIndex((row) => isMissing(column, row));
  if (gap >= 0) {
    if (rows.every((row) => isMissing(column, row))) return undefined;
    const message = `column '${target.name}': the target is missing in this row`;
    throw fail('data.missing-target', message, { where: rowPlace(table, rows[gap]), hint: 'Remove the rows without a target.' });
  }
  if (target.task === 'regression') {
    checkNumbers(table, index, rows, missing);
    const values = numbersOf(column);
    return Float32Array.from(rows, (row) => (values[row] - target.mean) / target.scale);
  }
  const classes = new Map(target.levels.map((level, i) => [level, i]));
  return Float32Array.from(rows, (row) => {
    const label = cellText(column, row)!;
    const index = classes.get(label);
    if (index === undefined) throw unknownClass(table, target, row, label);
    return index;
  });
}

function unknownClass(table: Table, target: Target & { levels: string[] }, row: number, label: string): BnncError {
  const message = `column '${target.name}': '${shorten(label)}' is not one of the classes ${listNames(target.levels)}`;
  const near = closest(label, target.levels);
  const hint = near === undefined ? 'The model was trained without this class.' : `Did you mean '${near}'?`;
  return fail('data.unknown-class', message, { where: rowPlace(table, row), hint });
}
