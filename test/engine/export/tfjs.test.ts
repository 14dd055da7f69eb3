import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACTIVATION_NAMES } from '../../../src/activations.js';
import { encode } from '../../../src/data/index.js';
import { writeTfjsModel } from '../../../src/export/tfjs.js';
import { predictMean } from '../../../src/inference/predictive/compressed.js';
import type { CompressedModel, Task } from '../../../src/types.js';
import { loadLayers, runLayers } from '../../helpers/layers-model.js';
import { penguinModels, penguinPredictions, penguins, tolerance } from '../../helpers/penguins.js';
import { randomCompressed } from '../../helpers/random-compressed.js';
import { randomRows } from '../../helpers/random-posterior.js';

function load(model: CompressedModel): ReturnType<typeof loadLayers> {
  const [document, weights] = writeTfjsModel(model, '0.0.0');
  return loadLayers({ 'model.json': document, 'weights.bin': weights });
}

describe('the LayersModel in TensorFlow.js', () => {
  it('predicts the rows of a real table as the program does', async () => {
    await fc.assert(fc.asyncProperty(penguinModels, async (model) => {
      const layers = await load(model);
      const expected = penguinPredictions(model);
      const { data, shape } = runLayers(layers, encode(penguins, model.encoder, undefined, { target: 'none' }).x);
      layers.dispose();
      expect(shape).toEqual([penguins.rows, expected.length / penguins.rows]);
      const worst = expected.reduce((most, value, at) => Math.max(most, Math.abs(value - data[at])), 0);
      expect(worst).toBeLessThanOrEqual(tolerance(model));
    }), { numRuns: 60, seed: 13 });
  });

  it.each(ACTIVATION_NAMES)('computes %s', async (activation) => {
    const hidden = activation === 'xtanh' ? [5] : [5, 3];
    const model = randomCompressed({ seed: 4, task: 'regression', activation, hidden });
    const x = randomRows(9, 5, 4);
    const { mean } = predictMean(model, x) as { mean: Float32Array };
    const { data } = runLayers(await load(model), x);
    mean.forEach((value, at) => expect(data[at]).toBeCloseTo(value, 4));
  });

  it.each([[[1, 2, 1], false], [[1, 2, 1], true], [[], false]])('computes xtanh by swish, inputs %j, skips %j', async (features, skips) => {
    for (const task of ['regression', 'binary', 'multiclass'] as const) {
      const model = randomCompressed({ seed: 8, task, activation: 'xtanh', hidden: [4], features, skips });
      const x = randomRows(9, 20, features.length === 0 ? 0 : 4);
      const own = predictMean(model, x);
      const expected = 'mean' in own ? own.mean : own.probabilities.data;
      const { data } = runLayers(await load(model), x);
      const worst = expected.reduce((most, value, at) => Math.max(most, Math.abs(value - data[at])), 0);
      expect(worst).toBeLessThanOrEqual(tolerance(model));
    }
  });

  it('is refused with xtanh in more than one hidden layer', () => {
    const model = randomCompressed({ seed: 4, task: 'regression', activation: 'xtanh' });
    expect(() => writeTfjsModel(model, '0.0.0')).toThrow('layers of TensorFlow.js have no function xtanh');
  });

  it.each<Task>(['regression', 'binary', 'multiclass'])('answers each row of a %s model without inputs', async (task) => {
    const model = randomCompressed({ seed: 3, task, features: [], hidden: [] });
    const x = randomRows(9, 5, 0);
    const own = predictMean(model, x);
    const expected = 'mean' in own ? own.mean : own.probabilities.data;
    const { data, shape } = runLayers(await load(model), x);
    expect(shape).toEqual([5, expected.length / 5]);
    expected.forEach((value, at) => expect(data[at]).toBeCloseTo(value, 5));
  });

  it('keeps the digits of small probabilities', async () => {
    const model = randomCompressed({ seed: 5, task: 'binary', features: [1], hidden: [], zero: 1 });
    model.layers[0].bias[0] = 30;
    const { data } = runLayers(await load(model), randomRows(1, 1, 1));
    expect(data[0] / Math.exp(-30)).toBeCloseTo(1, 4);
  });

  it('tells how rows are encoded', async () => {
    const model = { ...randomCompressed({ seed: 6, task: 'binary' }), fineTuned: 20 };
    const layers = await load(model);
    expect(layers.getUserDefinedMetadata()).toEqual({
      bnnc: '0.0.0', task: 'binary', activation: 'tanh', threshold: 0.5, fineTuned: 20, noiseVariance: 1,
      inputPips: model.inputPips, encoder: model.encoder, inputColumns: ['x1', 'x2=l0', 'x2=l1', 'x3'],
    });
  });

  it('is not written with numbers that are none', () => {
    const model = randomCompressed({ seed: 1, task: 'regression' });
    model.layers[0].weight[0] = NaN;
    expect(() => writeTfjsModel(model, '0.0.0')).toThrow(/not finite/);
  });
});
