/** The one output, and the noise, that are best for all rows. */
import { describe, expect, it } from 'vitest';
import { bestForAll, sumOfRows, type Concave } from '../../../src/likelihood/one-output.js';
import { likelihoodOf } from '../../../src/likelihood/index.js';
import { Stream } from '../../../src/random.js';
import type { Response, Target } from '../../../src/types.js';

const LOG_2_PI = Math.log(2 * Math.PI);
/** A normal one, of which mean and variance are known. */
const NORMAL: Concave = {
  density: ([f], [y], noise) => -(LOG_2_PI + Math.log(noise) + (y - f) ** 2 / noise) / 2,
  slopes: ([f], [y], noise) => [(y - f) / noise, -1 / noise],
};
const rowsOf = (values: readonly number[], weights?: readonly number[]): Response => ({
  rows: values.length, cols: 1, data: Float32Array.from(values), ...(weights && { weights: Float32Array.from(weights) }),
});

describe('sumOfRows', () => {
  it('gives each row its own numbers, weighted', () => {
    const rows = { rows: 2, cols: 3, data: Float32Array.of(1, 2, 3, 10, 20, 30) };
    expect(sumOfRows(rows, ([a, b, c]) => a + 2 * b + 3 * c)).toBe(14 + 140);
    expect(sumOfRows({ ...rows, weights: Float32Array.of(2, 0.5) }, ([a]) => a)).toBe(7);
    expect(sumOfRows({ ...rows, rows: 1 }, ([, b]) => b)).toBe(2);
  });
});

describe('bestForAll', () => {
  const values = [1, 2, 4, 30, -3, 2];

  it('is mean and variance where noise is normal, however far the mean is', () => {
    for (const shift of [0, 40, -40]) {
      const moved = values.map((value) => value + shift);
      const { f, noise, value } = bestForAll(rowsOf(moved), NORMAL, [-5, 10]);
      const mean = 6 + shift;
      const variance = moved.reduce((sum, y) => sum + (y - mean) ** 2, 0) / 6;
      expect(f).toBeCloseTo(mean, 8);
      expect(noise / variance).toBeCloseTo(1, 5);
      expect(value).toBeCloseTo(-3 * (LOG_2_PI + Math.log(variance) + 1), 8);
    }
  });

  it('counts rows by their weights', () => {
    const { f, noise } = bestForAll(rowsOf(values, [1, 2, 0, 0, 1, 0]), NORMAL, [-5, 10]);
    expect(f).toBeCloseTo(0.5, 8);
    expect(noise).toBeCloseTo((0.25 + 2 * 2.25 + 12.25) / 4, 4);
  });

  it('has a noise between the bounds', () => {
    expect(Math.log(bestForAll(rowsOf(values), NORMAL, [-2, 1]).noise)).toBeCloseTo(1, 5);
    expect(Math.log(bestForAll(rowsOf([1, 1.001]), NORMAL, [-2, 1]).noise)).toBeCloseTo(-2, 5);
  });

  it('stays where nothing tells which output is better', () => {
    const flat: Concave = { density: () => -1, slopes: () => [0, 0] };
    expect(bestForAll(rowsOf(values), flat, [-2, 1])).toMatchObject({ f: 0, value: -6 });
  });
});

describe('Student', () => {
  const target: Target = { name: 'y', task: 'student', mean: 0, scale: 1, degrees: 3 };
  const { nullModel, nullLogLikelihood, response, logDensity } = likelihoodOf('student');

  it('finds the location and the scale that the rows were drawn from, outliers or not', () => {
    // T of 3 degrees: a normal over the root of a mean of three squares.
    const [e, u] = [Stream.fromSeed('t').normals(3000), Stream.fromSeed('chi').normals(9000)];
    const y = e.map((value, n) => 5 + 2 * value / Math.sqrt((u[3 * n] ** 2 + u[3 * n + 1] ** 2 + u[3 * n + 2] ** 2) / 3));
    const { output: [f], noiseVariance } = nullModel(y, target);
    expect(Math.abs(f - 5)).toBeLessThan(0.15);
    expect(Math.abs(Math.sqrt(noiseVariance) - 2)).toBeLessThan(0.15);
    const far = Float32Array.from([...y.subarray(0, 200), 1e6]);
    expect(Math.abs(nullModel(far, target).output[0] - 5)).toBeLessThan(0.6);
  });

  it('is at a stationary point to many digits', () => {
    const y = Float32Array.of(-9, 0.2, 1, 1.3, 2.2, 40, 3);
    const { output: [f], noiseVariance: noise } = nullModel(y, target);
    const { data, rows } = response(y, 1, { target: target as never });
    const at = (g: number, s: number): number => {
      let sum = 0;
      for (let n = 0; n < rows; n++) sum += logDensity([g], data.subarray(3 * n, 3 * n + 3), s);
      return sum;
    };
    const H = 1e-4;
    expect(Math.abs(at(f + H, noise) - at(f - H, noise)) / (2 * H)).toBeLessThan(1e-6);
    expect(Math.abs(at(f, noise * (1 + H)) - at(f, noise * (1 - H))) / (2 * H)).toBeLessThan(1e-6);
    expect(nullLogLikelihood({ rows, cols: 3, data })).toBeCloseTo(at(f, noise), 9);
  });

  it('has a little noise where all rows are the same', () => {
    const { output, noiseVariance } = nullModel(new Float32Array(5).fill(2.5), target);
    expect(output).toEqual([2.5]);
    expect(noiseVariance).toBe(1e-12);
  });
});
