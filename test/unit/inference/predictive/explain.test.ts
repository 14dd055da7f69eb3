import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compressedOutputs } from '../../../../src/inference/predictive/compressed.js';
import { coalitionsOf, contributions } from '../../../../src/inference/predictive/explain.js';
import { Stream } from '../../../../src/random.js';
import type { CompressedModel, Matrix } from '../../../../src/types.js';

/** A network of p inputs, one column each; `hidden` units or none. */
function network(p: number, hidden: number, stream: Stream): CompressedModel {
  const features = Array.from({ length: p }, (_, i) =>
    ({ name: `x${i}`, kind: 'numeric' as const, columns: [{ name: `x${i}`, type: 'number' as const, mean: 0, scale: 1 }] }));
  const layer = (inputs: number, outputs: number, own: Stream): CompressedModel['layers'][0] => ({
    inputs, outputs, weight: own.split('w').normals(inputs * outputs), weightSd: new Float32Array(inputs * outputs),
    bias: own.split('b').normals(outputs), biasSd: new Float32Array(outputs), units: Array<string>(outputs).fill('u'),
  });
  return {
    task: 'regression', activation: 'tanh', noiseVariance: 1, inputPips: Array<number>(p).fill(1), threshold: 0.5,
    encoder: { schemaVersion: 1, features, target: { name: 'y', task: 'regression', mean: 0, scale: 1 }, missing: [], dropped: [] },
    layers: hidden === 0 ? [layer(p, 1, stream)] : [layer(p, hidden, stream.split(1)), layer(hidden, 1, stream.split(2))],
  };
}

const rows = (n: number, p: number, stream: Stream): Matrix => ({ rows: n, cols: p, data: stream.normals(n * p) });
const first = ([value]: Float64Array): number => value;

describe('contributions of the inputs', () => {
  it.each([1, 3, 8, 9, 12])('add up to the prediction, of %i inputs', (p) => {
    const stream = Stream.fromSeed('explain').split(p);
    const networks = [network(p, 5, stream.split('a')), network(p, 5, stream.split('b'))];
    const x = rows(4, p, stream.split('x'));
    const { baseline, values } = contributions(networks, coalitionsOf(p, stream), x, first);
    networks.forEach((each, s) => compressedOutputs(each, x).forEach((prediction, n) => {
      const own = values.subarray((s * 4 + n) * p, (s * 4 + n + 1) * p);
      expect(baseline[s * 4 + n] + own.reduce((sum, value) => sum + value, 0)).toBeCloseTo(prediction, 10);
    }));
    const zero = { rows: 1, cols: p, data: new Float32Array(p) };
    expect(baseline[0]).toBeCloseTo(compressedOutputs(networks[0], zero)[0], 12);
  });

  it.each([4, 11])('of a linear model are weight times value, %i inputs', (p) => {
    const model = network(p, 0, Stream.fromSeed('linear'));
    const x = rows(2, p, Stream.fromSeed('rows'));
    const { values } = contributions([model], coalitionsOf(p, Stream.fromSeed(1)), x, first);
    values.forEach((value, at) => expect(value).toBeCloseTo(x.data[at] * model.layers[0].weight[at % p], 6));
  });

  it('of two inputs that only count together are halved', () => {
    // tanh(x0 + x1) - tanh(x0) - tanh(x1): by hand, the Shapley value of x0 is the mean over both orders.
    const [a, b] = [0.7, -1.2];
    const model = network(2, 3, Stream.fromSeed('pair'));
    model.layers[0].weight.set([1, 1, 0, 1, 0, 1]);
    model.layers[0].bias.fill(0);
    model.layers[1].weight.set([1, -1, -1]);
    const f = (u: number, v: number): number => Math.tanh(u + v) - Math.tanh(u) - Math.tanh(v);
    const row = { rows: 1, cols: 2, data: Float32Array.of(a, b) };
    const { values } = contributions([model], coalitionsOf(2, Stream.fromSeed(1)), row, first);
    const [u, v] = [Math.fround(a), Math.fround(b)];
    expect(values[0]).toBeCloseTo((f(u, 0) - f(0, 0) + f(u, v) - f(0, v)) / 2, 10);
    expect(values[1]).toBeCloseTo((f(0, v) - f(0, 0) + f(u, v) - f(u, 0)) / 2, 10);
  });

  it('have coalitions whose weights sum to 1 over an order and to 0 for each input', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 14 }), (p) => {
      const coalitions = coalitionsOf(p, Stream.fromSeed(p));
      expect(coalitions[0].members).not.toContain(1);
      for (let i = 0; i < p; i++) {
        expect(coalitions.reduce((sum, { weights }) => sum + (weights.get(i) ?? 0), 0)).toBeCloseTo(0, 10);
        const own = coalitions.filter(({ members }) => members[i] === 1);
        expect(own.reduce((sum, { weights }) => sum + (weights.get(i) ?? 0), 0)).toBeCloseTo(1, 10);
      }
    }), { seed: 7, numRuns: 20 });
  });

  it('of many inputs count for few inputs each', () => {
    const coalitions = coalitionsOf(500, Stream.fromSeed('many'));
    expect(coalitions).toHaveLength(32 * 499 + 2);
    const [none, ...between] = coalitions;
    const all = between.pop()!;
    expect([none, all].map(({ members }) => members.reduce((sum, member) => sum + member, 0))).toEqual([0, 500]);
    expect(between.every(({ weights }) => weights.size === 2)).toBe(true);
  });
});
