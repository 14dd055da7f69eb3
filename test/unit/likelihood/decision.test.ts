/** The threshold of the highest balanced accuracy, against all that there are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balancedThreshold, decidedClass } from '../../../src/likelihood/index.js';
import { balancedAccuracy } from '../../../src/likelihood/confusion.js';
import { Stream } from '../../../src/random.js';

const decide = (p: Float32Array, threshold: number | undefined): number[] =>
  Array.from(p, (own) => decidedClass(Float32Array.of(1 - own, own), threshold).index);

/** Few values, so that there are ties; the ends 0 and 1 among them. */
const rows = fc.array(fc.record({
  p: fc.oneof(fc.integer({ min: 0, max: 8 }).map((n) => n / 8), fc.float({ min: 0, max: 1, noNaN: true })),
  label: fc.integer({ min: 0, max: 1 }), weight: fc.integer({ min: 1, max: 3 }),
}), { minLength: 2, maxLength: 30 }).filter((all) => new Set(all.map(({ label }) => label)).size === 2);

describe('the threshold of the highest balanced accuracy', () => {
  it.each([false, true])('is no worse than any other; weights: %s', (weighted) => {
    fc.assert(fc.property(rows, (all) => {
      const p = Float32Array.from(all, (row) => row.p);
      const [labels, weight] = [all.map((row) => row.label), weighted ? all.map((row) => row.weight) : undefined];
      const of = (threshold: number): number => balancedAccuracy({ labels, predicted: decide(p, threshold), weight });
      const found = balancedThreshold(p, labels, weight)!;
      expect(found >= 0 && found <= 1).toBe(true);
      const best = Math.max(...[0, 1, 0.5, ...p].map(of));
      expect(of(found)).toBeCloseTo(best, 9);
      if (of(0.5) > best - 1e-13) expect(found).toBe(0.5);
    }), { seed: 3, numRuns: 500 });
  });

  it('has few digits', () => {
    expect(balancedThreshold([0.1, 0.2, 0.3, 0.42].map(Math.fround), [0, 0, 1, 1])).toBe(0.3);
    expect(balancedThreshold([0.62, 0.63, 0.9].map(Math.fround), [0, 1, 1])).toBe(0.63);
    const [low, high] = [0.3, 0.3 + 2 ** -25].map(Math.fround);
    expect(Math.fround(balancedThreshold([low, high], [0, 1])!)).toBe(high);
  });

  it('is none where a class is missing', () => {
    expect(balancedThreshold([0.1, 0.2], [1, 1])).toBeUndefined();
    expect(balancedThreshold([0.1, 0.2], [0, 1], [0, 1])).toBeUndefined();
  });

  it('finds most rows of a rare class where the likelier class finds hardly any', () => {
    // Log odds -2 + x, x standard normal: 15 % of the rows, and the true probabilities are known.
    const stream = Stream.fromSeed('rare class');
    const p = Float32Array.from(stream.split('x').normals(4000), (x) => 1 / (1 + Math.exp(2 - x)));
    const labels = Array.from(stream.split('u').uniforms(4000), (u, n) => Number(u < p[n]));
    const recall = (threshold?: number): number => {
      const predicted = decide(p, threshold);
      return labels.filter((label, n) => label === 1 && predicted[n] === 1).length / labels.filter((label) => label === 1).length;
    };
    const threshold = balancedThreshold(p, labels)!;
    // Of true probabilities the best threshold is the share of the class (0.155).
    expect(Math.abs(threshold - 0.155)).toBeLessThan(0.06);
    expect(recall()).toBeLessThan(0.15);
    expect(recall(threshold)).toBeGreaterThan(0.55);
  });
});
