/**
 * The encoder as ONNX nodes: columns of the CSV file go in, each [N, 1], numbers as float with NaN for a missing cell, levels as
 * strings; the network's encoded columns come out. Cells are treated as `encode` treats them.
 */
import { levelsOf, trainedOnMissing } from '../../data/feature.js';
import type { EncodedColumn, Encoder, Feature } from '../../types.js';
import type { GraphBuilder } from './graph.js';
import { FLOAT, STRING, type OnnxValue } from './schema.js';

/** An input of the graph, and the column of the CSV file that it takes. */
export interface RawInput extends OnnxValue {
  column: string;
  kind: Feature['kind'];
}

/** Makes the value `out`, [N, d] of encoded columns. @returns the graph's inputs in the order of the features, at least one */
export function encodeInGraph(graph: GraphBuilder, { features, missing }: Encoder, out: string): RawInput[] {
  const names = inputNames(features.map(({ name }) => name));
  const inputs = features.map(({ name, kind }, f): RawInput =>
    ({ name: names[f], column: name, kind, shape: ['N', 1], elemType: kind === 'numeric' ? FLOAT : STRING }));
  const numeric = features.flatMap((feature, f) => (feature.kind === 'numeric' ? [{ feature, input: names[f] }] : []));
  const parts = numeric.length > 0 ? [encodeNumbers(graph, numeric)] : [];
  features.forEach((feature, f) => {
    if (feature.kind === 'categorical') parts.push(encodeLevels(graph, feature, missing, names[f], `encode/${f}`));
  });
  const all = graph.node('Concat', 'encode/all', parts.map(({ value }) => value), { axis: 1 });
  const made = parts.flatMap(({ columns }) => columns);
  const order = features.flatMap(({ columns }) => columns).map((column) => made.indexOf(column));
  graph.node('Gather', out, [all, graph.integers('encode/order', order)], { axis: 1 });
  return inputs;
}

/** Encoded columns, side by side in one value. */
interface Part {
  value: string;
  columns: EncodedColumn[];
}

/** Names of values that the graph has anyway. */
const TAKEN = /^(x|prediction|probabilities|logits)$|^(encode|\d+)\//;

/** The columns' own names, but for those that would mean two things. */
function inputNames(columns: string[]): string[] {
  const used = new Set(columns);
  return columns.map((column) => {
    let name = column;
    while (TAKEN.test(name) || (name !== column && used.has(name))) name = `column ${name}`;
    return used.add(name) && name;
  });
}

/** All numeric features at once: first their numbers, then where they are missing. */
function encodeNumbers(graph: GraphBuilder, numeric: { feature: Feature; input: string }[]): Part {
  const row = (name: string, values: number[]): string => graph.floats(`encode/${name}`, [values.length], Float32Array.from(values));
  const cells = graph.node('Concat', 'encode/numbers', numeric.map(({ input }) => input), { axis: 1 });
  const absent = graph.node('IsNaN', 'encode/absent', [cells]);
  const numbers = numeric.map(({ feature }) => feature.columns.find(({ type }) => type === 'number'));
  const flags = numeric.map(({ feature }) => feature.columns.find(({ type }) => type === 'missing'));
  const standard = (name: string, from: string, columns: (EncodedColumn | undefined)[]): string => {
    const means = columns.map((column) => column?.mean ?? 0);
    // The mean in two parts: in one float32 it may be off by more than the numbers vary.
    const high = graph.node('Sub', `encode/${name}/high`, [from, row(`${name}/mean`, means)]);
    const centred = graph.node('Sub', `encode/${name}/low`, [high, row(`${name}/rest`, means.map((mean) => mean - Math.fround(mean)))]);
    return graph.node('Div', `encode/${name}/standard`, [centred, row(`${name}/scale`, columns.map((column) => column?.scale ?? 1))]);
  };
  const known = graph.node('Where', 'encode/known', [absent, row('average', [0]), standard('number', cells, numbers)]);
  if (!flags.some((column) => column !== undefined)) return { value: known, columns: numbers as EncodedColumn[] };
  const flag = standard('missing', graph.node('Cast', 'encode/flag', [absent], { to: FLOAT }), flags);
  return {
    value: graph.node('Concat', 'encode/numeric', [known, flag], { axis: 1 }),
    columns: [...numbers, ...flags] as EncodedColumn[],
  };
}

/** One indicator for each column, by the code of the cell. */
function encodeLevels(graph: GraphBuilder, feature: Feature, missing: readonly string[], input: string, name: string): Part {
  const { columns } = feature;
  const levels = levelsOf(feature);
  const [absent, unseen, average] = [levels.length, levels.length + 1, levels.length + 2];
  const tokens = [...new Set(['', ...missing.map((text) => text.trim())])];
  const code = graph.tableNode('LabelEncoder', `${name}/code`, [input], {
    keys_strings: [...levels, ...tokens],
    values_int64s: [...levels.keys(), ...tokens.map(() => (trainedOnMissing(feature) ? absent : average))],
    default_int64: levels.length === 2 ? average : unseen,
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
