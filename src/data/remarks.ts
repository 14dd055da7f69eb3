/** What a person may not expect of how the columns of a table are read. */

import { likelihoodOf } from '../likelihood/index.js';
import { finish } from '../steps.js';
import type { Encoder, Feature, Target } from '../types.js';
import { key, words, type Words } from '../voice.js';
import type { Codes } from './codes.js';
import { allRows, asText, cellText } from './column.js';
import { cellFeatures, cellNumbers } from './feature.js';
import { inferKind, type ColumnOptions } from './infer.js';
import { unitOf, type Table } from './table.js';
import { isWild, wildReach } from './wild.js';
import { shorten, yamlText } from './wording.js';

const CODES: Record<Codes, string> = {
  zeros: 'is read as codes, because its numbers have leading zeros',
  long: 'is read as keys, because its numbers have more than 15 digits',
};

/** Remarks on the columns that became inputs, in their order. @param rows the training rows */
export const columnRemarks = (
  table: Table, rows: Int32Array, encoder: Pick<Encoder, 'features'>, options: ColumnOptions,
): Words[] => finish(remarkSteps(table, rows, encoder, options));

/** The same, which may be left between two columns. */
export function* remarkSteps(
  table: Table, rows: Int32Array, { features }: Pick<Encoder, 'features'>, options: ColumnOptions,
): Generator<void, Words[]> {
  const places = new Map(table.names.map((name, index) => [name, index]));
  const remarks: Words[] = [];
  for (const feature of cellFeatures(features)) {
    yield;
    remarks.push(...featureRemarks(table, rows, feature, inferKind(table, places.get(feature.name)!, options).codes));
  }
  return remarks;
}

function featureRemarks(table: Table, rows: Int32Array, feature: Feature, codes: Codes | undefined): Words[] {
  const { name, levels = [], shared } = feature;
  if (shared !== undefined) return [rareRemark(table, { name, levels, shared })];
  if (codes === undefined) return feature.kind === 'numeric' ? wildRemarks(table, rows, feature) : [];
  return [words`input '${shorten(name)}' ${CODES[codes]}; ${setColumn(name, 'kind', 'numeric')} reads amounts`];
}

/** What the target was taken for, where `auto` may be wrong about it. */
export function targetRemark({ task, name }: Target, asked: string): Words[] {
  const { kind, unlike } = likelihoodOf(task).words;
  if (asked !== 'auto' || unlike === undefined) return [];
  return [words`target '${shorten(name)}' is taken for ${kind} (data.task: ${task}); ${key('data.task', unlike)} takes it otherwise`];
}

/** How many levels share one. */
function rareRemark(table: Table, { name, levels, shared }: Pick<Feature, 'name'> & Required<Pick<Feature, 'levels' | 'shared'>>): Words {
  const all = asText(table.columns[table.names.indexOf(name)]).levels;
  const rare = all.filter((level) => level === shared || !levels!.includes(level)).length;
  const apart = key('data.minLevel', '1');
  return words`${rare} of the ${all.length} levels of input '${shorten(name)}' are rare and share one, ${shared!}; ${apart} keeps them apart`;
}

/** Names the first wild cell. */
function wildRemarks(table: Table, rows: Int32Array, feature: Feature): Words[] {
  const column = table.columns[table.names.indexOf(feature.name)];
  const values = cellNumbers(column, feature);
  const all = allRows(table.rows);
  const reach = wildReach(values, rows, all);
  if (!reach) return [];
  const wild = all.filter((row) => isWild(values[row], reach));
  const more = wild.length > 1 ? ` (and ${wild.length - 1} more)` : '';
  const what = `input '${shorten(feature.name)}': ${shorten(cellText(column, wild[0])!)} in ${unitOf(table)} ${table.lines[wild[0]]}${more} is far from all`;
  return [feature.columns.some(({ clip }) => clip !== undefined)
    ? `${what} other cells; it counts as a large value of no particular size` : `${what} training cells; it may spoil what is measured`];
}

/** How to say something about one column: by a key, or as the file has it where the name does not suit a key. */
export const setColumn = (name: string, what: string, value: string): Words =>
  (/[.=]/.test(name) ? `data.columns: {${yamlText(name)}: {${what}: ${value}}}` : words`${key(`data.columns.${name}.${what}`, value)}`);
