/**
 * TensorFlow.js LayersModel: `model.json` (topology, manifest, metadata) and `weights.bin`, for `tf.loadLayersModel`. Dense
 * layers lead from encoded columns, float [N, d], to predictions in the target's own units, [N, 1], or to the probabilities of
 * the classes in the order of the levels, [N, K]. Noise that varies is a second column, as the logarithm of its standard
 * deviation: no layer gives an exponential. Without inputs d is 1, and that column does not matter.
 */
import { ACTIVATIONS } from '../activations.js';
import { columnCount } from '../data/feature.js';
import { fail } from '../errors.js';
import type { CompressedModel } from '../types.js';
import { denseLayers, denseNoise, isChain, type DenseLayer } from './dense.js';
import { checkFinite } from './finite.js';
import { modelFacts } from './model-document.js';
import { asSwish } from './swish.js';

const WEIGHTS = 'weights.bin';

/**
 * @param version of the program, kept in the file.
 * @returns the bytes of model.json and of weights.bin; the same model always gives the same bytes.
 * @throws `run.model-not-finite`; `run.export-form` when layers of TensorFlow.js cannot compute the model
 */
export function writeTfjsModel(model: CompressedModel, version: string): [document: Uint8Array, weights: Uint8Array] {
  checkFinite(model);
  const layers = asSwish(withNoise(denseLayers(model), denseNoise(model)));
  const arrays = layers.flatMap(({ weight, bias }) => [weight, bias]);
  const weights = layers.flatMap(({ inputs, outputs }, l) => [
    { name: `layer${l + 1}/kernel`, shape: [inputs, outputs], dtype: 'float32' },
    { name: `layer${l + 1}/bias`, shape: [outputs], dtype: 'float32' },
  ]);
  const document = {
    format: 'layers-model',
    generatedBy: `bnnc ${version}`,
    convertedBy: null,
    modelTopology: {
      backend: 'tensor_flow.js',
      keras_version: 'tfjs-layers 4.22.0',
      model_config: isChain(layers)
        ? { class_name: 'Sequential', config: { name: 'bnnc', layers: layers.map(layerConfig) } }
        : { class_name: 'Model', config: { name: 'bnnc', ...wiredLayers(layers, Math.max(1, columnCount(model.encoder.features))) } },
    },
    weightsManifest: [{ paths: [WEIGHTS], weights }],
    userDefinedMetadata: modelFacts(model, version),
  };
  return [new TextEncoder().encode(`${JSON.stringify(document)}\n`), concatenated(arrays)];
}

/** The last layer with the noise as one more output. */
function withNoise(layers: DenseLayer[], noise: DenseLayer | undefined): DenseLayer[] {
  const last = layers[layers.length - 1];
  if (!noise) return layers;
  const weight = Float32Array.from({ length: 2 * last.inputs }, (_, at) => (at % 2 === 0 ? last : noise).weight[at >> 1]);
  return [...layers.slice(0, -1), { ...last, outputs: 2, weight, bias: Float32Array.of(last.bias[0], noise.bias[0]) }];
}

function layerConfig({ inputs, outputs, activation }: DenseLayer, l: number): object {
  return {
    class_name: 'Dense',
    config: {
      name: nameOf(l),
      ...(l === 0 && { batch_input_shape: [null, inputs] }),
      dtype: 'float32', trainable: true, units: outputs, use_bias: true,
      activation: nameOfActivation(activation),
      // Overwritten by the weights of the file, so nothing has to be drawn.
      kernel_initializer: { class_name: 'Zeros', config: {} },
      bias_initializer: { class_name: 'Zeros', config: {} },
    },
  };
}

/** @throws run.export-form */
function nameOfActivation(activation: DenseLayer['activation']): string {
  if (activation === 'linear' || activation === 'softmax') return activation;
  const name = activation === 'exp' ? undefined : ACTIVATIONS[activation].exported.keras;
  if (name !== undefined) return name;
  throw fail('run.export-form', `layers of TensorFlow.js have no function ${activation}, which the predictions of this model need`, {
    hint: 'Choose other formats, such as json and onnx.',
  });
}

const INPUT = 'x';
const nameOf = (l: number): string => `layer${l + 1}`;

/** Layers that name what goes into them, side by side where that is more than one value. */
function wiredLayers(layers: readonly DenseLayer[], columns: number): object {
  const place = (name: string): [string, number, number] => [name, 0, 0];
  const wired = (name: string, layer: object, inputs: string[]): object =>
    ({ name, ...layer, inbound_nodes: [inputs.map((input) => [...place(input), {}])] });
  const made = layers.flatMap((layer, l) => {
    const inputs = layer.tiers.map((tier) => (tier === 0 ? INPUT : nameOf(tier - 1)));
    if (inputs.length === 1) return [wired(nameOf(l), layerConfig(layer, l), inputs)];
    const all = `inputs${l + 1}`;
    return [
      wired(all, { class_name: 'Concatenate', config: { name: all, trainable: true, axis: -1 } }, inputs),
      wired(nameOf(l), layerConfig(layer, l), [all]),
    ];
  });
  const input = {
    name: INPUT, class_name: 'InputLayer', inbound_nodes: [],
    config: { name: INPUT, batch_input_shape: [null, columns], dtype: 'float32', sparse: false },
  };
  return { layers: [input, ...made], input_layers: [place(INPUT)], output_layers: [place(nameOf(layers.length - 1))] };
}

/** One array after the other, as bytes. */
function concatenated(arrays: Float32Array[]): Uint8Array {
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return new Uint8Array(all.buffer);
}
