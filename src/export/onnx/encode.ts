/**
 * The encoder as ONNX nodes: columns of the CSV file go in, each [N, 1], numbers as float, NaN for a missing cell, percentages
 * as numbers before the sign, levels as strings; the network's encoded columns come out. Cells are treated as `encode` treats
 * them.
 */
import { BOOLEANS, booleanLevels } from '../../data/boolean.js';
import { levelsOf, trainedOnMissing } from '../../data/feature.js';
import { fail, type BnncError } from '../../errors.js';
import type { EncodedColumn, Encoder, Feature } from '../../types.js';
import { option, words } from '../../voice.js';
import type { GraphBuilder } from './graph.js';
import { DOUBLE, FLOAT, STRING, type OnnxValue } from './schema.js';

/** An input of the graph, and the column of the CSV file that it takes. */
export interface RawInput extends OnnxValue {
  column: string;
  kind: 'numeric' | 'categorical' | 'percent' | 'ordinal';
}

/** Makes the value `out`, [N, d] of encoded columns. @returns the graph's inputs in the order of the features, at least one */
export function encodeInGraph(graph: GraphBuilder, { features, missing }: Encoder, out: string): RawInput[] {
  const names = inputNames(features.map(({ name }) => name));
  const inputs = features.map((feature, f): RawInput => {
    const { name, kind, form } = feature;
    const elemType = !isNumber(feature) ? STRING : isWide(feature) ? DOUBLE : FLOAT;
    if (kind === 'date') throw noDates(name);
    if (kind === 'group') throw new TypeError('an exported model has columns, no groups');
    return { name: names[f], column: name, kind: form ?? kind, shape: ['N', 1], elemType };
  });
  const numeric = features.flatMap((feature, f) => (isNumber(feature) ? [{ feature, input: names[f] }] : []));
  const parts = [false, true].flatMap((wide) => {
    const some = numeric.filter(({ feature }) => isWide(feature) === wide);
    return some.length > 0 ? [encodeNumbers(graph, some, wide)] : [];
  });
  features.forEach((feature, f) => {
    if (feature.form === 'ordinal') parts.push(encodePlaces(graph, feature, missing, names[f], `encode/${f}`));
    else if (feature.kind === 'categorical') parts.push(encodeLevels(graph, feature, missing, names[f], `encode/${f}`));
  });
  const all = graph.node('Concat', 'encode/all', parts.map(({ value }) => value), { axis: 1 });
  const made = parts.flatMap(({ columns }) => columns);
  const order = features.flatMap(({ columns }) => columns).map((column) => made.indexOf(column));
  graph.node('Gather', out, [all, graph.integers('encode/order', order)], { axis: 1 });
  return inputs;
}

/** Whether a cell goes in as a number. */
const isNumber = ({ kind, form }: Pick<Feature, 'kind' | 'form'>): boolean => kind === 'numeric' && form !== 'ordinal';

/** The error of a rounded number that is borne, in scales of its column. */
const BORNE = 1e-4;

/** Whether numbers are so far from zero that a float does not tell them apart well enough: 1e6 and 1e6 + 0.1. */
export function isWide({ columns }: Pick<Feature, 'columns'>): boolean {
  const column = columns.find(({ type }) => type === 'number');
  if (!column) return false;
  const { mean, scale, range = [mean, mean] } = column;
  return Math.max(...range.map(Math.abs)) * 2 ** -24 > BORNE * scale;
}

const noDates = (name: string): BnncError =>
  fail('run.export-form', `a graph of ONNX operators cannot read dates, which input '${name}' is`, {
    hint: words`Leave out ${option('onnxInput', 'raw')}: the graph then takes encoded columns, and model.mjs reads dates.`,
  });

/** Encoded columns, side by side in one value. */
interface Part {
  value: string;
  columns: EncodedColumn[];
}

