/** splits.csv of a run: which part each row of the data file went to. */

import { growingIntegers } from '../data/column.js';
import type { Splits } from '../types.js';
import { damaged } from './tables.js';

const HEADER = 'row,split\n';
const PARTS = ['train', 'validation', 'test'] as const;

/**
 * Rows count from 0, in the order of the file. Bytes are written in place, for of many million rows a text would take as much
 * again.
 */
export function splitsTable(splits: Splits): Buffer {
  const last = PARTS.reduce((most, part) => splits[part].reduce((a, b) => Math.max(a, b), most), -1);
  // 0: a row that no part has.
  const partOf = new Uint8Array(last + 1);
  let size = HEADER.length;
  PARTS.forEach((part, place) => {
    for (const row of splits[part]) {
      partOf[row] = place + 1;
      size += lengthOf(row, part);
    }
  });
  const table = Buffer.allocUnsafe(size);
  let at = table.write(HEADER, 'latin1');
  for (let row = 0; row <= last; row++) {
    if (partOf[row] > 0) at += table.write(`${row},${PARTS[partOf[row] - 1]}\n`, at, 'latin1');
  }
  return table;
}

/** Of the line of a row. */
function lengthOf(row: number, part: string): number {
  let digits = 1;
  for (let rest = row; rest >= 10; rest = Math.floor(rest / 10)) digits++;
  return digits + part.length + 2;
}

/** Reads splits.csv back, line by line: rows may be many million. @throws run.damaged */
export function readSplits(text: string, file: string): Splits {
  if (!text.startsWith(HEADER)) throw damaged(file, `the header should be ${HEADER.trim()}`);
  const [train, validation, test] = PARTS.map(growingIntegers);
  const parts = { train, validation, test };
  for (let at = HEADER.length; at < text.length;) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end < 0 ? text.length : end);
    const [, row, part] = /^(\d+),(train|validation|test)$/.exec(line) ?? [];
    if (end < 0 || row === undefined) throw damaged(file, `the line '${line}'`);
    parts[part as keyof Splits].push(Number(row));
    at = end + 1;
  }
  return { train: train.take(), validation: validation.take(), test: test.take() };
}
