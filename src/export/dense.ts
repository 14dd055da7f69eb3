/** The network as dense layers alone: what makes predictions of its outputs is folded into the last one. */
import { compressedGraph } from '../inference/predictive/compressed.js';
import type { Graph } from '../model/graph.js';
import type { Activation, CompressedLayer, CompressedModel, Target } from '../types.js';

interface Affine {
  inputs: number;
  outputs: number;
  /** inputs x outputs. */
  weight: Float32Array;
  bias: Float32Array;
}

export interface DenseLayer extends Affine {
  /** What goes in, one beside the other: 0 is x, t > 0 what layer t - 1 gives. */
  tiers: number[];
  /** Of the last layer `linear` (gives the target in its own units) or `softmax` (classes in the order of the levels). */
  activation: Activation | 'linear' | 'softmax';
}

/**
 * x [N, d] of encoded columns, through these layers, is what is predicted: [N, 1] or [N, K]. Without inputs d is 1, and that
 * column does not matter.
 */
export const denseLayers = (model: CompressedModel): DenseLayer[] => bareLayers(model).map(withInput);

/** The same, but that the layer of a model without inputs has none. */
export function bareLayers(model: CompressedModel): DenseLayer[] {
  const { layers, activation, encoder: { target } } = model;
  const graph = compressedGraph(model);
  return layers.map((layer, l) => {
    const tiers = graph.feedsOf(l).map(({ tier }) => tier);
    const whole = { ...layer, ...wholeTiers(layer, graph, l) };
    if (l === layers.length - 1) return { ...outputLayer(whole, target), tiers };
    const { inputs, outputs, weight, bias } = whole;
    return { inputs, outputs, weight, bias, tiers, activation };
  });
}

/** Whether each layer takes what the one before gives, and nothing else. */
export const isChain = (layers: readonly DenseLayer[]): boolean =>
  layers.every(({ tiers }, l) => tiers.length === 1 && tiers[0] === l);

/** The matrix with a row for each unit of the tiers that the layer reads: those of units that it does not read are zeros. */
function wholeTiers({ inputs, outputs, weight }: CompressedLayer, graph: Graph, l: number): Pick<Affine, 'inputs' | 'weight'> {
  const feeds = graph.feedsOf(l);
  if (feeds.every(({ whole }) => whole)) return { inputs, weight };
  const rows = feeds.reduce((sum, { tier }) => sum + graph.tiers[tier], 0);
  const all = new Float32Array(rows * outputs);
  let start = 0;
  for (const { tier, row, units } of feeds) {
    units.forEach((unit, i) => all.set(weight.subarray((row + i) * outputs, (row + i + 1) * outputs), (start + unit) * outputs));
    start += graph.tiers[tier];
  }
  return { inputs: rows, weight: all };
}

/** Products of matrices without columns lose the bias in TensorFlow, and are undefined on the WebAssembly of TensorFlow.js. */
const withInput = (layer: DenseLayer): DenseLayer =>
  (layer.inputs > 0 ? layer : { ...layer, inputs: 1, tiers: [0], weight: new Float32Array(layer.outputs) });

/** The last layer with what makes predictions of its outputs, but for the softmax. */
export function outputLayer({ inputs, outputs, weight, bias }: Affine, target: Target): Omit<DenseLayer, 'tiers'> {
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
