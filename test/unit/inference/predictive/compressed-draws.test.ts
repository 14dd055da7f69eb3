import { describe, expect, it } from 'vitest';
import { compressedOutputs, drawModel } from '../../../../src/inference/predictive/compressed.js';
import { CompressedPredictor, meanOutputs } from '../../../../src/inference/predictive/compressed-draws.js';
import { Stream } from '../../../../src/random.js';
import type { CompressedModel } from '../../../../src/types.js';
import { randomRows, encoderFor } from '../../../helpers/random-posterior.js';

const model: CompressedModel = {
  task: 'regression', activation: 'tanh', encoder: encoderFor('regression', [1, 1]), noiseVariance: 0.3, inputPips: [1, 0.7], threshold: 0.5,
  layers: [{
    inputs: 2, outputs: 1, weight: Float32Array.of(1.5, -0.5), weightSd: Float32Array.of(0.2, 0), bias: Float32Array.of(0.4),
    biasSd: Float32Array.of(0.1), units: ['y'],
  }],
};
const x = randomRows(1, 3, 2);

describe('draws of a compressed model', () => {
  it('the posterior mean network is one draw', () => {
    const { draws, rows, outputs, values, noiseVariance, task } = meanOutputs(model, x);
    expect([task, draws, rows, outputs, noiseVariance]).toEqual(['regression', 1, 3, 1, 0.3]);
    expect(values).toEqual(Float32Array.from(compressedOutputs(model, x)));
  });

  it('every draw is one network for all rows, kept from call to call', () => {
    const predictor = new CompressedPredictor(model, 3, Stream.fromSeed(1));
    const { values } = predictor.outputs(x);
    for (let s = 0; s < 3; s++) {
      const network = drawModel(model, Stream.fromSeed(1).split('draw', s));
      expect(values.subarray(3 * s, 3 * s + 3)).toEqual(Float32Array.from(compressedOutputs(network, x)));
    }
    expect(predictor.outputs(x).values).toEqual(values);
  });

  it('have the mean and variance of the weights', () => {
    const draws = 4000;
    const { values } = new CompressedPredictor(model, draws, Stream.fromSeed(2)).outputs(x);
    for (let n = 0; n < 3; n++) {
      const [a, b] = x.data.subarray(2 * n, 2 * n + 2);
      const found = Array.from({ length: draws }, (_, s) => values[3 * s + n]);
      const mean = found.reduce((sum, v) => sum + v, 0) / draws;
      const variance = found.reduce((sum, v) => sum + (v - mean) ** 2, 0) / draws;
      const truth = (0.2 * a) ** 2 + 0.1 ** 2;
      expect(Math.abs(mean - (1.5 * a - 0.5 * b + 0.4))).toBeLessThan(5 * Math.sqrt(truth / draws));
      expect(Math.abs(variance / truth - 1)).toBeLessThan(5 * Math.sqrt(2 / draws));
    }
  });
});
