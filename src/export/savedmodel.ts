/**
 * TensorFlow SavedModel: a graph of constants and operations, without variables. Its signature `serving_default` takes `x`, float
 * [?, d] of encoded columns, and gives `prediction`, [?, 1] in the target's own units, or `probabilities`, [?, K] in the order of
 * the levels; noise that varies also as `noise`, [?, 1]. Without inputs d is 1, and that column does not matter.
 */
import { ACTIVATIONS } from '../activations.js';
import { encodeSavedModel, type AttributeMessage, type NodeMessage, type SignatureMessage } from '../engine/compiled/graph-schema.js';
import type { CompressedModel } from '../types.js';
import { columnCount } from '../data/feature.js';
import { denseLayers, denseNoise, headOf, type DenseLayer } from './dense.js';
import { checkFinite } from './finite.js';
import { modelFacts } from './model-document.js';

/** DT_FLOAT and DT_INT32. */
const FLOAT = 1;
const INT32 = 3;
/** Version of TensorFlow's operations that the graph is written against: all that are used here are older. */
const PRODUCER = 1087;
const INPUT = 'x';
const NOISE = 'noise';

const shape = (...sizes: number[]): { dim: { size: number }[] } => ({ dim: sizes.map((size) => ({ size })) });

/**
 * @param version of the program, kept in the second file.
 * @returns the bytes of saved_model.pb, and of a JSON document that tells how rows are encoded; the same model always gives the
 *   same bytes.
 * @throws `run.model-not-finite`.
 */
export function writeSavedModel(model: CompressedModel, version: string): [graph: Uint8Array, facts: Uint8Array] {
  checkFinite(model);
  const layers = denseLayers(model);
  const output = headOf(model).prediction;
  const [d, k] = [Math.max(1, columnCount(model.encoder.features)), layers[layers.length - 1].outputs];
  const nodes = [node('Placeholder', INPUT, [], { dtype: { type: FLOAT }, shape: { shape: shape(-1, d) } })];
  const values = [INPUT];
  layers.forEach((layer, l) => {
    const name = `layer${l + 1}`;
    const out = l === layers.length - 1 ? output : `${name}/h`;
    nodes.push(...layerNodes(layer, name, layer.tiers.map((tier) => values[tier]), out));
    values.push(out);
  });
  const noise = denseNoise(model);
  if (noise) nodes.push(...layerNodes(noise, `${NOISE}/layer`, noise.tiers.map((tier) => values[tier]), NOISE));
  const signature: SignatureMessage = {
    inputs: { [INPUT]: { name: `${INPUT}:0`, dtype: FLOAT, tensorShape: shape(-1, d) } },
    outputs: Object.fromEntries([[output, k] as const, ...(noise ? [[NOISE, 1] as const] : [])].map(([name, width]) =>
      [name, { name: `${name}:0`, dtype: FLOAT, tensorShape: shape(-1, width) }])),
    methodName: 'tensorflow/serving/predict',
  };
  const graph = { node: nodes, library: { function: [] }, versions: { producer: PRODUCER } };
  return [
    Uint8Array.from(encodeSavedModel(graph, { serving_default: signature })),
    new TextEncoder().encode(`${JSON.stringify(modelFacts(model, version), null, 2)}\n`),
  ];
}

/** Functions of the last layer. */
const HEADS = { softmax: 'Softmax', exp: 'Exp' } as const;

/** phi(h W + b), h being the values side by side; the last node is called `out`. */
function layerNodes(layer: DenseLayer, name: string, values: string[], out: string): NodeMessage[] {
  if (values.length > 1) {
    return [...sideBySide(values, `${name}/x`), ...layerNodes(layer, name, [`${name}/x`], out)];
  }
  const [h] = values;
  const { inputs, outputs, weight, bias, activation } = layer;
  const a = activation === 'linear' ? out : `${name}/a`;
  const affine = [
    constant(`${name}/kernel`, [inputs, outputs], weight),
    constant(`${name}/bias`, [outputs], bias),
    node('MatMul', `${name}/product`, [h, `${name}/kernel`]),
    node('BiasAdd', a, [`${name}/product`, `${name}/bias`]),
  ];
  if (activation === 'linear') return affine;
  if (activation === 'softmax' || activation === 'exp') return [...affine, node(HEADS[activation], out, [a])];
  const { op, gated } = ACTIVATIONS[activation].exported.tensorflow;
  if (!gated) return [...affine, node(op, out, [a])];
  return [...affine, node(op, `${name}/gate`, [a]), node('Mul', out, [a, `${name}/gate`])];
}

function sideBySide(values: string[], name: string): NodeMessage[] {
  const tensorContent = new Uint8Array(Int32Array.of(1).buffer);
  const axis = node('Const', `${name}/axis`, [], {
    dtype: { type: INT32 }, value: { tensor: { dtype: INT32, tensorShape: shape(), tensorContent } },
  });
  const attributes = { N: { i: values.length }, T: { type: FLOAT }, Tidx: { type: INT32 } };
  return [axis, node('ConcatV2', name, [...values, axis.name], attributes)];
}

type Attributes = Record<string, AttributeMessage>;

const node = (op: string, name: string, input: string[], attr: Attributes = { T: { type: FLOAT } }): NodeMessage =>
  ({ name, op, input, attr });

function constant(name: string, sizes: number[], data: Float32Array): NodeMessage {
  const tensorContent = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return node('Const', name, [], {
    dtype: { type: FLOAT }, value: { tensor: { dtype: FLOAT, tensorShape: shape(...sizes), tensorContent } },
  });
}
