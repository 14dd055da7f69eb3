import { describe, expect, it } from 'vitest';
import { cholesky } from '../../../../src/maths/cholesky.js';
import { unitColumns } from '../../../../src/maths/vector.js';
import { gaussianKnockoffs, maximumEntropy, shrunkCorrelation } from '../../../../src/inference/copies/knockoffs.js';
import { Stream } from '../../../../src/random.js';
import type { Matrix } from '../../../../src/types.js';

/** Correlation matrix with r^|i-j|. */
const autoregressive = (p: number, r: number): Float64Array =>
  Float64Array.from({ length: p * p }, (_, at) => r ** Math.abs(Math.floor(at / p) - (at % p)));

/** Rows of a Gaussian with these correlations; column c has mean c and standard deviation c + 1. */
function gaussian(rows: number, correlation: Float64Array, p: number, stream: Stream): Matrix {
  const factor = cholesky(correlation, p)!;
  const normals = stream.normals(rows * p);
  const data = Float32Array.from({ length: rows * p }, (_, at) => {
    const [n, i] = [Math.floor(at / p), at % p];
    let value = 0;
    for (let k = 0; k <= i; k++) value += factor[i * p + k] * normals[n * p + k];
    return i + (i + 1) * value;
  });
  return { rows, cols: p, data };
}

describe('s of maximum entropy', () => {
  it('of uncorrelated columns is 1: copies independent of their inputs', () => {
    expect([...maximumEntropy(autoregressive(5, 0), 5)]).toEqual([1, 1, 1, 1, 1]);
  });

  it('of two columns is stationary in closed form', () => {
    // 2 log s + log((2 - s)^2 - 4 r^2) has its maximum where 1 / s = (2 - s) / ((2 - s)^2 - 4 r^2).
    for (const r of [0.3, -0.8, 0.99]) {
      const [s, other] = maximumEntropy(Float64Array.of(1, r, r, 1), 2);
      expect(s).toBeCloseTo(other, 3);
      expect((s * (2 - s)) / ((2 - s) ** 2 - 4 * r * r)).toBeCloseTo(1, 2);
    }
  });

  it('keeps 2 R - S positive definite, and two near twins do not hold back the others', () => {
    const p = 6;
    const r = autoregressive(p, 0.3);
    r[1] = r[p] = 0.999;
    for (let k = 2; k < p; k++) r[p + k] = r[k * p + 1] = r[k];
    const s = maximumEntropy(r, p);
    expect(cholesky(r.map((value, at) => 2 * value - (at % (p + 1) === 0 ? s[at % p] : 0)), p)).toBeDefined();
    expect(s[0]).toBeLessThan(0.01);
    // Equal s would be below 2 x the smallest eigenvalue, 0.002, for all.
    for (const value of s.subarray(2)) expect(value).toBeGreaterThan(0.5);
  });
});

describe('the shrunk correlation', () => {
  it('is nearly the sample\'s when rows are many, and nearly the identity when they are few and uncorrelated', () => {
    const correlation = autoregressive(4, 0.6);
    const many = shrunkCorrelation(unitColumns(gaussian(20000, correlation, 4, Stream.fromSeed('many'))));
    expect(many.shrinkage).toBeLessThan(0.001);
    // Standard error of a correlation: at most 1 / sqrt(20000) = 0.007.
    many.matrix.forEach((value, at) => expect(Math.abs(value - correlation[at])).toBeLessThan(0.035));
    const few = shrunkCorrelation(unitColumns(gaussian(30, autoregressive(25, 0), 25, Stream.fromSeed('few'))));
    expect(few.shrinkage).toBeGreaterThan(0.5);
    expect(cholesky(few.matrix, 25)).toBeDefined();
  });

  it('of columns that repeat one another has an inverse', () => {
    const { data } = gaussian(50, autoregressive(1, 0), 1, Stream.fromSeed('twice'));
    const twice = Float32Array.from({ length: 100 }, (_, at) => data[at >> 1]);
    const { matrix } = shrunkCorrelation(unitColumns({ rows: 50, cols: 2, data: twice }));
    expect(cholesky(matrix, 2)).toBeDefined();
    expect(matrix[1]).toBeGreaterThan(0.999);
  });
});

describe('knockoffs', () => {
  const [rows, p] = [40000, 5];
  const x = gaussian(rows, autoregressive(p, 0.6), p, Stream.fromSeed('knockoffs').split('x'));
  const copies = gaussianKnockoffs(x, Stream.fromSeed('knockoffs').split('copies'));
  /** Correlations of [x, x~], 2p x 2p. */
  const joint = ((): number[][] => {
    const units = [...unitColumns(x), ...unitColumns(copies.x)];
    return units.map((a) => units.map((b) => a.reduce((sum, value, n) => sum + value * b[n], 0)));
  })();
  // Five standard errors of a correlation, 1 / sqrt(rows) at most.
  const margin = 5 / Math.sqrt(rows);

  it('have the moments of the construction: Cov(x~) = R, Cov(x, x~) = R - S', () => {
    for (let i = 0; i < p; i++) {
      for (let j = 0; j < p; j++) {
        const r = 0.6 ** Math.abs(i - j);
        expect(Math.abs(joint[p + i][p + j] - r)).toBeLessThan(margin);
        expect(Math.abs(joint[i][p + j] - (i === j ? 1 - copies.s[i] : r))).toBeLessThan(margin);
      }
    }
    for (let c = 0; c < p; c++) {
      const column = Array.from({ length: rows }, (_, n) => copies.x.data[n * p + c]);
      const mean = column.reduce((sum, value) => sum + value, 0) / rows;
      const sd = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows);
      expect(Math.abs(mean - c) / (c + 1)).toBeLessThan(2 * margin);
      expect(Math.abs(sd / (c + 1) - 1)).toBeLessThan(margin);
    }
  });

  it('may change places with their inputs, any set of them, without a change of second moments', () => {
    const order = (swapped: Set<number>): number[] =>
      Array.from({ length: 2 * p }, (_, at) => (swapped.has(at % p) ? (at + p) % (2 * p) : at));
    for (const swapped of [new Set([0]), new Set([1, 3]), new Set([0, 1, 2, 3, 4])]) {
      const places = order(swapped);
      places.forEach((a, i) => places.forEach((b, j) => expect(Math.abs(joint[a][b] - joint[i][j])).toBeLessThan(2 * margin)));
    }
  });

  it('are no copies: s is far from 0 here, and other seeds draw others', () => {
    for (const s of copies.s) expect(s).toBeGreaterThan(0.3);
    const small = { rows: 100, cols: p, data: x.data.slice(0, 100 * p) };
    const draw = (seed: number): Float32Array => gaussianKnockoffs(small, Stream.fromSeed(seed)).x.data;
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});