/** Names of values that the graph has anyway. */
const TAKEN = /^(x|prediction|probabilities|logits|noise)$|^(encode|noise|\d+)\//;

/** The columns' own names, but for those that would mean two things. */
function inputNames(columns: string[]): string[] {
  const used = new Set(columns);
  return columns.map((column) => {
    let name = column;
    while (TAKEN.test(name) || (name !== column && used.has(name))) name = `column ${name}`;
    return used.add(name) && name;
  });
}

/**
 * Several numeric features at once: first their numbers, then where they are missing.
 * @param wide the cells are doubles; the mean is taken away before they become floats
 */
function encodeNumbers(graph: GraphBuilder, numeric: { feature: Feature; input: string }[], wide: boolean): Part {
  const at = wide ? 'encode/wide' : 'encode';
  const row = (name: string, values: number[]): string => graph.floats(`${at}/${name}`, [values.length], Float32Array.from(values));
  const numbers = numeric.map(({ feature }) => feature.columns.find(({ type }) => type === 'number'));
  const given = graph.node('Concat', `${at}/numbers`, numeric.map(({ input }) => input), { axis: 1 });
  const middle = (): string => graph.doubles(`${at}/middle`, numbers.map((column) => column!.mean));
  const cells = wide ? graph.node('Cast', `${at}/centred`, [graph.node('Sub', `${at}/double`, [given, middle()])], { to: FLOAT }) : given;
  const absent = graph.node('IsNaN', `${at}/absent`, [cells]);
  const flags = numeric.map(({ feature }) => feature.columns.find(({ type }) => type === 'missing'));
  const standard = (name: string, from: string, columns: (EncodedColumn | undefined)[]): string => {
    const means = columns.map((column) => column?.mean ?? 0);
    // The mean in two parts: in one float32 it may be off by more than the numbers vary.
    const high = graph.node('Sub', `${at}/${name}/high`, [from, row(`${name}/mean`, means)]);
    const centred = graph.node('Sub', `${at}/${name}/low`, [high, row(`${name}/rest`, means.map((mean) => mean - Math.fround(mean)))]);
    return graph.node('Div', `${at}/${name}/standard`, [centred, row(`${name}/scale`, columns.map((column) => column?.scale ?? 1))]);
  };
  const clips = numbers.map((column) => column?.clip);
  const left = wide ? numbers.map((column) => column && { ...column, mean: 0 }) : numbers;
  const encoded = clipped(graph, `${at}/clip`, standard('number', cells, left), clips);
  const known = graph.node('Where', `${at}/known`, [absent, row('average', [0]), encoded]);
  if (!flags.some((column) => column !== undefined)) return { value: known, columns: numbers as EncodedColumn[] };
  const flag = standard('missing', graph.node('Cast', `${at}/flag`, [absent], { to: FLOAT }), flags);
  return {
    value: graph.node('Concat', `${at}/numeric`, [known, flag], { axis: 1 }),
    columns: [...numbers, ...flags] as EncodedColumn[],
  };
}

/** Squeezes what is beyond the clips of columns, if any have one. */
function clipped(graph: GraphBuilder, at: string, z: string, clips: (number | undefined)[]): string {
  if (clips.every((clip) => clip === undefined)) return z;
  const row = (name: string, values: number[]): string => graph.floats(`${at}/${name}`, [values.length], Float32Array.from(values));
  const clip = row('at', clips.map((each) => each ?? NONE));
  const size = graph.node('Abs', `${at}/size`, [z]);
  const share = graph.node('Sub', `${at}/share`, [row('two', [2]), graph.node('Div', `${at}/part`, [clip, size])]);
  const signed = graph.node('Mul', `${at}/signed`, [graph.node('Sign', `${at}/sign`, [z]), clip]);
  const squeezed = graph.node('Mul', `${at}/squeezed`, [signed, share]);
  return graph.node('Where', `${at}/all`, [graph.node('Greater', `${at}/beyond`, [size, clip]), squeezed, z]);
}

