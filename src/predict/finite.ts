/** Predictions that are no numbers: a cell so large that the network overflows on it must not give an empty line. */

import { cellFeatures } from '../data/feature.js';
import type { Table } from '../data/index.js';
import { fail, type BnncError } from '../errors.js';
import type { OutputDraws } from '../likelihood/index.js';
import type { Encoder, Matrix } from '../types.js';

/** The rows that outputs were computed from: encoded x [n, d], and the table they stood in, which tells the line. */
export interface EncodedRows {
  x: Matrix;
  encoder: Encoder;
  table?: Pick<Table, 'file' | 'lines'> | undefined;
}

/** The same outputs. @throws data.not-finite for the first row whose outputs are not all finite */
export function finiteOutputs(draws: OutputDraws, from: EncodedRows): OutputDraws {
  const bad = draws.values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return draws;
  throw overflow(from, Math.floor(bad / draws.outputs) % draws.rows);
}

/** The error for a row that no prediction can be made for; blames the cell that is farthest from the training data. */
export function overflow({ x, encoder, table }: EncodedRows, row: number): BnncError {
  const cells = x.data.subarray(row * x.cols, (row + 1) * x.cols);
  let worst = 0;
  cells.forEach((cell, at) => { if (Math.abs(cell) > Math.abs(cells[worst])) worst = at; });
  const owners = cellFeatures(encoder.features).flatMap(({ name, columns }) => columns.map(() => name));
  const column = owners.length > 0 ? `column '${owners[worst]}': ` : '';
  const deviations = Math.abs(cells[worst] ?? 0).toPrecision(2);
  const message = `${column}the prediction for this row is not a finite number`;
  const hint = `The cell is ${deviations} standard deviations from the training data: correct it, or leave it empty.`;
  return fail('data.not-finite', message, { where: table && { file: table.file, line: table.lines[row] }, hint });
}
