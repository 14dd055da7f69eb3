import { describe, expect, it } from 'vitest';
import { subsetEncoder } from '../../../../src/data/index.js';
import { namedShare, withBackground } from '../../../../src/inference/prune/with-background.js';
import { networkSize } from '../../../../src/inference/prune/size.js';
import type { Background, CompressedModel } from '../../../../src/types.js';
import { randomCompressed } from '../../../helpers/random-compressed.js';
import { encoderFor } from '../../../helpers/random-posterior.js';

/** Two numbers, of which a linear network of weight 3 reads the second. */
const whole = encoderFor('binary', [1, 1]);
const model: CompressedModel = {
  ...randomCompressed({ seed: 1, task: 'binary', encoder: subsetEncoder(whole, [false, true]), hidden: [] }), inputPips: [0.9],
};
model.layers[0].weight.set([3]);
model.layers[0].weightSd.set([0.5]);
const background: Background = { weight: Float32Array.of(2, -0.5), bias: Float32Array.of(0.25), share: 0.5 };
/** Columns of variance 1 without correlation. */
const x = { rows: 4, cols: 2, data: Float32Array.of(1, 1, 1, -1, -1, 1, -1, -1) };

describe('a background', () => {
  it('is a direct edge of every column, beside the share of the network', () => {
    const { layers: [layer], encoder, inputPips } = withBackground(model, background, whole, [0.1, 0.9]);
    expect(encoder).toBe(whole);
    expect(inputPips).toEqual([0.1, 0.9]);
    expect(layer).toMatchObject({
      inputs: 2, outputs: 1, weight: Float32Array.of(2, 1.5 - 0.5), weightSd: Float32Array.of(0, 0.25),
    });
    expect(layer.bias[0]).toBeCloseTo(0.5 * model.layers[0].bias[0] + 0.25, 6);
    expect(layer).not.toHaveProperty('sources');
  });

  it('leaves the hidden units where they are', () => {
    const cut = randomCompressed({ seed: 2, task: 'binary', encoder: subsetEncoder(whole, [false, true]), hidden: [2], zero: 0 });
    const { layers } = withBackground(cut, background, whole, [0, 1]);
    // The columns are 0 and 1, the units 2 and 3.
    expect(layers[0].sources).toEqual(Int32Array.of(1));
    expect(layers[0].weight).toEqual(cut.layers[0].weight);
    expect(layers[1].sources).toEqual(Int32Array.of(0, 1, 2, 3));
    expect(networkSize({ ...cut, layers }).nonZero).toBe(2 + 2 + 4 + 1);
  });

  it('carries what the named inputs do not', () => {
    // The second input has 0.5 x 3 - 0.5, the first one 2: variances 1 and 4.
    expect(namedShare(model, background, whole, x)).toBeCloseTo(1 / 5, 6);
    expect(namedShare(model, { ...background, weight: Float32Array.of(0, 1) }, whole, x)).toBeCloseTo(1, 6);
    expect(namedShare(model, { ...background, weight: Float32Array.of(0, -1.5) }, whole, x)).toBeUndefined();
  });
});
