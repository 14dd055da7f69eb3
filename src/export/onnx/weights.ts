/**
 * A weight matrix as ONNX constants, in whichever form takes the fewest bytes: plain; the kept weights alone, with the distances
 * between their places; either of them with indices into the list of its distinct values, where those are few. Constants alone
 * go in, so that runtimes make the plain matrix of them once, when they load the model. What comes out is bit for bit the matrix.
 */
import type { DenseLayer } from '../dense.js';
import { GraphBuilder } from './graph.js';
import { graphBytes, INT32 } from './schema.js';

/** Puts the matrix, [inputs, outputs], into a graph under this name. */
type Storage = (graph: GraphBuilder, name: string, weight: Float32Array, shape: [number, number]) => void;

/** More values than this have no index of one byte. */
const MAX_VALUES = 256;

/** @returns the name of the value that is the matrix, [inputs, outputs] */
export function storeWeights(graph: GraphBuilder, name: string, { inputs, outputs, weight }: Pick<DenseLayer, 'inputs' | 'outputs' | 'weight'>): string {
  const few = new Set(weight).size <= MAX_VALUES;
  const forms = few ? [plain, plainIndexed, sparse, sparseIndexed] : [plain, sparse];
  const length = (form: Storage): number => {
    const trial = new GraphBuilder();
    form(trial, name, weight, [inputs, outputs]);
    return graphBytes(trial.nodes, trial.constants);
  };
  // The first of equals: the simplest.
  const sizes = forms.map(length);
  forms[sizes.indexOf(Math.min(...sizes))](graph, name, weight, [inputs, outputs]);
  return name;
}

const plain: Storage = (graph, name, weight, shape) => {
  graph.floats(name, shape, weight);
};

const plainIndexed: Storage = (graph, name, weight, shape) => {
  const values = indexed(graph, name, weight);
  graph.node('Reshape', name, [values, graph.integers(`${name}/shape`, shape)]);
};

const sparse: Storage = (graph, name, weight, shape) => {
  const kept = keptPlaces(weight);
  const values = Float32Array.from(kept, (at) => weight[at]);
  scatter(graph, name, kept, graph.floats(`${name}/values`, [kept.length], values), shape);
};

const sparseIndexed: Storage = (graph, name, weight, shape) => {
  const kept = keptPlaces(weight);
  scatter(graph, name, kept, indexed(graph, name, Float32Array.from(kept, (at) => weight[at])), shape);
};

const keptPlaces = (weight: Float32Array): Uint32Array => Uint32Array.from(weight.keys()).filter((at) => weight[at] !== 0);

/** Values at their places in a matrix of zeros. */
function scatter(graph: GraphBuilder, name: string, kept: Uint32Array, values: string, [rows, cols]: [number, number]): void {
  const gaps = Array.from(kept, (at, n) => at - (n === 0 ? 0 : kept[n - 1]));
  const steps = graph.node('Cast', `${name}/steps`, [graph.counts(`${name}/gaps`, gaps)], { to: INT32 });
  const places = graph.node('CumSum', `${name}/places`, [steps, graph.integers(`${name}/axis`, [0], [])]);
  const zeros = graph.node('ConstantOfShape', `${name}/zeros`, [graph.integers(`${name}/size`, [rows * cols])]);
  const all = graph.node('ScatterElements', `${name}/all`, [zeros, places, values], { axis: 0 });
  graph.node('Reshape', name, [all, graph.integers(`${name}/shape`, [rows, cols])]);
}

/** A list of numbers by their indices into the list of distinct ones: a byte each, or half of one. */
function indexed(graph: GraphBuilder, name: string, numbers: Float32Array): string {
  const values = Float32Array.from(new Set(numbers)).sort();
  const codeOf = new Map(Array.from(values, (value, code) => [value, code]));
  const codes = Array.from(numbers, (value) => codeOf.get(value)!);
  const halves = values.length <= 16 && codes.length > 2 * HALF_BYTES_COST;
  const index = halves ? halfBytes(graph, name, codes) : bytes(graph, name, codes);
  return graph.node('Gather', `${name}/indexed`, [graph.floats(`${name}/distinct`, [values.length], values), index], { axis: 0 });
}

const bytes = (graph: GraphBuilder, name: string, codes: number[]): string =>
  graph.node('Cast', `${name}/index`, [graph.counts(`${name}/codes`, codes)], { to: INT32 });

/** What the operations that take bytes apart add to a file. */
const HALF_BYTES_COST = 400;

/** The first half of the indices in the low halves of bytes, the second half in the high ones. */
function halfBytes(graph: GraphBuilder, name: string, codes: number[]): string {
  const length = Math.ceil(codes.length / 2);
  const packed = Array.from({ length }, (_, n) => codes[n] + 16 * (codes[length + n] ?? 0));
  const both = bytes(graph, `${name}/packed`, packed);
  const sixteen = graph.int32(`${name}/sixteen`, [16]);
  const low = graph.node('Mod', `${name}/low`, [both, sixteen]);
  const high = graph.node('Div', `${name}/high`, [both, sixteen]);
  const all = graph.node('Concat', `${name}/halves`, [low, high], { axis: 0 });
  if (codes.length % 2 === 0) return all;
  const [from, to] = [[0], [codes.length]];
  return graph.node('Slice', `${name}/index`, [all, graph.integers(`${name}/from`, from), graph.integers(`${name}/to`, to)]);
}
