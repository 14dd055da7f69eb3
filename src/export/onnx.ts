/**
 * ONNX export (opset 17, IR version 8). Input `x`: float [N, d] of encoded columns, or the columns of the CSV file, each [N, 1];
 * output `prediction`: float [N, 1] in the target's own units, or `probabilities`: float [N, K] in the order of the levels. How
 * the rows are encoded stands in the metadata: `encoder` (JSON), `input_columns`, `class_levels`.
 */
import { encodedNames } from '../inference/units.js';
import type { Activation, CompressedModel, Target } from '../types.js';
import { orderedEncoder } from './encoder.js';
import type { OnnxInput } from './formats.js';
import { encodeInGraph, type RawInput } from './onnx-encode.js';
import { GraphBuilder } from './onnx-graph.js';
import { encodeOnnx, ML_DOMAIN, type OnnxValue } from './onnx-schema.js';

const OPSET = 17;
const IR_VERSION = 8;
/** Of the operators for tables: that of the same release as OPSET. */
const ML_OPSET = 3;

/**
 * @param version of the program, kept as the producer's version.
 * @param input `raw`: the graph takes the columns of the CSV file; a model without inputs takes `x` all the same.
 * @returns the bytes of an .onnx file; the same model always gives the same bytes.
 */
export function writeOnnx(model: CompressedModel, version: string, input: OnnxInput = 'encoded'): Uint8Array {
  const graph = new GraphBuilder();
  // A model without inputs needs something that has rows.
  const raw = input === 'raw' && model.layers[0].inputs > 0 ? encodeInGraph(graph, model.encoder, X) : undefined;
  const output = head(graph, model.encoder.target, body(graph, model, X));
  const usesTables = graph.nodes.some(({ domain }) => domain === ML_DOMAIN);
  return encodeOnnx({
    irVersion: IR_VERSION,
    producerName: 'bnnc',
    producerVersion: version,
    docString: 'Spike-and-slab Bayesian neural network: posterior means of the weights whose gates are kept.',
    opsetImport: [{ domain: '', version: OPSET }, ...(usesTables ? [{ domain: ML_DOMAIN, version: ML_OPSET }] : [])],
    metadataProps: metadata(model, raw),
    graph: { name: 'bnnc', node: graph.nodes, initializer: graph.constants, input: raw ?? [encodedInput(model)], output: [output] },
  });
}

/** The encoded columns. */
const X = 'x';

const encodedInput = ({ layers }: CompressedModel): OnnxValue => ({ name: X, shape: ['N', layers[0].inputs] });

/** The dense layers: name of the last pre-activations, [N, K]. */
function body(graph: GraphBuilder, { layers, activation }: CompressedModel, x: string): string {
  let h = x;
  layers.forEach((layer, l) => {
    const name = `layer${l + 1}`;
    const bias = graph.floats(`${name}/bias`, [layer.outputs], layer.bias);
    if (layer.inputs === 0) {
      h = constantRows(graph, name, x, bias, layer.outputs);
    } else {
      const weight = graph.floats(`${name}/weight`, [layer.inputs, layer.outputs], layer.weight);
      h = graph.node('Gemm', `${name}/out`, [h, weight, bias]);
    }
    if (l < layers.length - 1) h = activate(graph, activation, `${name}/h`, h);
  });
  return h;
}

/** The biases repeated for each row of x: a model without inputs still answers a batch with a batch. */
function constantRows(graph: GraphBuilder, name: string, x: string, bias: string, outputs: number): string {
  const rows = graph.node('Shape', `${name}/rows`, [x], { start: 0, end: 1 });
  const shape = graph.node('Concat', `${name}/shape`, [rows, graph.integers(`${name}/width`, [outputs])], { axis: 0 });
  return graph.node('Expand', `${name}/out`, [bias, shape]);
}

function activate(graph: GraphBuilder, activation: Activation, name: string, a: string): string {
  if (activation === 'tanh') return graph.node('Tanh', name, [a]);
  if (activation === 'relu') return graph.node('Relu', name, [a]);
  if (activation === 'sigmoid') return graph.node('Sigmoid', name, [a]);
  return graph.node('Mul', name, [a, graph.node('Sigmoid', `${name}/gate`, [a])]);
}

/** From the last pre-activations to what is predicted. */
function head(graph: GraphBuilder, target: Target, out: string): OnnxValue {
  if (target.task === 'regression') {
    const scale = graph.floats('target/scale', [1], Float32Array.of(target.scale));
    const mean = graph.floats('target/mean', [1], Float32Array.of(target.mean));
    graph.node('Add', 'prediction', [graph.node('Mul', 'target/scaled', [out, scale]), mean]);
    return { name: 'prediction', shape: ['N', 1] };
  }
  // sigmoid(f) as a softmax over (-f/2, f/2): runtimes approximate Sigmoid and round small probabilities to 0.
  const logits = target.task === 'binary'
    ? graph.node('Mul', 'logits', [out, graph.floats('logits/half', [2], Float32Array.of(-0.5, 0.5))])
    : out;
  graph.node('Softmax', 'probabilities', [logits], { axis: 1 });
  return { name: 'probabilities', shape: ['N', target.levels.length] };
}

type Entry = { key: string; value: string };

function metadata({ encoder, task, threshold, fineTuned }: CompressedModel, raw: RawInput[] | undefined): Entry[] {
  const { target } = encoder;
  const entries = {
    encoder: JSON.stringify(orderedEncoder(encoder)),
    input_columns: JSON.stringify(encodedNames(encoder)),
    ...(raw && { raw_inputs: JSON.stringify(raw.map(({ name, column, kind }) => ({ name, column, kind }))) }),
    task,
    target: target.name,
    threshold: String(threshold),
    ...(fineTuned !== undefined && { fine_tuned: String(fineTuned) }),
    ...(target.task === 'regression' ? {} : { class_levels: JSON.stringify(target.levels) }),
  };
  return Object.entries(entries).map(([key, value]) => ({ key, value }));
}
