// Real data: CSV files of one folder, their given splits, and stratified folds.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileSource, readTable, Stream } from 'bnnc/parts';
import { range } from './columns.mjs';

const MISSING = ['', 'NA', '?'];

/** The file's name below the folder, gzipped or not; undefined when there is none. */
export const findFile = (folder, name) =>
  [`${name}.csv`, `${name}.csv.gz`].map((file) => path.join(folder, file)).find((file) => existsSync(file));

export const readData = (folder, name) => readTable(fileSource(findFile(folder, name), name), { delimiter: ',', missing: MISSING });

/** The last column is the target. */
export const targetOf = (table) => table.names.at(-1);

/** Split k of NAME.splits.csv: a column of 1 for the test rows. */
export function givenSplit(folder, name, k) {
  const [, ...lines] = readFileSync(path.join(folder, `${name}.splits.csv`), 'utf8').trim().split('\n');
  return parts(lines.map((line) => Number(line.split(',')[k])), (fold) => fold === 1);
}

/**
 * Fold `fold` (from 0) of `folds`, each class dealt out evenly; rows of a number target are dealt as one class.
 * The assignment follows from the name of the set alone.
 */
export function stratifiedFold(table, name, { task, folds, fold }) {
  return parts(foldsOf(classCodes(table, task), folds, Stream.fromSeed('folds').split(name)), (of) => of === fold);
}

function classCodes({ columns, rows }, task) {
  if (task === 'regression') return new Int32Array(rows);
  const column = columns.at(-1);
  if (column.type === 'text') return column.codes;
  const levels = [...new Set(column.values)];
  return Int32Array.from(column.values, (value) => levels.indexOf(value));
}

/** Deals the rows of each class in turn, going on where the class before stopped, so that folds differ by one row at most. */
export function foldsOf(codes, folds, stream) {
  const assigned = new Int32Array(codes.length);
  let next = 0;
  for (const code of [...new Set(codes)].sort((a, b) => a - b)) {
    const rows = [...codes.keys()].filter((row) => codes[row] === code);
    for (const at of stream.split(code).permutation(rows.length)) assigned[rows[at]] = next++ % folds;
  }
  return assigned;
}

function parts(folds, isTest) {
  const rows = Array.from(range(0, folds.length));
  const pick = (test) => Int32Array.from(rows.filter((row) => isTest(folds[row]) === test));
  return { train: pick(false), validation: new Int32Array(0), test: pick(true) };
}
