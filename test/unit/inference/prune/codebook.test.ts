import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codebookOf } from '../../../../src/inference/prune/codebook.js';

const single = fc.float({ min: -4, max: 4, noNaN: true, noDefaultInfinity: true });
const lists = fc.array(fc.tuple(single, fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 7 })
  .map((pairs) => [Float32Array.from(pairs, ([number]) => number), pairs.map(([, tolerance]) => tolerance)] as const);

/** The fewest points that meet all intervals, by trying all sets of upper ends. */
function fewest(numbers: Float32Array, tolerances: readonly number[]): number {
  const ends = tolerances.map((tolerance, at) => numbers[at] + tolerance);
  const meets = (points: number[]): boolean => tolerances.every((tolerance, at) =>
    points.some((point) => point >= numbers[at] - tolerance && point <= numbers[at] + tolerance));
  let least = numbers.length;
  for (let set = 0; set < 2 ** ends.length; set++) {
    const points = ends.filter((_, at) => set & (1 << at));
    if (points.length < least && meets(points)) least = points.length;
  }
  return least;
}

describe('a codebook', () => {
  it('is within every tolerance, to a rounding of float32', () => {
    fc.assert(fc.property(lists, ([numbers, tolerances]) => {
      const { values, codes } = codebookOf(numbers, tolerances);
      numbers.forEach((number, at) => expect(Math.abs(values[codes[at]] - number)).toBeLessThanOrEqual(tolerances[at] + 4e-7));
      expect([...values]).toEqual([...new Set(values)].sort((a, b) => a - b));
    }), { seed: 1 });
  });

  it('has the fewest values that are', () => {
    fc.assert(fc.property(lists, ([numbers, tolerances]) => {
      expect(codebookOf(numbers, tolerances).values.length).toBeLessThanOrEqual(fewest(numbers, tolerances));
    }), { seed: 2 });
  });

  it('keeps numbers without tolerance, and lies nearer to the surer ones', () => {
    const { values, codes } = codebookOf(Float32Array.of(1, 1.5, 5, 5.5), [0, 1, 1, 0.5]);
    expect(values[codes[0]]).toBe(1);
    expect(codes[0]).toBe(codes[1]);
    expect(values[codes[2]]).toBeCloseTo(5.4, 6);
    expect(codes[2]).toBe(codes[3]);
    expect(codebookOf(new Float32Array(0), [])).toEqual({ values: new Float32Array(0), codes: new Uint32Array(0) });
  });

  it('of as many values as numbers gives each its own, however many they are', () => {
    // A search through the values for every number would never end.
    const numbers = Float32Array.from({ length: 600_000 }, (_, at) => Math.fround((at * 7919) % 600_000));
    const { values, codes } = codebookOf(numbers, new Float64Array(numbers.length));
    expect(values).toHaveLength(numbers.length);
    expect(numbers.findIndex((number, at) => values[codes[at]] !== number)).toBe(-1);
  });
});
