/** What is computed with compressed networks whose layers read any units before them. */
import { describe, expect, it } from 'vitest';
import { writeOnnx } from '../../../src/export/index.js';
import { compressedGraph, compressedOutputs, drawModel } from '../../../src/inference/predictive/compressed.js';
import { CompressedPredictor } from '../../../src/inference/predictive/compressed-draws.js';
import { dependence } from '../../../src/inference/predictive/dependence.js';
import { coalitionsOf, contributions } from '../../../src/inference/predictive/explain.js';
import { quantize, TOLERANCE } from '../../../src/inference/prune/quantize.js';
import { networkSize } from '../../../src/inference/prune/size.js';
import { Stream } from '../../../src/random.js';
import { skipsOf, skipWords } from '../../../src/text/skips.js';
import type { CompressedModel, Task } from '../../../src/types.js';
import { runOnnx } from '../../helpers/onnxruntime.js';
import { ownPredictions } from '../../helpers/own-predictions.js';
import { randomCompressed } from '../../helpers/random-compressed.js';
import { randomRows } from '../../helpers/random-posterior.js';

const TASKS: Task[] = ['regression', 'binary', 'multiclass'];
const skipping = (task: Task, seed = 2, features = [1, 2, 1]): CompressedModel =>
  randomCompressed({ seed, task, features, skips: true });

/** f = 2 + 3 x1 + 5 relu(x2): the first column reaches the output past the hidden layer, and nothing else. */
function straight(): CompressedModel {
  const model = randomCompressed({ seed: 1, task: 'regression', activation: 'relu', features: [1, 1], hidden: [1], zero: 0 });
  const layer = (l: number, sources: number[], weight: number[], bias: number): unknown => Object.assign(model.layers[l], {
    inputs: sources.length, sources: Int32Array.from(sources), weight: Float32Array.from(weight), bias: Float32Array.of(bias),
    weightSd: new Float32Array(weight.length).fill(0.1),
  });
  layer(0, [1], [1], 0);
  layer(1, [0, 2], [3, 5], 2);
  return model;
}

describe.each(TASKS)('a %s network with skips', (task) => {
  it.each([[1, 2, 1], Array<number>(10).fill(1)])('is explained by parts that add up to its prediction', (...features) => {
    const model = skipping(task, 3, features);
    expect(compressedGraph(model).plain).toBe(false);
    const stream = Stream.fromSeed('explain');
    const networks = [model, drawModel(model, stream.split('draw'))];
    const x = randomRows(5, 4, compressedGraph(model).columns);
    const { baseline, values } = contributions(networks, coalitionsOf(features.length, stream), x, ([value]) => value);
    const outputs = model.layers[model.layers.length - 1].outputs;
    networks.forEach((each, s) => {
      const predicted = compressedOutputs(each, x);
      for (let n = 0; n < x.rows; n++) {
        const parts = values.subarray((s * x.rows + n) * features.length, (s * x.rows + n + 1) * features.length);
        expect(baseline[s * x.rows + n] + parts.reduce((sum, value) => sum + value, 0)).toBeCloseTo(predicted[n * outputs], 10);
      }
    });
  });

  it('draws networks that read what it reads', () => {
    const model = skipping(task);
    const x = randomRows(5, 6, compressedGraph(model).columns);
    const { values, draws, outputs } = new CompressedPredictor(model, 3, Stream.fromSeed('draws')).outputs(x);
    expect(draws).toBe(3);
    for (let s = 0; s < draws; s++) {
      const expected = compressedOutputs(drawModel(model, Stream.fromSeed('draws').split('draw', s)), x);
      expected.forEach((value, at) => expect(values[s * x.rows * outputs + at]).toBe(Math.fround(value)));
    }
  });

  it('is quantized as any other, and still the same in ONNX', async () => {
    const model = skipping(task);
    const { model: quantized } = quantize(model);
    quantized.layers.forEach(({ weight, weightSd }, l) => {
      expect(compressedGraph(quantized).sourcesOf(l)).toEqual(compressedGraph(model).sourcesOf(l));
      const { weight: before, weightSd: sd } = model.layers[l];
      weight.forEach((value, at) => {
        expect(Math.abs(value - before[at])).toBeLessThanOrEqual(TOLERANCE * sd[at] + 1e-6);
        expect(weightSd[at] === 0).toBe(sd[at] === 0);
      });
    });
    const x = randomRows(6, 8, compressedGraph(model).columns);
    const { data } = await runOnnx(writeOnnx(quantized, '0.0.0'), x);
    ownPredictions(quantized, x).forEach((value, at) => expect(Math.abs(data[at] - value)).toBeLessThanOrEqual(1e-5));
  });
});

describe('a column that reaches the output past the hidden layer', () => {
  it('has a straight line as its effect', () => {
    const model = straight();
    const { encoder: { target, features } } = model;
    const predictor = new CompressedPredictor(model, 1, Stream.fromSeed(1));
    const { values, curves: [{ mean }] } = dependence(model.encoder, randomRows(7, 30, 2), (x) => predictor.outputs(x), 0);
    const [slope] = drawModel(model, Stream.fromSeed(1).split('draw', 0)).layers[1].weight;
    const rise = (slope * (target as { scale: number }).scale) / features[0].columns[0].scale;
    const [first, last] = [Number(values[0]), Number(values[values.length - 1])];
    expect(mean[mean.length - 1] - mean[0]).toBeCloseTo(rise * (last - first), 4);
    values.forEach((value, at) => expect(mean[at] - mean[0]).toBeCloseTo(rise * (Number(value) - first), 4));
  });

  it('is counted and told', () => {
    const model = straight();
    expect(networkSize(model)).toEqual({ parameters: 5, nonZero: 5, multiplyAdds: 3 });
    expect(skipsOf(model)).toEqual([{ from: 'columns', to: 'outputs', units: 1 }]);
    expect(skipWords(skipsOf(model))).toBe('the outputs read 1 encoded column directly');
    const deep = randomCompressed({ seed: 1, task: 'binary', hidden: [2, 2, 2] });
    Object.assign(deep.layers[2], { inputs: 5, sources: Int32Array.of(0, 3, 4, 5, 7) });
    expect(skipWords(skipsOf(deep))).toBe('h3 reads 2 encoded columns directly; h3 reads 2 units of h1 directly');
    expect(skipsOf(randomCompressed({ seed: 1, task: 'binary' }))).toEqual([]);
  });
});
