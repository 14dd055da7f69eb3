/**
 * Quantization by the posterior: a weight needs no more precision than its posterior has. Each weight matrix gets the fewest
 * distinct values such that every kept weight moves by at most {@link TOLERANCE} of its own posterior standard deviation. That
 * is what rounding to a grid as coarse as the standard deviation does; it costs at most 1/8 nat of KL divergence a weight, and
 * 1/24 on average where errors are spread evenly: (error / sd)^2 / 2.
 */
import type { CompressedLayer, CompressedModel } from '../../types.js';
import { codebookOf } from './codebook.js';

/** Largest error of a weight, in its posterior standard deviations. */
export const TOLERANCE = 0.5;

/** What quantization did to one layer. */
export interface LayerBits {
  /** Kept weights, and the distinct values that they have now. */
  weights: number;
  values: number;
  /** Of the index of a value: the logarithm of `values` to base 2, rounded up. */
  bits: number;
  /** Root mean square error of the weights in their posterior standard deviations; 0 without weights. */
  error: number;
}

/**
 * The same network with quantized weights; biases stay, and standard deviations keep two digits.
 *
 * @returns a model of its own, and one entry for each layer.
 */
export function quantize(model: CompressedModel): { model: CompressedModel; layers: LayerBits[] } {
  const done = model.layers.map(quantizeLayer);
  return {
    model: { ...model, layers: done.map(({ layer }) => layer), quantized: TOLERANCE },
    layers: done.map(({ bits }) => bits),
  };
}

function quantizeLayer(layer: CompressedLayer): { layer: CompressedLayer; bits: LayerBits } {
  const { weight, weightSd, biasSd } = layer;
  const kept = Uint32Array.from(weight.keys()).filter((at) => weight[at] !== 0 || weightSd[at] !== 0);
  const numbers = Float32Array.from(kept, (at) => weight[at]);
  const { values, codes } = codebookOf(numbers, Float64Array.from(kept, (at) => TOLERANCE * weightSd[at]));
  const quantized = new Float32Array(weight.length);
  kept.forEach((at, n) => (quantized[at] = values[codes[n]]));
  const errors = Array.from(kept, (at) => (quantized[at] === weight[at] ? 0 : (quantized[at] - weight[at]) / weightSd[at]));
  const error = Math.sqrt(errors.reduce((sum, value) => sum + value ** 2, 0) / Math.max(1, kept.length));
  return {
    layer: { ...layer, weight: quantized, weightSd: weightSd.map(twoDigits), biasSd: biasSd.map(twoDigits) },
    bits: { weights: kept.length, values: values.length, bits: Math.ceil(Math.log2(Math.max(1, values.length))), error },
  };
}

/** A standard deviation is an estimate, which more digits make no better. */
const twoDigits = (sd: number): number => Number(sd.toPrecision(2));
