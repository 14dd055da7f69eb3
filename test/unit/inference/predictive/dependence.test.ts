import { describe, expect, it } from 'vitest';
import { CompressedPredictor, meanOutputs } from '../../../../src/inference/predictive/compressed-draws.js';
import { dependence, quantile } from '../../../../src/inference/predictive/dependence.js';
import { Stream } from '../../../../src/random.js';
import type { CompressedModel, EncodedColumn, Encoder, Feature, Matrix, Task } from '../../../../src/types.js';
import { randomCompressed } from '../../../helpers/random-compressed.js';
import { encoderFor, randomRows } from '../../../helpers/random-posterior.js';

/** f = 2 x1 - x2 on the encoded columns, without hidden units; x2 has a level l0 of three, or is a number. */
function linear(task: Task, features: number[], weight: number[], sd = 0): CompressedModel {
  const model = randomCompressed({ seed: 1, task, features, hidden: [] });
  const [layer] = model.layers;
  const grown = { weight: Float32Array.from(weight), weightSd: new Float32Array(weight.length).fill(sd) };
  const none = new Float32Array(layer.outputs);
  return { ...model, layers: [{ ...layer, ...grown, bias: none, biasSd: none }] };
}

describe('partial dependence', () => {
  const x = randomRows(1, 60, 2);

  it('of a linear network is its line, in the units of input and target', () => {
    const model = linear('regression', [1, 1], [2, -1]);
    const { values, curves: [curve], rug } = dependence(model.encoder, x, (rows) => meanOutputs(model, rows), 0);
    const { encoder: { features: [{ columns: [{ mean, scale }] }], target } } = model;
    if (target.task !== 'regression') throw new Error('a number is predicted');
    const other = Array.from({ length: 60 }, (_, n) => x.data[2 * n + 1]).reduce((sum, value) => sum + value, 0) / 60;
    expect(values).toHaveLength(25);
    values.forEach((value, at) => expect(curve.mean[at])
      .toBeCloseTo((2 * ((value as number) - mean) / scale - other) * target.scale + target.mean, 4));
    // One network has no spread.
    expect(curve.lower).toEqual(curve.mean);
    expect(curve.output).toBe('y');
    expect(rug).toHaveLength(60);
    const sorted = Array.from({ length: 60 }, (_, n) => x.data[2 * n] * scale + mean).sort((a, b) => a - b);
    expect(values[0]).toBeCloseTo(quantile(sorted, 0.01), 5);
    expect(values[24]).toBeCloseTo(quantile(sorted, 0.99), 5);
  });

  it('has bands as wide as the weights are uncertain', () => {
    const model = linear('regression', [1, 1], [2, -1], 0.5);
    const predictor = new CompressedPredictor(model, 2000, Stream.fromSeed('bands'));
    const { values, curves: [{ lower, upper }] } = dependence(model.encoder, x, (rows) => predictor.outputs(rows), 0);
    const { features: [{ columns: [{ mean, scale }] }] } = model.encoder;
    // At an encoded value v the average has the variance 0.25 v^2, and that of the other input's mean, which is small.
    const v = ((values[24] as number) - mean) / scale;
    expect((upper[24] - lower[24]) / (2 * 1.645 * 0.5 * v * 0.7)).toBeCloseTo(1, 1);
  });

  it('of levels has a value for each, those without a column too', () => {
    const model = linear('binary', [1, 2], [1, 3, -3]);
    const rows = randomRows(2, 30, 3);
    const { values, curves, rug } = dependence(model.encoder, rows, (changed) => meanOutputs(model, changed), 1);
    expect(values).toEqual(['l0', 'l1', 'l2']);
    expect(rug).toBeUndefined();
    expect(curves.map(({ output }) => output)).toEqual(['yes']);
    const [{ mean }] = curves;
    expect(mean[0]).toBeGreaterThan(mean[2]);
    expect(mean[2]).toBeGreaterThan(mean[1]);
  });

  it('of more classes gives probabilities that add up to 1', () => {
    const model = randomCompressed({ seed: 5, task: 'multiclass', features: [1, 1] });
    const { values, curves } = dependence(model.encoder, x, (rows) => meanOutputs(model, rows), 1);
    expect(curves.map(({ output }) => output)).toEqual(['a', 'b', 'c']);
    values.forEach((_, at) => expect(curves.reduce((sum, { mean }) => sum + mean[at], 0)).toBeCloseTo(1, 5));
  });

  it('leaves rows without a number out of the ticks, and takes few numbers as they are', () => {
    const plain = encoderFor('regression', [1]);
    const [feature] = plain.features;
    const missing = { name: 'x1=missing', type: 'missing' as const, mean: 0, scale: 1 };
    const number = { ...feature.columns[0], mean: 0, scale: 1 };
    const encoder: Encoder = { ...plain, features: [{ ...feature, columns: [number, missing] }] };
    const rows = { rows: 4, cols: 2, data: Float32Array.of(1, 0, 2, 0, 0, 1, 2, 0) };
    const seen: number[] = [];
    const model = linear('regression', [1, 1], [1, 5]);
    const outputs = (changed: Matrix): ReturnType<typeof meanOutputs> => {
      seen.push(changed.data[5]);
      return meanOutputs(model, changed);
    };
    const { values, rug } = dependence(encoder, rows, outputs, 0);
    expect(values).toEqual([1, 2]);
    expect(rug).toEqual([1, 2, 2]);
    // With a number nothing is missing.
    expect(seen).toEqual([0, 0]);
  });

  describe('where cells were missing', () => {
    const number = { name: 'n', type: 'number' as const, mean: 5, scale: 2, range: [1, 9] as [number, number] };
    const indicator = (name: string, level?: string): EncodedColumn =>
      ({ name, type: level === undefined ? 'missing' : 'level', ...(level !== undefined && { level }), mean: 0, scale: 1 });
    const withFeature = (feature: Feature): Encoder => ({ ...encoderFor('regression', []), features: [feature] });

    it('tells missing cells from a level that is called missing', () => {
      const levels = ['a', 'b', 'missing'];
      const columns = [...levels.map((level) => indicator(`c=${level}`, level)), indicator('c=missing')];
      const encoder = withFeature({ name: 'c', kind: 'categorical', levels, missing: true, columns });
      const model = { ...linear('regression', [1, 1, 1, 1], [1, 2, 3, 7]), encoder };
      const rows = { rows: 1, cols: 4, data: new Float32Array(4) };
      const { values, curves: [{ mean }] } = dependence(encoder, rows, (changed) => meanOutputs(model, changed), 0);
      const { target } = encoder;
      if (target.task !== 'regression') throw new Error('a number is predicted');
      expect(values).toEqual([...levels, '(missing)']);
      [1, 2, 3, 7].forEach((weight, at) => expect(mean[at]).toBeCloseTo(weight * target.scale + target.mean, 5));
    });

    it('varies a number over its training range when all rows miss it', () => {
      const encoder = withFeature({ name: 'n', kind: 'numeric', missing: true, columns: [number, indicator('n=missing')] });
      const model = { ...linear('regression', [1, 1], [1, 1]), encoder };
      const rows = { rows: 2, cols: 2, data: Float32Array.of(0, 1, 0, 1) };
      const { values, rug } = dependence(encoder, rows, (changed) => meanOutputs(model, changed), 0);
      expect(rug).toEqual([]);
      expect([values.length, values[0], values[24]]).toEqual([25, 1, 9]);
    });

    it('leaves them out of the ticks though pruning has taken the indicator', () => {
      const feature: Feature = { name: 'n', kind: 'numeric', missing: true, columns: [number] };
      const model = { ...linear('regression', [1], [1]), encoder: withFeature(feature) };
      const rows = { rows: 3, cols: 1, data: Float32Array.of(-1, 0, 1) };
      const seen = (missing: boolean): number[] | undefined =>
        dependence(withFeature({ ...feature, missing }), rows, (changed) => meanOutputs(model, changed), 0).rug;
      expect(seen(true)).toEqual([3, 7]);
      expect(seen(false)).toEqual([3, 5, 7]);
    });
  });
});