/** A clip that no finite number is beyond. */
const NONE = 3e38;

/** One indicator for each column, by the code of the cell. */
function encodeLevels(graph: GraphBuilder, feature: Feature, missing: readonly string[], input: string, name: string): Part {
  const { columns } = feature;
  const levels = levelsOf(feature);
  const [absent, unseen, average] = [levels.length, levels.length + 1, levels.length + 2];
  const tokens = tokensOf(missing);
  const spellings = booleanSpellings(feature, [...levels, ...tokens]);
  const code = graph.tableNode('LabelEncoder', `${name}/code`, [input], {
    keys_strings: [...levels, ...tokens, ...spellings.map(({ text }) => text)],
    values_int64s: [
      ...levels.keys(), ...tokens.map(() => (trainedOnMissing(feature) ? absent : average)),
      ...spellings.map(({ level }) => level),
    ],
    default_int64: feature.shared !== undefined ? levels.indexOf(feature.shared) : levels.length === 2 ? average : unseen,
  });
  const row = (part: string, value: (column: EncodedColumn) => number): string =>
    graph.floats(`${name}/${part}`, [columns.length], Float32Array.from(columns, value));
  const own = columns.map(({ type, level }) => (type === 'missing' ? absent : levels.indexOf(level!)));
  const is = graph.node('Equal', `${name}/is`, [code, graph.integers(`${name}/own`, own)]);
  const off = ({ mean, scale }: EncodedColumn): number => -mean / scale;
  const cells = graph.node('Where', `${name}/cells`, [is, row('on', ({ mean, scale }) => (1 - mean) / scale), row('off', off)]);
  const unknown = graph.node('Equal', `${name}/unknown`, [code, graph.integers(`${name}/average`, [average])]);
  const value = graph.node('Where', `${name}/encoded`, [unknown, row('none', (column) => (column.type === 'level' ? 0 : off(column))), cells]);
  return { value, columns };
}

const tokensOf = (missing: readonly string[]): string[] => [...new Set(['', ...missing.map((text) => text.trim())])];

/** All other words for the levels of a boolean, and the place of the level that each means. */
function booleanSpellings(feature: Feature, known: readonly string[]): { text: string; level: number }[] {
  const levels = levelsOf(feature);
  const sides = booleanLevels(levels);
  if (!sides) return [];
  return [...BOOLEANS].flatMap(([text, { yes }]) => {
    const level = sides[yes ? 'yes' : 'no'];
    return level === undefined || known.includes(text) ? [] : [{ text, level: levels.indexOf(level) }];
  });
}

/** An ordinal feature: for each code of a cell its encoded columns. */
function encodePlaces(graph: GraphBuilder, feature: Feature, missing: readonly string[], input: string, name: string): Part {
  const { columns } = feature;
  const levels = levelsOf(feature);
  const tokens = tokensOf(missing).filter((text) => !levels.includes(text));
  const [absent, unseen] = [levels.length, levels.length + 1];
  const code = graph.tableNode('LabelEncoder', `${name}/code`, [input], {
    keys_strings: [...levels, ...tokens], values_int64s: [...levels.keys(), ...tokens.map(() => absent)], default_int64: unseen,
  });
  const cells = Array.from({ length: unseen + 1 }, (_, place) => columns.map(({ type, mean, scale }) => {
    if (type === 'missing') return (Number(place === absent) - mean) / scale;
    return place < levels.length ? (place - mean) / scale : 0;
  }));
  const table = graph.floats(`${name}/table`, [cells.length, columns.length], Float32Array.from(cells.flat()));
  const rows = graph.node('Gather', `${name}/rows`, [table, code], { axis: 0 });
  const value = graph.node('Reshape', `${name}/encoded`, [rows, graph.integers(`${name}/shape`, [-1, columns.length])]);
  return { value, columns };
}
