// The results: a file of one JSON document a line. Lines are only ever added, so that a stopped study goes on.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { keyOf } from './cells.mjs';

/** All records, the last one of each cell. A line that was cut off is passed over. */
export function readResults(file) {
  if (!existsSync(file)) return [];
  const records = new Map();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const record = parsed(line);
    // A cell that failed later than it succeeded keeps its figures.
    if (record && !(record.status !== 'done' && records.get(keyOf(record))?.status === 'done')) records.set(keyOf(record), record);
  }
  return [...records.values()];
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

export function appendResult(file, record) {
  mkdirSync(path.dirname(file), { recursive: true });
  const cut = existsSync(file) && readFileSync(file, 'utf8').slice(-1) !== '\n';
  appendFileSync(file, `${cut ? '\n' : ''}${JSON.stringify(record)}\n`);
}
