import { expect, it } from 'vitest';
import { bootstrapError } from '../../../src/maths/bootstrap.js';
import { average, standardError } from '../../../src/maths/statistics.js';
import { Stream } from '../../../src/random.js';

const values = Float64Array.from(Stream.fromSeed('values').normals(200));
const weights = Float64Array.from(Stream.fromSeed('weights').uniforms(200));
const mean = (counts: Float64Array): number => average(values, counts);

it('of a mean is its standard error, with weights and without', () => {
  const plain = bootstrapError(mean, 200, Stream.fromSeed(1), { resamples: 400 })!;
  // The error of an error over 400 resamples is 3.5 %.
  expect(plain / standardError(values)).toBeCloseTo(1, 0.9);
  const weighted = bootstrapError(mean, 200, Stream.fromSeed(1), { resamples: 400, weights })!;
  expect(weighted / standardError(values, weights)).toBeCloseTo(1, 0.9);
  expect(weighted).toBeGreaterThan(plain);
  expect(bootstrapError(mean, 200, Stream.fromSeed(1), { resamples: 400 })).toBe(plain);
});

it('is 0 of what does not vary, and not known of what is not known', () => {
  const same = new Float64Array(9).fill(0.1);
  expect(bootstrapError((counts) => average(same, counts), 9, Stream.fromSeed(2), { resamples: 20 })).toBe(0);
  expect(bootstrapError(() => undefined, 9, Stream.fromSeed(2), { resamples: 20 })).toBeUndefined();
});
