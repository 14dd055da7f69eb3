/** What a person may not expect of how the columns of a table are read. */

import type { EncodedColumn, Encoder, Feature } from '../types.js';
import { key, words, type Words } from '../voice.js';
import type { Codes } from './codes.js';
import { allRows, asText, cellText, numbersOf } from './column.js';
import { cellFeatures } from './feature.js';
import { inferKind, type ColumnOptions } from './infer.js';
import type { Table } from './table.js';
import { isWild, wildReach } from './wild.js';
import { shorten, yamlText } from './wording.js';

const CODES: Record<Codes, string> = {
  zeros: 'is read as codes, because its numbers have leading zeros',
  long: 'is read as keys, because its numbers have more than 15 digits',
};

/** Remarks on the columns that became inputs, in their order. @param rows the training rows */
export function columnRemarks(
  table: Table, rows: Int32Array, { features }: Pick<Encoder, 'features'>, options: ColumnOptions,
): Words[] {
  return cellFeatures(features).flatMap(({ name, columns, levels = [], shared }): Words[] => {
    const { codes } = inferKind(table, table.names.indexOf(name), options);
    if (shared !== undefined) return [rareRemark(table, { name, levels, shared })];
    if (clipped(columns)) return wildRemarks(table, name, rows);
    if (codes === undefined) return [];
    return [words`input '${shorten(name)}' ${CODES[codes]}; ${setColumn(name, 'kind', 'numeric')} reads amounts`];
  });
}

/** How many levels share one. */
function rareRemark(table: Table, { name, levels, shared }: Pick<Feature, 'name'> & Required<Pick<Feature, 'levels' | 'shared'>>): Words {
  const all = asText(table.columns[table.names.indexOf(name)]).levels;
  const rare = all.filter((level) => level === shared || !levels!.includes(level)).length;
  const apart = key('data.minLevel', '1');
  return words`${rare} of the ${all.length} levels of input '${shorten(name)}' are rare and share one, ${shared!}; ${apart} keeps them apart`;
}

const clipped = (columns: readonly EncodedColumn[]): boolean => columns.some(({ clip }) => clip !== undefined);

/** Names the first wild cell. */
function wildRemarks(table: Table, name: string, rows: Int32Array): Words[] {
  const column = table.columns[table.names.indexOf(name)];
  const values = column.type === 'number' ? column.values : numbersOf(column);
  const reach = wildReach(values, rows);
  if (!reach) return [];
  const wild = allRows(table.rows).filter((row) => isWild(values[row], reach));
  const more = wild.length > 1 ? ` (and ${wild.length - 1} more)` : '';
  return [`input '${shorten(name)}': ${shorten(cellText(column, wild[0])!)} in line ${table.lines[wild[0]]}${more} is far from all other cells; it counts as a `
    + 'large value of no particular size'];
}

/** How to say something about one column: by a key, or as the file has it where the name does not suit a key. */
export const setColumn = (name: string, what: string, value: string): Words =>
  (/[.=]/.test(name) ? `data.columns: {${yamlText(name)}: {${what}: ${value}}}` : words`${key(`data.columns.${name}.${what}`, value)}`);
