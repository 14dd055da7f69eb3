import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/backend.js';
import { makePacking } from '../../../src/model/packing/packing.js';
import { initialTheta } from '../../../src/model/initial.js';
import { posteriorOf } from '../../../src/model/posterior.js';
import { logit, sigmoid, softplus } from '../../../src/maths/scalar.js';
import { block, layoutOf, weightIndices } from '../../../src/model/shape.js';
import { Stream } from '../../../src/random.js';
import { GATES, priorOf, smallShape } from '../../helpers/worlds.js';
import { gatedLayers } from '../../helpers/gated-layers.js';

beforeAll(() => startEngine());

/** 3 input columns of 2 features, 2 hidden units, 1 output: 8 weights, 4 gates, 3 units. */
const shape = (gates: (typeof GATES)[number] = 'both') => smallShape(gates, 'regression', 'tanh', [2]);

describe('the layout of theta', () => {
  it('gives every block its place, one after the other', () => {
    const { blocks, size, weights, gates, units, layers, tiers } = layoutOf(shape());
    expect([weights, gates, units]).toEqual([8, 4, 3]);
    expect([...blocks]).toEqual([
      ['mu', { offset: 0, length: 8 }], ['rho', { offset: 8, length: 8 }], ['alphaLogit', { offset: 16, length: 8 }],
      ['zLogit', { offset: 24, length: 4 }], ['biasMu', { offset: 28, length: 3 }], ['biasRho', { offset: 31, length: 3 }],
      ['logNoise', { offset: 34, length: 1 }],
    ]);
    expect(size).toBe(35);
    expect(layers).toEqual([
      { inputs: 3, outputs: 2, columns: 3, weight: 0, unit: 0 },
      { inputs: 2, outputs: 1, columns: 0, weight: 6, unit: 2 },
    ]);
    expect(tiers).toEqual([{ gate: 0, gates: 2 }, { gate: 2, gates: 2 }]);
  });

  it.each([['both', 35], ['node', 27], ['weight', 31], ['none', 23]] as const)('gates %s: %i parameters', (gates, size) => {
    const layout = layoutOf(shape(gates));
    expect(layout.size).toBe(size);
    const theta = new Float32Array(size);
    expect(block(theta, layout, 'alphaLogit') !== undefined).toBe(gates === 'both' || gates === 'weight');
    expect(block(theta, layout, 'zLogit') !== undefined).toBe(gates === 'both' || gates === 'node');
  });

  it('a block is a view of theta', () => {
    const layout = layoutOf(shape());
    const theta = new Float32Array(layout.size);
    block(theta, layout, 'biasMu')![1] = 7;
    expect(theta[29]).toBe(7);
  });

  it('knows the gate and the layer of every weight: columns of a feature share one', () => {
    const { gate, layer } = weightIndices(shape(), layoutOf(shape()));
    expect([...gate]).toEqual([0, 0, 1, 1, 1, 1, 2, 3]);
    expect([...layer]).toEqual([0, 0, 0, 0, 0, 0, 1, 1]);
  });
});

