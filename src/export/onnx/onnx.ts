/**
 * ONNX export (opset 17, IR version 8). Input `x`: float [N, d] of encoded columns, or the columns of the CSV file, each [N, 1];
 * output `prediction`: float [N, 1] in the target's own units (of T targets [N, T]), or `probabilities`: float [N, K] in the
 * order of the levels. Noise that varies is a second output, `noise`: float [N, 1]. How the rows are encoded stands in the
 * metadata: `inputs` or `raw_inputs`, `missing`, `classes`, `targets`, `noise`. Names are short, for in small networks they take
 * more bytes than weights.
 */
import { classesOf, eachOf, noiseOf, type Head } from '../../likelihood/index.js';
import { ACTIVATIONS } from '../../activations.js';
import { columnCount } from '../../data/feature.js';
import type { Activation, CompressedModel, EncodedColumn } from '../../types.js';
import { bareLayers, bareNoise, headOf, type DenseLayer } from '../dense.js';
import { checkFinite } from '../finite.js';
import type { OnnxInput } from '../formats.js';
import { encodeInGraph, type RawInput } from './encode.js';
import { GraphBuilder } from './graph.js';
import { encodeOnnx, ML_DOMAIN, type OnnxValue } from './schema.js';
import { storeWeights } from './weights.js';

const OPSET = 17;
const IR_VERSION = 8;
/** Of the operators for tables: that of the same release as OPSET. */
const ML_OPSET = 3;

/**
 * @param version of the program, kept as the producer's version.
 * @param input `raw`: the graph takes the columns of the CSV file; a model without inputs takes `x` all the same.
 * @returns the bytes of an .onnx file; the same model always gives the same bytes.
 * @throws `run.model-not-finite`.
 */
export function writeOnnx(model: CompressedModel, version: string, input: OnnxInput = 'encoded'): Uint8Array {
  checkFinite(model);
  const graph = new GraphBuilder();
  // A model without inputs needs something that has rows.
  const raw = input === 'raw' && model.encoder.features.length > 0 ? encodeInGraph(graph, model.encoder, X) : undefined;
  const outputs = body(graph, model, X);
  const usesTables = graph.nodes.some(({ domain }) => domain === ML_DOMAIN);
  return encodeOnnx({
    irVersion: IR_VERSION,
    producerName: 'bnnc',
    producerVersion: version,
    docString: 'Pruned Bayesian neural network: posterior means of the kept weights.',
    opsetImport: [{ domain: '', version: OPSET }, ...(usesTables ? [{ domain: ML_DOMAIN, version: ML_OPSET }] : [])],
    metadataProps: metadata(model, raw),
    graph: { name: 'bnnc', node: graph.nodes, initializer: graph.constants, input: raw ?? [encodedInput(model)], output: outputs },
  });
}

/** The encoded columns. */
const X = 'x';

const encodedInput = ({ encoder: { features } }: CompressedModel): OnnxValue => ({ name: X, shape: ['N', columnCount(features)] });

/** What noise that varies is called, [N, 1]. */
const NOISE = 'noise';

/** The layers, and what is predicted. */
function body(graph: GraphBuilder, model: CompressedModel, x: string): OnnxValue[] {
  const layers = bareLayers(model);
  const last = layers.length - 1;
  const values = [x];
  layers.forEach((layer, l) => {
    const name = String(l + 1);
    const out = l < last ? `${name}/a` : nameOf(headOf(model));
    const a = affine(graph, layer, { name, x, values, out });
    values.push(l < last ? activate(graph, layer.activation as Activation, name, a) : a);
  });
  const predicted = head(graph, headOf(model), values[layers.length]);
  const noise = bareNoise(model);
  if (!noise) return [predicted];
  const log = affine(graph, noise, { name: NOISE, x, values, out: `${NOISE}/log` });
  return [predicted, { name: graph.node(HEADS.exp, NOISE, [log]), shape: ['N', 1] }];
}

/** A layer without its function. @param values what each tier is called */
function affine(
  graph: GraphBuilder, layer: DenseLayer, { name, x, values, out }: { name: string; x: string; values: string[]; out: string },
): string {
  const bias = graph.floats(`${name}/b`, [layer.outputs], layer.bias);
  if (layer.inputs === 0) return constantRows(graph, name, x, bias, layer.outputs, out);
  const h = sideBySide(graph, `${name}/x`, layer.tiers.map((tier) => values[tier]));
  return graph.node('Gemm', out, [h, storeWeights(graph, `${name}/w`, layer), bias]);
}

