import { describe, expect, it } from 'vitest';
import { quantize, TOLERANCE } from '../../../../src/inference/prune/quantize.js';
import { randomCompressed } from '../../../helpers/random-compressed.js';

describe('quantization by the posterior', () => {
  const model = randomCompressed({ seed: 8, task: 'regression', features: [1, 1, 1, 1, 1, 1], hidden: [20, 10], zero: 0.4 });
  const { model: quantized, layers } = quantize(model);

  it('moves no weight by more than half of its standard deviation, and none that is pruned', () => {
    quantized.layers.forEach(({ weight }, l) => weight.forEach((value, at) => {
      const { weight: before, weightSd } = model.layers[l];
      expect(Math.abs(value - before[at])).toBeLessThanOrEqual(TOLERANCE * weightSd[at] + 1e-6);
    }));
    expect(quantized.quantized).toBe(TOLERANCE);
    expect(model.quantized).toBeUndefined();
  });

  it('tells what it did', () => {
    layers.forEach(({ weights, values, bits, error }, l) => {
      const kept = [...quantized.layers[l].weight].filter((_, at) => model.layers[l].weightSd[at] > 0);
      expect({ weights, values }).toEqual({ weights: kept.length, values: new Set(kept).size });
      expect(2 ** bits).toBeGreaterThanOrEqual(values);
      expect(2 ** (bits - 1)).toBeLessThan(values);
      expect(error).toBeGreaterThan(0);
      expect(error).toBeLessThanOrEqual(TOLERANCE);
    });
    // Standard deviations of .1 to 1.1 around weights of about 1: few values do for 120 weights.
    expect(layers[1].weights).toBeGreaterThan(100);
    expect(layers[1].values).toBeLessThan(20);
  });

  it('leaves biases, and weights that are sure', () => {
    const sure = { ...model, layers: model.layers.map((layer) => ({ ...layer, weightSd: layer.weightSd.map(() => 0) })) };
    quantize(sure).model.layers.forEach(({ weight, bias }, l) => {
      expect(weight).toEqual(model.layers[l].weight);
      expect(bias).toEqual(model.layers[l].bias);
    });
  });
});
