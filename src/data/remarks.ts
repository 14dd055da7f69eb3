/** What a person may not expect of how the columns of a table are read. */

import type { Encoder } from '../types.js';
import { key, words, type Words } from '../voice.js';
import type { Codes } from './codes.js';
import { inferKind, type ColumnOptions } from './infer.js';
import type { Table } from './table.js';
import { shorten, yamlText } from './wording.js';

const CODES: Record<Codes, string> = {
  zeros: 'is read as codes, because its numbers have leading zeros',
  long: 'is read as keys, because its numbers have more than 15 digits',
};

/** Remarks on the columns that became inputs, in their order. */
export function columnRemarks(table: Table, { features }: Pick<Encoder, 'features'>, options: ColumnOptions): Words[] {
  return features.flatMap(({ name }): Words[] => {
    const { codes } = inferKind(table, table.names.indexOf(name), options);
    if (codes === undefined) return [];
    return [words`input '${shorten(name)}' ${CODES[codes]}; ${setColumn(name, 'kind', 'numeric')} reads amounts`];
  });
}

/** How to say something about one column: by a key, or as the file has it where the name does not suit a key. */
export const setColumn = (name: string, what: string, value: string): Words =>
  (/[.=]/.test(name) ? `data.columns: {${yamlText(name)}: {${what}: ${value}}}` : words`${key(`data.columns.${name}.${what}`, value)}`);
