/** Groups of columns that share one gate. */
import type { Config } from '../config/schema.js';
import type { CompressedModel, Feature } from '../types.js';
import type { Problem } from '../errors.js';
import type { Words } from '../voice.js';
import { throwProblems } from './infer.js';
import { cellFeatures } from './feature.js';
import type { Table } from './table.js';
import { unknownColumn } from './unknown-column.js';

type Groups = Config['data']['groups'];
type GroupOptions = { groups?: Groups | undefined };

/** Features with those of a group as one, in the place of its first member. */
export function grouped(features: readonly Feature[], groups: Groups = {}): Feature[] {
  const groupOf = new Map(Object.entries(groups).flatMap(([name, columns]) => columns.map((column) => [column, name] as const)));
  const made = new Map<string, Feature>();
  return features.flatMap((feature) => {
    const name = groupOf.get(feature.name);
    if (name === undefined) return [feature];
    const { prior, ...member } = feature;
    const known = made.get(name);
    if (known) {
      known.members!.push(member);
      known.columns.push(...member.columns);
      return [];
    }
    const group: Feature = {
      name, kind: 'group', columns: [...member.columns], ...(prior !== undefined && { prior }), members: [member],
    };
    made.set(name, group);
    return [group];
  });
}

/** A feature with those of its columns whose flag is true, a group with members of which any is left; undefined where none is. */
export function featureOf(feature: Feature, flags: readonly boolean[]): Feature | undefined {
  const columns = feature.columns.filter((_, at) => flags[at]);
  if (columns.length === 0) return undefined;
  let from = 0;
  const members = feature.members?.flatMap((member) => {
    const own = featureOf(member, flags.slice(from, from += member.columns.length));
    return own ? [own] : [];
  });
  return { ...feature, columns, ...(members && { members }) };
}

/** A model with members in the place of groups, as those need it who know columns alone: each has the PIP of its group. */
export function ungroupedModel(model: CompressedModel): CompressedModel {
  const { encoder, inputPips } = model;
  if (!encoder.features.some(({ members }) => members)) return model;
  return {
    ...model, encoder: { ...encoder, features: cellFeatures(encoder.features) },
    inputPips: encoder.features.flatMap(({ members = [0] }, f) => Array<number>(members.length).fill(inputPips[f])),
  };
}

/** @throws data.unknown-column for members that the table lacks, and for names that are those of other columns */
export function checkGroups(table: Table, { groups = {} }: GroupOptions): void {
  const known = new Set(table.names);
  const where = { file: table.file, line: table.headerLine };
  throwProblems(Object.entries(groups).flatMap(([name, columns]): Problem<Words>[] => {
    const absent = columns.filter((column) => !known.has(column))
      .map((column) => unknownColumn(table, column, `which data.groups has in '${name}'`));
    if (!known.has(name)) return absent;
    return [...absent, {
      code: 'data.unknown-column', message: `data.groups: '${name}' is the name of a column`, hint: 'Give the group another name.', where,
    }];
  }));
}
