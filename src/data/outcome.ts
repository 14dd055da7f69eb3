/** The target side of encoding. */

import { classesOf, eachOf, numberLikelihoodOf, unfit, unitsOf } from '../likelihood/index.js';
import { closest } from '../suggest.js';
import { fail, type BnncError } from '../errors.js';
import type { Encoder, Target } from '../types.js';
import { BOOLEANS, booleanLevels } from './boolean.js';
import { cellText, missingRows } from './column.js';
import { expectNumbers, expectPercents } from './expect.js';
import { rowPlace, type Table } from './table.js';
import { listNames, shorten } from './wording.js';

/**
 * The targets of some rows, of several the first, standardised or as class indices; undefined if the table has no target column
 * or only missing cells in it.
 * @throws data.missing-target, data.not-a-number, data.not-finite, data.wrong-cell, data.target-range,
 *   data.unknown-class
 */
export function encodeTarget(
  table: Table, { target: whole, targetForm, missing }: Encoder, rows: Int32Array,
): Float32Array | undefined {
  const [target] = eachOf(whole);
  const index = table.names.indexOf(target.name);
  if (index < 0) return undefined;
  const column = table.columns[index];
  const gaps = missingRows(column, rows);
  if (gaps.length > 0) {
    if (gaps.length === rows.length) return undefined;
    const message = `column '${target.name}': the target is missing in this row`;
    throw fail('data.missing-target', message, { where: rowPlace(table, gaps[0]), hint: 'Remove the rows without a target.' });
  }
  const y = new Float32Array(rows.length);
  const labels = classesOf(target);
  if (!labels) {
    const values = targetForm ? expectPercents(table, index, rows, missing) : expectNumbers(table, index, rows, missing);
    checkFaults(table, target, values, rows);
    const { scale, shift } = unitsOf(target);
    for (let at = 0; at < rows.length; at++) y[at] = (values[rows[at]] - shift) / scale;
    const far = y.findIndex((value) => !Number.isFinite(value));
    if (far < 0) return y;
    const message = `column '${target.name}': the target ${values[rows[far]]} is too far from the training data`;
    throw fail('data.not-finite', message, { where: rowPlace(table, rows[far]), hint: 'Correct the cell, or remove the row.' });
  }
  const classes = new Map(labels.map((level, i) => [level, i]));
  const sides = booleanLevels(labels);
  const classAt = (row: number): number => {
    const label = cellText(column, row)!;
    const meant = BOOLEANS.get(label);
    const index = classes.get(label) ?? classes.get((sides && meant && sides[meant.yes ? 'yes' : 'no']) ?? label);
    if (index === undefined) throw unknownClass(table, target.name, labels, row, label);
    return index;
  };
  const cells = column.type === 'number' ? column.values : column.codes;
  /** Cells, as they are kept, of which the class is known. */
  const known = new Map<number, number>();
  for (let at = 0; at < rows.length; at++) {
    const cell = cells[rows[at]];
    let index = known.get(cell);
    if (index === undefined) known.set(cell, (index = classAt(rows[at])));
    y[at] = index;
  }
  return y;
}

/** @throws data.target-range for a number that the likelihood gives no density */
function checkFaults(table: Table, target: Target, values: Float64Array, rows: Int32Array): void {
  const fault = numberLikelihoodOf(target)?.fault;
  if (!fault) return;
  const bad = rows.find((row) => fault(values[row]) !== undefined);
  if (bad === undefined) return;
  throw unfit({ name: target.name, place: (row) => rowPlace(table, row!) }, bad, values[bad], fault(values[bad])!);
}

function unknownClass(table: Table, name: string, levels: readonly string[], row: number, label: string): BnncError {
  const message = `column '${name}': '${shorten(label)}' is not one of the classes ${listNames(levels)}`;
  const near = closest(label, levels);
  const hint = near === undefined ? 'The model was trained without this class.' : `Did you mean '${near}'?`;
  return fail('data.unknown-class', message, { where: rowPlace(table, row), hint });
}
