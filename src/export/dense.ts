/** The network as dense layers alone: what makes predictions of its outputs is folded into the last one. */
import type { Activation, CompressedLayer, CompressedModel, Target } from '../types.js';

export interface DenseLayer {
  inputs: number;
  outputs: number;
  /** inputs x outputs. */
  weight: Float32Array;
  bias: Float32Array;
  /** Of the last layer `linear` (gives the target in its own units) or `softmax` (classes in the order of the levels). */
  activation: Activation | 'linear' | 'softmax';
}

/**
 * x [N, d] of encoded columns, through these layers, is what is predicted: [N, 1] or [N, K]. Without inputs d is 1, and that
 * column does not matter.
 */
export function denseLayers({ layers, activation, encoder: { target } }: CompressedModel): DenseLayer[] {
  return layers.map((layer, l) => {
    if (l === layers.length - 1) return withInput(outputLayer(layer, target));
    const { inputs, outputs, weight, bias } = layer;
    return withInput({ inputs, outputs, weight, bias, activation });
  });
}

/** Products of matrices without columns lose the bias in TensorFlow, and are undefined on the WebAssembly of TensorFlow.js. */
const withInput = (layer: DenseLayer): DenseLayer =>
  (layer.inputs > 0 ? layer : { ...layer, inputs: 1, weight: new Float32Array(layer.outputs) });

/** The last layer with what makes predictions of its outputs, but for the softmax. */
export function outputLayer({ inputs, outputs, weight, bias }: CompressedLayer, target: Target): DenseLayer {
  if (target.task === 'regression') {
    const scaled = weight.map((value) => value * target.scale);
    return { inputs, outputs, weight: scaled, bias: bias.map((value) => value * target.scale + target.mean), activation: 'linear' };
  }
  if (target.task === 'multiclass') return { inputs, outputs, weight, bias, activation: 'softmax' };
  // The logistic function of f is the softmax over (-f/2, f/2); halves are exact.
  const both = (values: Float32Array): Float32Array => Float32Array.from({ length: 2 * values.length }, (_, at) =>
    (at % 2 === 0 ? -0.5 : 0.5) * values[at >> 1]);
  return { inputs, outputs: 2, weight: both(weight), bias: both(bias), activation: 'softmax' };
}
