import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { startEngine } from '../../../src/engine/backend.js';
import { makeScan } from '../../../src/engine/scan.js';
import { FEW_OPERATIONS, SERIES, uniformsFor } from '../../../src/model/kernels.js';
import { philoxUniforms } from '../../../src/engine/philox.js';
import { drawUniforms } from '../../../src/engine/uniforms.js';
import { Stream } from '../../../src/random.js';

beforeAll(() => startEngine());

describe.each([['few operations', FEW_OPERATIONS], ['series', SERIES]])('%s', (_, kernels) => {
  it('softplus is that of double precision, relatively, from -80 to 80', () => {
    const x = Float32Array.from({ length: 1601 }, (_unused, i) => -80 + i / 10);
    const found = tf.tidy(() => kernels.softplus(tf.tensor1d(x)).dataSync());
    x.forEach((value, i) => {
      const expected = Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
      expect(Math.abs(found[i] - expected) / expected, `at ${value}`).toBeLessThan(1e-5);
    });
  });

  it.each([20_000, 19_999])('%i normals have the moments and the tails of the standard normal distribution', (count) => {
    const values = tf.tidy(() => {
      const uniforms = drawUniforms(Stream.fromSeed('normals'), 1, uniformsFor(count));
      return [...kernels.normals(tf.reshape(uniforms, [-1]), count).dataSync()];
    });
    expect(values.length).toBe(count);
    const moment = (power: number): number => values.reduce((sum, v) => sum + v ** power, 0) / count;
    // Five standard errors: Var z^k = E z^2k - (E z^k)^2.
    expect(Math.abs(moment(1))).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / count));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / count));
    const beyond = values.filter((v) => Math.abs(v) > 3).length / count;
    expect(Math.abs(beyond - 0.0027)).toBeLessThan(5 * Math.sqrt(0.0027 / count));
    const halves = values.slice(0, count / 2).reduce((sum, v, i) => sum + v * values[i + Math.floor(count / 2)], 0) / (count / 2);
    expect(Math.abs(halves)).toBeLessThan(5 / Math.sqrt(count / 2));
  });

  it('the ends of the uniform numbers give finite normals', () => {
    const ends = [0, 2 ** -23, 0.5, 1 - 2 ** -23];
    const values = tf.tidy(() => ends.flatMap((a) => ends.flatMap((b) =>
      [...kernels.normals(tf.tensor1d([a, b]), 2).dataSync()])));
    expect(values.every((value) => Number.isFinite(value) && Math.abs(value) < 6)).toBe(true);
  });
});

describe('the variance of gated weights', () => {
  const COUNT = 20_000;
  /** Weights after millions of rows: gates at most some roundings below 1, sigma^2 below the rounding of mu^2. */
  const world = (): Record<'gate' | 'mu' | 'sigma', Float32Array> => {
    const stream = Stream.fromSeed('variance');
    return {
      gate: Float32Array.from({ length: COUNT }, (_, i) => 1 - (i % 20) * 2 ** -24), mu: stream.normals(COUNT),
      sigma: stream.uniforms(COUNT).map((u) => 1e-5 + 3e-4 * u),
    };
  };

  it.each([
    ['operation by operation', FEW_OPERATIONS, undefined], ['fused', SERIES, 2],
  ] as const)('is not negative, %s', (_, kernels, fuse) => {
    const fixed = Object.fromEntries(Object.entries(world()).map(([name, values]) => [name, tf.tensor1d(values)]));
    const scan = makeScan({
      step: ({ gate, mu, sigma }) => {
        const square = tf.square(sigma);
        const slabSquare = tf.add(square, tf.square(mu));
        return { variance: kernels.variance({ gate, mu, square, slabSquare, mean: tf.mul(gate, mu) }) };
      },
      carry: ['variance'], fixed: Object.keys(fixed), slices: ['slice'], fuse,
    }, { variance: tf.zeros([COUNT]), ...fixed, slice: tf.scalar(0) });
    const { variance } = scan.run(1, { variance: tf.zeros([COUNT]) }, fixed, { slice: tf.zeros([1]) });
    const found = variance.dataSync();
    expect(found.every((value) => value >= 0)).toBe(true);
    const { gate, mu, sigma } = world();
    const error = Math.max(...found.map((value, i) => {
      const expected = gate[i] * (sigma[i] ** 2 + (1 - gate[i]) * mu[i] ** 2);
      // Roundings of mu^2 where these are rounded, else of the variance itself.
      return Math.abs(value - expected) / (fuse === undefined ? mu[i] ** 2 + sigma[i] ** 2 : expected);
    }));
    expect(error).toBeLessThan(4 * 2 ** -23);
    scan.dispose();
  });
});

describe('the series of the normal quantile function', () => {
  it('gives the quantiles of tables', () => {
    const table: [number, number][] = [[0.5, 0], [0.75, 0.6744898], [0.975, 1.959964], [0.999, 3.090232], [0.00001, -4.264891]];
    const found = tf.tidy(() => table.flatMap(([u]) => [...SERIES.normals(tf.tensor1d([u, u]), 1).dataSync()]));
    table.forEach(([u, z], i) => expect(found[i], `at ${u}`).toBeCloseTo(z, 2));
    expect(found[1]).toBeCloseTo(0.6744898, 5);
  });
});

describe('uniform numbers', () => {
  it("are TensorFlow's without TensorFlow, bit for bit", () => {
    for (const seeds of [[0, 0], [1, -1], [-2147483648, 2147483647], [123456789, -987654321]] as const) {
      const stream = { bits: vi.fn().mockReturnValueOnce(seeds[0]).mockReturnValueOnce(seeds[1]) };
      const native = tf.tidy(() => drawUniforms(stream as never, 7, 1501).dataSync());
      expect(philoxUniforms(7 * 1501, seeds)).toEqual(native);
    }
  });

  it('follow from the stream', () => {
    const draw = (...path: string[]): number[] =>
      [...tf.tidy(() => drawUniforms(Stream.fromSeed(1).split(...path), 3, 4)).dataSync()];
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
    expect(draw('a').every((u) => u >= 0 && u < 1)).toBe(true);
  });
});
