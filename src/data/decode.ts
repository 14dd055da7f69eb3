/** The way back: from network inputs to what stood in the CSV. */

import type { Encoder, Feature } from '../types.js';
import { cellFeatures } from './feature.js';
import { unstandardise } from './standardise.js';

/** A number, a level, or the days of a date since 1970; null where the cell was missing or cannot be told. */
export type Cell = number | string | null;

/**
 * Recovers the cells of one encoded row, numbers to float32 rounding. What was encoded as the training average because
 * training never showed its like comes back as that average, or as the level nearest to it.
 * @param row d encoded inputs, the order of the encoder's columns
 * @returns one cell per column of the file, by name
 */
export function decode(encoder: Encoder, row: ArrayLike<number>): Map<string, Cell> {
  let at = 0;
  return new Map(cellFeatures(encoder.features).map((feature) => {
    const raw = feature.columns.map((column) => unstandardise(column, row[at++]));
    return [feature.name, decodeFeature(feature, raw)];
  }));
}

/** @param raw one value per encoded column: the number itself, or 1/0 for an indicator */
function decodeFeature({ form, columns, levels }: Feature, raw: number[]): Cell {
  const on = columns.findIndex(({ type }, i) => type !== 'number' && raw[i] > 0.5);
  if (on >= 0) return columns[on].type === 'missing' ? null : columns[on].level!;
  const number = columns.findIndex(({ type }) => type === 'number');
  if (number >= 0) return form === 'ordinal' ? levels![Math.round(raw[number])] ?? null : raw[number];
  // Levels without an indicator of their own: the first of two, or the only one.
  const silent = (levels ?? []).filter((level) => columns.every((column) => column.level !== level));
  return silent.length === 1 ? silent[0] : null;
}
