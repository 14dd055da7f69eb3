/** Where a result goes: not over what is read, and to a file that appears when all of it is written. */

import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fail } from '../errors.js';
import { json, openPending, type PendingFile } from '../store/files.js';
import { owningFolder } from '../store/ownership.js';
import { fileOf } from '../table-path.js';
import { option, words } from '../voice.js';

import { csvLine, csvTable, safeCsvLine } from '../data/write-csv.js';
export { tableFormat } from '../data/write-table.js';
export { INPUT_COLUMNS, inputCells } from '../store/tables.js';
export type { PendingFile };

/** A CSV with a header. @param safe for spreadsheets: without texts that they would run */
export const tableText = (header: readonly string[], rows: Iterable<readonly (string | number)[]>, safe = false): string =>
  csvTable(header, rows, safe ? safeCsvLine : csvLine);

/** The version of all JSON documents. */
const SCHEMA_VERSION = 1;

/** A result as a JSON document. */
export const documentText = (document: object): string => json({ schemaVersion: SCHEMA_VERSION, ...document });

/** A file that appears at `path` when it is committed. @throws run.not-writable */
export const openFile = (path: string, cwd: string): Promise<PendingFile> => openPending(resolve(cwd, path), path);

/**
 * The input may still be needed when the output is put in place, and a run or model without one of its parts is lost; and
 * nobody means it.
 * @param inputs files that the command, or the run that it is about, reads; `-` is stdin
 * @throws usage.same-file
 */
export async function refuseLoss(
  inputs: readonly (string | null | undefined)[], out: string | undefined, cwd: string,
): Promise<void> {
  if (out === undefined || out === '-') return;
  const written = await trueName(resolve(cwd, out));
  const files = inputs.map((path) => (typeof path === 'string' ? fileOf(path) : undefined));
  const read = await Promise.all(files.filter((path) => path !== undefined && path !== '-')
    .map((path) => realpath(resolve(cwd, path!)).catch(() => undefined)));
  if (read.includes(written)) throw fail('usage.same-file', words`${option('out', out)} would replace the input`, { hint: 'Name another file.' });
  const owner = await owningFolder(written);
  if (owner === undefined) return;
  throw fail('usage.same-file', words`${option('out', out)} would replace a part of the ${owner}`, { hint: 'Name another file.' });
}

/** Links followed, of the file or, when that is not there yet, of its folder. */
const trueName = (path: string): Promise<string> => realpath(path).catch(async () =>
  join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path)));
