import { describe, expect, it } from 'vitest';
import { BnncError } from '../../../../src/errors.js';
import { inclusion, weightPips } from '../../../../src/inference/inclusion/inclusion.js';
import { Stream } from '../../../../src/random.js';
import type { Gates } from '../../../../src/types.js';
import { randomPosterior } from '../../../helpers/random-posterior.js';
import { gatedLayers } from '../../../helpers/gated-layers.js';

const posterior = (gates: Gates, seed = 1) =>
  randomPosterior({ task: 'regression', activation: 'tanh', gates, seed, features: [1, 3, 1], hidden: [4, 3] });

describe('inclusion', () => {
  it('gives weights z alpha, with the gate of the column group', () => {
    const model = posterior('both');
    const layers = gatedLayers(model);
    const [pips] = weightPips(model);
    const column = 2;
    expect(layers[0].group[column]).toBe(1);
    expect(pips[column * 4 + 1]).toBeCloseTo(layers[0].z[1] * layers[0].alpha[column * 4 + 1], 6);
  });

  it('is 1 everywhere without gates', () => {
    const { weights, nodes, inputs, nodeErrors, inputErrors } = inclusion(posterior('none'), { stream: Stream.fromSeed(1) });
    for (const pips of [...weights, ...nodes, inputs]) expect(pips.every((p) => p === 1)).toBe(true);
    for (const errors of [...nodeErrors, inputErrors]) expect(errors.every((e) => e === 0)).toBe(true);
  });

  it('with node gates alone gives the exact product over layers', () => {
    const model = posterior('node');
    const [first, second, third] = gatedLayers(model).map((layer) => layer.z);
    const some = (z: Float32Array): number => 1 - z.reduce((p, gate) => p * (1 - gate), 1);
    const { inputs, nodes } = inclusion(model, { stream: Stream.fromSeed(2), samples: 4000 });
    first.forEach((z, k) => expect(Math.abs(inputs[k] - z * some(second) * some(third))).toBeLessThan(0.02));
    second.forEach((z, k) => expect(Math.abs(nodes[0][k] - z * some(first) * some(third))).toBeLessThan(0.02));
  });

  it('does not tell linear from nonlinear where hidden layers take all inputs, and knows it without these', () => {
    expect(inclusion(posterior('both'), { stream: Stream.fromSeed(1) })).not.toHaveProperty('nonlinear');
    const flat = randomPosterior({ task: 'regression', activation: 'tanh', gates: 'both', seed: 1, features: [1, 3, 1], hidden: [] });
    const [{ z, alpha }] = gatedLayers(flat);
    const { inputs, inputErrors, nonlinear } = inclusion(flat, { stream: Stream.fromSeed(1) });
    expect([...nonlinear!]).toEqual([0, 0, 0]);
    expect([...inputErrors]).toEqual([0, 0, 0]);
    expect(inputs[0]).toBeCloseTo(z[0] * alpha[0], 6);
    expect(inputs[1]).toBeCloseTo(z[1] * (1 - [1, 2, 3].reduce((miss, column) => miss * (1 - alpha[column]), 1)), 6);
  });

  it('does not count an input whose only way up is shut', () => {
    const model = posterior('both');
    model.layers[2].alpha.fill(0);
    const { inputs, nodes } = inclusion(model, { stream: Stream.fromSeed(1) });
    expect([...inputs]).toEqual([0, 0, 0]);
    expect(nodes.every((layer) => layer.every((p) => p === 0))).toBe(true);
  });

  it('gives noise inputs their small probability, not 1 minus the product of many misses', () => {
    const model = randomPosterior({
      task: 'regression', activation: 'tanh', gates: 'weight', seed: 5, features: [1], hidden: [50],
    });
    model.layers[0].alpha.fill(0.1);
    model.layers[1].alpha.fill(0.001);
    const { inputs } = inclusion(model, { stream: Stream.fromSeed(1) });
    expect(1 - 0.9 ** 50).toBeGreaterThan(0.99);
    expect(inputs[0]).toBeCloseTo(1 - (1 - 0.1 * 0.001) ** 50, 6);
  });

  it('depends on the stream and on nothing else', () => {
    const run = (seed: number) => inclusion(posterior('both', 4), { stream: Stream.fromSeed(seed), samples: 50 });
    expect(run(1)).toEqual(run(1));
    expect(run(1).inputs).not.toEqual(run(2).inputs);
  });

  it('refuses a number of masks that is none', () => {
    for (const samples of [0, -1, 1.5, NaN]) {
      expect(() => inclusion(posterior('both'), { samples, stream: Stream.fromSeed(1) })).toThrow(BnncError);
    }
  });
});
