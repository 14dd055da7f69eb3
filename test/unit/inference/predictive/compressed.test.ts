import { describe, expect, it } from 'vitest';
import { BnncError } from '../../../../src/errors.js';
import { drawModel, drawPrediction, observationVariance, predictMean } from '../../../../src/inference/predictive/compressed.js';
import { networkSize } from '../../../../src/inference/prune/size.js';
import { Stream } from '../../../../src/random.js';
import { randomCompressed } from '../../../helpers/random-compressed.js';
import { randomRows } from '../../../helpers/random-posterior.js';

describe('predictMean', () => {
  it('is the network worked out by hand', () => {
    const model = randomCompressed({ seed: 1, task: 'regression', features: [1], hidden: [1], zero: 0 });
    const [first, second] = model.layers;
    const f = second.bias[0] + second.weight[0] * Math.tanh(first.bias[0] + 2 * first.weight[0]);
    const { mean } = predictMean(model, { rows: 1, cols: 1, data: Float32Array.of(2) }) as { mean: Float32Array };
    expect(mean[0]).toBeCloseTo(1.5 + 0.7 * f, 5);
  });

  it('gives probabilities that sum to 1 in the order of the levels', () => {
    for (const task of ['binary', 'multiclass'] as const) {
      const model = randomCompressed({ seed: 2, task });
      const result = predictMean(model, randomRows(1, 20, 4));
      if (!('probabilities' in result)) throw new Error('no probabilities');
      const { rows, cols, data } = result.probabilities;
      expect([rows, cols]).toEqual([20, task === 'binary' ? 2 : 3]);
      for (let n = 0; n < rows; n++) {
        expect(data.subarray(n * cols, (n + 1) * cols).reduce((a, b) => a + b)).toBeCloseTo(1, 6);
      }
    }
  });

  it('models the second level of a binary target', () => {
    const model = randomCompressed({ seed: 2, task: 'binary', features: [], hidden: [] });
    model.layers[0].bias[0] = Math.log(4);
    const result = predictMean(model, randomRows(1, 1, 0));
    if (!('probabilities' in result)) throw new Error('no probabilities');
    expect(result.probabilities.data[1]).toBeCloseTo(0.8, 6);
  });

  it('survives enormous logits', () => {
    const model = randomCompressed({ seed: 2, task: 'multiclass', features: [], hidden: [] });
    model.layers[0].bias.set([1e30, 0, -1e30]);
    const probabilities = { rows: 1, cols: 3, data: Float32Array.of(1, 0, 0) };
    expect(predictMean(model, randomRows(1, 1, 0))).toEqual({ probabilities });
  });

  it('refuses rows of another width', () => {
    const model = randomCompressed({ seed: 3, task: 'regression' });
    expect(() => predictMean(model, randomRows(1, 2, 3))).toThrow(BnncError);
  });
});

describe('posterior draws', () => {
  const model = randomCompressed({ seed: 4, task: 'regression', features: [1, 1], hidden: [] });
  const x = { rows: 1, cols: 2, data: Float32Array.of(1, -2) };

  it('have the mean and variance of a linear model', () => {
    const [{ weight, weightSd, bias, biasSd }] = model.layers;
    const draws = Array.from({ length: 4000 }, (_, r) =>
      (drawPrediction(model, x, Stream.fromSeed(1).split('draw', r)) as { mean: Float32Array }).mean[0]);
    const mean = draws.reduce((a, b) => a + b) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
    const exact = 1.5 + 0.7 * (bias[0] + weight[0] - 2 * weight[1]);
    const spread = 0.49 * (biasSd[0] ** 2 + weightSd[0] ** 2 + 4 * weightSd[1] ** 2);
    expect(Math.abs(mean - exact)).toBeLessThan(4 * Math.sqrt(spread / draws.length));
    expect(Math.abs(variance / spread - 1)).toBeLessThan(0.1);
  });

  it('keep pruned weights at 0', () => {
    const sparse = randomCompressed({ seed: 5, task: 'binary', zero: 0.6 });
    const drawn = drawModel(sparse, Stream.fromSeed(1));
    sparse.layers.forEach((layer, l) => layer.weight.forEach((w, at) =>
      expect(drawn.layers[l].weight[at] === 0).toBe(w === 0)));
  });

  it('are named by their stream', () => {
    const draw = (seed: number) => drawPrediction(model, x, Stream.fromSeed(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('have observation noise in the units of the target', () => {
    expect(observationVariance(model)).toBeCloseTo(0.2 * 0.49, 12);
    expect(observationVariance(randomCompressed({ seed: 1, task: 'binary' }))).toBe(1);
  });
});

describe('networkSize', () => {
  it('counts entries, living weights and multiplications', () => {
    const model = randomCompressed({ seed: 6, task: 'regression', features: [1, 1], hidden: [3], zero: 0 });
    model.layers[0].weight[1] = 0;
    model.layers[0].weightSd[1] = 0;
    model.layers[0].weight[2] = 0;
    expect(networkSize(model)).toEqual({ parameters: 13, nonZero: 12, multiplyAdds: 9 });
  });
});
