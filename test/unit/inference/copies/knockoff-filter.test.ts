import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterRates, gateEvidence } from '../../../../src/inference/copies/knockoff-filter.js';
import type { Inclusion } from '../../../../src/inference/inclusion/inclusion.js';

/** The set that the definition of the threshold gives. */
function byDefinition(w: readonly number[], q: number): number[] {
  const sizes = [...new Set(w.map(Math.abs))].filter((t) => t > 0).sort((a, b) => a - b);
  const threshold = sizes.find((t) => (1 + w.filter((v) => v <= -t).length) / Math.max(1, w.filter((v) => v >= t).length) <= q);
  return [...w.keys()].filter((j) => threshold !== undefined && w[j] >= threshold);
}

describe('rates of the knockoff filter', () => {
  it.each<[string, number[], number[]]>([
    ['five ahead, none behind: 1/5', [9, 3, 5, 7, 1], [1 / 5, 1 / 5, 1 / 5, 1 / 5, 1 / 5]],
    // At 4: (1 + 0) / 3. At 2 and below: (1 + 1) / 3, then (1 + 1) / 4.
    ['one behind in between', [9, 6, 4, -2, 1], [1 / 3, 1 / 3, 1 / 3, 1, 2 / 4]],
    ['one behind before all', [-9, 4, 3], [1, 1, 1]],
    ['ties, of both signs', [2, 2, -2, 1, 1, 1], [2 / 5, 2 / 5, 1, 2 / 5, 2 / 5, 2 / 5]],
    ['zeros are neither', [0, 3, 0, 3], [1, 1 / 2, 1, 1 / 2]],
    ['nothing', [], []],
  ])('%s', (_name, w, rates) => {
    expect([...filterRates(Float64Array.from(w))]).toEqual(rates);
  });

  it('select what the definition of the threshold selects, at any level', () => {
    const values = fc.array(fc.integer({ min: -6, max: 12 }), { maxLength: 25 });
    fc.assert(fc.property(values, fc.constantFrom(0.1, 0.2, 0.3, 0.5, 0.9), (w, q) => {
      const rates = filterRates(Float64Array.from(w));
      expect([...w.keys()].filter((j) => rates[j] <= q)).toEqual(byDefinition(w, q));
    }));
  });
});

describe('evidence for an input', () => {
  it('is the log odds of its last flip, or of its PIP, and never negative', () => {
    const flip = (layer: number, gate: number, logOdds: number) =>
      ({ layer, gate, logOdds, before: 0, after: 0, standardError: 0 });
    const inclusion = { inputs: Float64Array.of(1, 1, 0.8, 0.001, 1) } as Inclusion;
    const flips = [flip(0, 0, 2), flip(0, 1, -3), flip(1, 2, 70), flip(0, 0, 350)];
    const [first, closed, unasked, improbable, sure] = gateEvidence({ flips, inclusion });
    expect([first, closed, improbable]).toEqual([350, 0, 0]);
    expect(unasked).toBeCloseTo(Math.log(4), 9);
    expect(sure).toBeGreaterThan(30);
    expect(Number.isFinite(sure)).toBe(true);
  });
});
