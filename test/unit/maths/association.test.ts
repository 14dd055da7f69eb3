import { expect, it } from 'vitest';
import { association, basisOf } from '../../../src/maths/association.js';
import { Stream } from '../../../src/random.js';

const n = 90;
const noise = Stream.fromSeed('association').normals(2 * n);
const a = noise.slice(0, n);
const b = Float32Array.from(a, (value, row) => noise[n + row] - 0.7 * value);
const levels = Array.from({ length: n }, (_, row) => row % 3);
/** Indicators of all levels: they add up to 1, so that one follows from the others. */
const indicators = (of: readonly number[], count: number): Float64Array[] =>
  Array.from({ length: count }, (_, level) => Float64Array.from(of, (each) => Number(each === level)));

it('of two columns is their correlation, with its sign; weights count rows', () => {
  const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  const sum = (of: (row: number) => number): number => a.reduce((total, _, row) => total + of(row), 0);
  const variances = sum((row) => (a[row] - ma) ** 2) * sum((row) => (b[row] - mb) ** 2);
  const r = sum((row) => (a[row] - ma) * (b[row] - mb)) / Math.sqrt(variances);
  expect(association(basisOf([a]), basisOf([b]))).toBeCloseTo(r, 10);
  expect(r).toBeLessThan(-0.3);
  // A weight of 2 is the row twice.
  const weights = Float64Array.from(a, (_, row) => 1 + Number(row < 10));
  const twice = (values: Float32Array): Float32Array => Float32Array.of(...values, ...values.slice(0, 10));
  const repeated = association(basisOf([twice(a)]), basisOf([twice(b)]));
  expect(association(basisOf([a], weights), basisOf([b], weights))).toBeCloseTo(repeated, 10);
});

it("of a category and a number is the correlation ratio, of two categories Cramer's V", () => {
  const number = Float64Array.from(levels, (level) => level ** 2);
  expect(association(basisOf(indicators(levels, 3)), basisOf([number]))).toBeCloseTo(1, 10);
  expect(basisOf(indicators(levels, 3))).toHaveLength(2);
  // Two by two with counts 30, 15 / 15, 30: chi squared is 10, so V = sqrt(10 / 90).
  const one = Array.from({ length: n }, (_, row) => Number(row >= 45));
  const other = Array.from({ length: n }, (_, row) => Number(row % 45 < 15 ? row < 45 : row >= 45));
  expect(association(basisOf(indicators(one, 2)), basisOf(indicators(other, 2)))).toBeCloseTo(Math.sqrt(10 / 90), 10);
  expect(association(basisOf([new Float64Array(n)]), basisOf([a]))).toBe(0);
});
