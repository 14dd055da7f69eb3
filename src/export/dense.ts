/** The network as dense layers alone: what makes predictions of its outputs is folded into the last one. */
import { compressedGraph } from '../inference/predictive/compressed.js';
import { likelihoodOf, type Affine, type Head } from '../likelihood/index.js';
import type { Graph } from '../model/graph.js';
import type { Activation, CompressedLayer, CompressedModel } from '../types.js';

/** What of a model says how its outputs become predictions. */
type Predicting = Pick<CompressedModel, 'encoder' | 'noiseVariance'>;

export interface DenseLayer extends Affine {
  /** What goes in, one beside the other: 0 is x, t > 0 what layer t - 1 gives. */
  tiers: number[];
  /** Of the last layer as the likelihood's {@link Head} has it. */
  activation: Activation | Head['activation'];
}

/**
 * x [N, d] of encoded columns, through these layers, is what is predicted: [N, 1] or [N, K]. Without inputs d is 1, and that
 * column does not matter.
 */
export const denseLayers = (model: CompressedModel): DenseLayer[] => bareLayers(model).map(withInput);

/** Beside the last of them: from what it reads to the standard deviation of noise that varies, [N, 1]. */
export function denseNoise(model: CompressedModel): DenseLayer | undefined {
  const noise = bareNoise(model);
  return noise && withInput(noise);
}

/** The same, but that the layer of a model without inputs has none. */
export function bareLayers(model: CompressedModel): DenseLayer[] {
  const { layers, activation } = model;
  const graph = compressedGraph(model);
  return layers.flatMap((layer, l): DenseLayer[] => {
    const tiers = graph.feedsOf(l).map(({ tier }) => tier);
    const whole = { ...layer, ...wholeTiers(layer, graph, l) };
    if (l === layers.length - 1) {
      const { then, noise: _noise, ...last } = outputLayer(whole, model);
      return [{ ...last, tiers }, ...(then ? [{ ...then, tiers: [layers.length], activation: 'linear' as const }] : [])];
    }
    const { inputs, outputs, weight, bias } = whole;
    return [{ inputs, outputs, weight, bias, tiers, activation }];
  });
}

/** As {@link denseNoise}, but that without inputs it has none. */
export function bareNoise(model: CompressedModel): DenseLayer | undefined {
  const graph = compressedGraph(model);
  const l = model.layers.length - 1;
  const { noise } = outputLayer({ ...model.layers[l], ...wholeTiers(model.layers[l], graph, l) }, model);
  return noise && { ...noise, tiers: graph.feedsOf(l).map(({ tier }) => tier), activation: 'exp' };
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

/** What the last layer's values become, and are called. */
export const headOf = (model: CompressedModel): Head => outputLayer(model.layers[model.layers.length - 1], model);

/** The last layer with what makes predictions of its outputs. */
export const outputLayer = (layer: Affine, { encoder: { target }, noiseVariance }: Predicting): Head =>
  likelihoodOf(target.task).head(layer, target, noiseVariance);