describe('sums over the edges of a gate', () => {
  it.each([
    ['features of several columns', Int32Array.of(0, 1, 1), 2, [3, 18, 7, 8]],
    ['features of one column', Int32Array.of(0, 1, 2), 3, [3, 7, 11, 7, 8]],
  ])('%s', (_, inputGroup, inputGates, sums) => {
    const flat = makePacking({ ...shape(), inputGroup, inputGates }, 'flat');
    const matrices = makePacking({ ...shape(), inputGroup, inputGates }, 'matrices');
    const found = tf.tidy(() => [...flat.packs[0].sumOverEdges(tf.tensor1d([1, 2, 3, 4, 5, 6, 7, 8]))[0].dataSync()]);
    const byLayer = tf.tidy(() => [tf.tensor2d([[1, 2], [3, 4], [5, 6]]), tf.tensor2d([[7], [8]])]
      .flatMap((values, l) => [...matrices.packs[l].sumOverEdges(values)[0].dataSync()]));
    flat.dispose();
    matrices.dispose();
    expect(found).toEqual(sums);
    expect(byLayer).toEqual(sums);
  });

  it('leave no tensors behind', () => {
    const before = tf.memory().numTensors;
    makePacking(shape(), 'flat').dispose();
    makePacking(shape(), 'matrices').dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('the start', () => {
  it('has nearly open gates, narrow slabs, fan-in-scaled means, the noise asked for', () => {
    const wide = { ...shape(), widths: [400, 50, 1], inputGroup: Int32Array.from({ length: 400 }, (_, i) => i), inputGates: 400 };
    const layout = layoutOf(wide);
    const theta = initialTheta(layout, 0.2, Stream.fromSeed(1));
    const all = (name: Parameters<typeof block>[2], value: number): void =>
      expect(block(theta, layout, name)!.every((v) => v === Math.fround(value))).toBe(true);
    all('alphaLogit', 3);
    all('zLogit', 3);
    all('rho', -5);
    all('biasRho', -5);
    all('biasMu', 0);
    all('logNoise', Math.log(0.2));
    const first = block(theta, layout, 'mu')!.subarray(0, 20_000);
    const variance = first.reduce((sum, v) => sum + v * v, 0) / first.length;
    // The standard error of this variance is 1 % of it.
    expect(variance * 400).toBeGreaterThan(0.95);
    expect(variance * 400).toBeLessThan(1.05);
  });

  it('depends on the stream alone', () => {
    const layout = layoutOf(shape());
    expect(initialTheta(layout, 0.2, Stream.fromSeed(1))).toEqual(initialTheta(layout, 0.2, Stream.fromSeed(1)));
    expect(initialTheta(layout, 0.2, Stream.fromSeed(1))).not.toEqual(initialTheta(layout, 0.2, Stream.fromSeed(2)));
  });
});

describe('the posterior of a theta', () => {
  it.each(GATES)('gates %s: every number at its place, ones for gates that are not there', (gates) => {
    const layout = layoutOf(shape(gates));
    const theta = Float32Array.from({ length: layout.size }, (_, at) => (at - 15) / 10);
    const posterior = posteriorOf(theta, shape(gates), layout, priorOf(shape(gates)));
    const expected = (name: Parameters<typeof block>[2], from: number, to: number, map = (v: number) => v): Float32Array =>
      block(theta, layout, name)?.slice(from, to).map(map) ?? new Float32Array(to - from).fill(1);
    const [first, second] = gatedLayers(posterior);
    expect(first.mu).toEqual(expected('mu', 0, 6));
    expect(second.mu).toEqual(expected('mu', 6, 8));
    expect(second.sigma).toEqual(expected('rho', 6, 8, softplus));
    expect(first.alpha).toEqual(expected('alphaLogit', 0, 6, sigmoid));
    expect(first.z).toEqual(expected('zLogit', 0, 2, sigmoid));
    expect(second.z).toEqual(expected('zLogit', 2, 4, sigmoid));
    expect([...first.group]).toEqual([0, 1, 1]);
    expect([...second.group]).toEqual([0, 1]);
    expect(second.biasMu).toEqual(expected('biasMu', 2, 3));
    expect(first.biasSigma).toEqual(expected('biasRho', 0, 2, softplus));
    expect(posterior.noiseVariance).toBeCloseTo(Math.exp(theta[layout.size - 1]), 6);
    expect(second.prior).toEqual({ edge: 0.30000000000000004, tau: 1.1 });
    expect(second.node).toBe(0.25);
  });

  it('does not share memory with theta', () => {
    const layout = layoutOf(shape());
    const theta = new Float32Array(layout.size);
    posteriorOf(theta, shape(), layout, priorOf(shape())).layers[0].mu[0] = 9;
    expect(theta[0]).toBe(0);
  });

  it('has no variance to learn outside regression', () => {
    const binary = smallShape('both', 'binary', 'tanh', [2]);
    expect(posteriorOf(new Float32Array(35).fill(2), binary, layoutOf(binary), priorOf(binary)).noiseVariance).toBe(1);
  });
});

describe('scalar functions', () => {
  it('logit undoes sigmoid', () => {
    for (const a of [-20, -3, 0, 0.5, 12]) expect(logit(sigmoid(a))).toBeCloseTo(a, 7);
  });

  it('nothing overflows', () => {
    expect([sigmoid(-1000), sigmoid(1000)]).toEqual([0, 1]);
    expect([softplus(-1000), softplus(1000)]).toEqual([0, 1000]);
    expect(softplus(0)).toBeCloseTo(Math.LN2, 14);
  });
});