const sideBySide = (graph: GraphBuilder, name: string, values: string[]): string =>
  (values.length === 1 ? values[0] : graph.node('Concat', name, values, { axis: 1 }));

/** What the last layer's values are called. */
const nameOf = ({ activation, prediction, before, then }: Head): string =>
  (then || activation === 'linear' ? prediction : before);

/** Functions of the last layer. */
const HEADS = { softmax: 'Softmax', exp: 'Exp' } as const;

/** The biases repeated for each row of x: a model without inputs still answers a batch with a batch. */
function constantRows(graph: GraphBuilder, name: string, x: string, bias: string, outputs: number, out: string): string {
  const rows = graph.node('Shape', `${name}/rows`, [x], { start: 0, end: 1 });
  const shape = graph.node('Concat', `${name}/shape`, [rows, graph.integers(`${name}/width`, [outputs])], { axis: 0 });
  return graph.node('Expand', out, [bias, shape]);
}

function activate(graph: GraphBuilder, activation: Activation, name: string, a: string): string {
  const h = `${name}/h`;
  const { op, gated } = ACTIVATIONS[activation].exported.onnx;
  return gated ? graph.node('Mul', h, [a, graph.node(op, `${name}/g`, [a])]) : graph.node(op, h, [a]);
}

/** From the values of the last layer to what is predicted. */
function head(graph: GraphBuilder, { activation, prediction, outputs, then }: Head, out: string): OnnxValue {
  if (then) return { name: prediction, shape: ['N', then.outputs] };
  // Two logits even for two classes: runtimes approximate Sigmoid and round small probabilities to 0.
  if (activation !== 'linear') graph.node(HEADS[activation as keyof typeof HEADS], prediction, [out], activation === 'softmax' ? { axis: 1 } : {});
  return { name: prediction, shape: ['N', outputs] };
}

type Entry = { key: string; value: string };

function metadata(model: CompressedModel, raw: RawInput[] | undefined): Entry[] {
  const { encoder, task, threshold, decisionThreshold, fineTuned, quantized } = model;
  const { target, features, missing } = encoder;
  const [classes, targets, noise] = [classesOf(target), eachOf(target), noiseOf(target, model.noiseVariance)];
  const columns = features.flatMap(({ name, columns }) => columns.map((column) => described(name, column)));
  const entries = {
    ...(raw
      ? { raw_inputs: JSON.stringify(raw.map(({ name, column, kind }) => ({ name, column, kind }))) }
      : { inputs: JSON.stringify(columns) }),
    missing: JSON.stringify(missing),
    task,
    target: target.name,
    ...(targets.length > 1 && { targets: JSON.stringify(targets.map(({ name }) => name)) }),
    ...(noise && { noise: JSON.stringify(targets.length > 1 ? noise : noise[0], shorter) }),
    threshold: String(threshold),
    ...(decisionThreshold !== undefined && { decision_threshold: String(decisionThreshold) }),
    ...(fineTuned !== undefined && { fine_tuned: String(fineTuned) }),
    ...(quantized !== undefined && { quantized: String(quantized) }),
    ...(classes && { classes: JSON.stringify(classes) }),
  };
  return Object.entries(entries).map(([key, value]) => ({ key, value }));
}

/** Digits beyond a float's are left out. */
const shorter = (_: string, value: unknown): unknown => (typeof value === 'number' ? Number(value.toPrecision(9)) : value);

/** What one column of x is: (cell - mean) / scale, the cell of a level or of `missing` being 1 or 0. */
function described(column: string, { type, level, mean, scale }: EncodedColumn): object {
  // Digits that no float32 shows.
  const digits = 10 ** (8 - Math.floor(Math.log10(scale)));
  const short = Math.round(mean * digits) / digits;
  return {
    column, ...(type === 'level' && { level }), ...(type === 'missing' && { missing: true }),
    mean: Number.isFinite(short) ? short : mean, scale: Number(scale.toPrecision(9)),
  };
}
