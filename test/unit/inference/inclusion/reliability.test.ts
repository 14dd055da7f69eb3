import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  coverage, meanOf, PIP_EDGES, realise, reliability, wilson, type JudgedInput, type JudgedSet,
} from '../../../../src/inference/inclusion/reliability.js';
import { Stream } from '../../../../src/random.js';

const judged = (pips: number[], truths: number[], relatives: number[][] = []): JudgedInput[] => pips.map((pip, i) => ({
  input: `x${i}`, pip, pipNetwork: pip, pipMin: pip, pipMax: pip, unstable: false, true: truths.includes(i), relatives: relatives[i] ?? [],
}));

describe('the reliability curve', () => {
  it('by hand', () => {
    const { inputs, bins, ece, brier } = reliability(judged([0, 0.1, 0.6, 0.7, 1], [1, 3, 4]));
    expect(inputs).toBe(5);
    expect(bins.map(({ from, to, count, trueCount }) => [from, to, count, trueCount])).toEqual([
      [0, 0.05, 1, 0], [0.05, 0.25, 1, 1], [0.25, 0.5, 0, 0], [0.5, 0.75, 2, 1], [0.75, 0.95, 0, 0], [0.95, 1, 1, 1],
    ]);
    expect(bins[3].meanPip).toBeCloseTo(0.65, 12);
    expect(bins[3].share).toBe(0.5);
    expect(bins[2]).toEqual({ from: 0.25, to: 0.5, count: 0, trueCount: 0 });
    // 1/5 (0 + 0.9 + 2 x 0.15 + 0) and 1/5 (0 + 0.81 + 0.36 + 0.09 + 0).
    expect(ece).toBeCloseTo(0.24, 12);
    expect(brier).toBeCloseTo(0.252, 12);
  });

  it('of probabilities that are right comes near to 0 in error; the Brier score to E p(1 - p)', () => {
    const stream = Stream.fromSeed('calibrated');
    const inputs = Array.from({ length: 20_000 }, () => {
      const pip = stream.uniform();
      return { pip, true: stream.uniform() < pip };
    });
    const { ece, brier, bins } = reliability(inputs);
    // Each bin's share has a standard error of at most 0.5 / sqrt(1000).
    expect(ece).toBeLessThan(0.02);
    expect(Math.abs(brier - 1 / 6)).toBeLessThan(0.005);
    for (const { meanPip, lower, upper } of bins) {
      expect(meanPip! + 0.02).toBeGreaterThan(lower!);
      expect(meanPip! - 0.02).toBeLessThan(upper!);
    }
  });

  it('of probabilities that are all too sure shows how much', () => {
    const stream = Stream.fromSeed('too sure');
    const inputs = Array.from({ length: 5000 }, () => ({ pip: 0.98, true: stream.uniform() < 0.8 }));
    expect(Math.abs(reliability(inputs).ece - 0.18)).toBeLessThan(0.02);
  });

  it('counts every input once, and its error lies between 0 and 1', () => {
    const pip = fc.oneof(fc.constantFrom(...PIP_EDGES), fc.double({ min: 0, max: 1, noNaN: true }));
    const input = fc.record({ pip, true: fc.boolean() });
    fc.assert(fc.property(fc.array(input, { minLength: 1, maxLength: 40 }), (inputs) => {
      const { bins, ece, brier } = reliability(inputs);
      expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(inputs.length);
      expect(bins.reduce((sum, { trueCount }) => sum + trueCount, 0)).toBe(inputs.filter((each) => each.true).length);
      for (const { count, from, to, meanPip, share, lower, upper } of bins) {
        if (count === 0) continue;
        expect(meanPip! >= from - 1e-12 && meanPip! <= to + 1e-12).toBe(true);
        expect(lower! <= share! + 1e-12 && share! <= upper! + 1e-12).toBe(true);
      }
      expect(ece >= 0 && ece <= 1).toBe(true);
      // Jensen: the squared error of each bin is at least its squared gap.
      expect(brier).toBeGreaterThanOrEqual(ece ** 2 - 1e-12);
    }));
  });
});

describe('the Wilson interval', () => {
  // (c + z²/2 ± z sqrt(c (n - c)/n + z²/4)) / (n + z²), computed by hand.
  it.each([[8, 10, 0.4902, 0.9433], [0, 10, 0, 0.2775], [10, 10, 0.7225, 1], [50, 100, 0.4038, 0.5962]])(
    'of %i in %i', (hits, count, low, high) => {
      const { lower, upper } = wilson(hits, count);
      expect(lower).toBeCloseTo(low, 4);
      expect(upper).toBeCloseTo(high, 4);
    });
});

describe('coverage of credible sets', () => {
  it('by hand, the linear part and the network apart', () => {
    const judgedSet = (source: JudgedSet['source'], inputs: string[], right: boolean): JudgedSet => ({ source, inputs, purity: 1, true: right });
    const sets = [judgedSet('linear', ['a'], true), judgedSet('linear', ['b', 'c', 'd'], false)];
    // Of 1 in 2 Wilson's interval is .5 -+ sqrt(1/8 + z^2/16) z / (2 + z^2) about its middle.
    expect(coverage(sets)).toEqual([
      { source: 'linear', count: 2, trueCount: 1, share: 0.5, lower: expect.closeTo(0.0945, 4), upper: expect.closeTo(0.9055, 4), meanInputs: 2 },
      { source: 'network', count: 0, trueCount: 0 },
    ]);
  });
});

describe('what a rule realises', () => {
  // Truths 0 and 1. The first table misses 1, which 2 stands in for; the second finds both and nothing else.
  const tables = [
    judged([0.9, 0.2, 0.8, 0.6], [0, 1], [[], [], [1], []]),
    judged([0.9, 0.8, 0.1, 0.2], [0, 1], [[], [], [1], []]),
  ];

  it('by hand', () => {
    const { chosen, right, wrong, standIns, fdr, power, exact } = realise(tables, { threshold: 0.5 });
    expect({ chosen, right, wrong, standIns }).toEqual({ chosen: 5, right: 3, wrong: 2, standIns: 1 });
    expect(fdr.mean).toBeCloseTo(1 / 3, 12);
    expect(fdr.se).toBeCloseTo(1 / 3, 12);
    expect(power).toEqual({ mean: 0.75, se: 0.25 });
    expect(exact).toEqual({ mean: 0.5, se: 0.5 });
  });

  it('an input beside the true one is no stand-in', () => {
    const [table] = [judged([0.9, 0.8, 0.8], [0, 1], [[], [], [1]])];
    expect(realise([table], { threshold: 0.5 })).toMatchObject({ wrong: 1, standIns: 0 });
  });

  it('choosing none has no false discoveries and no power', () => {
    const { fdr, power, exact } = realise([judged([0.1, 0.2], [0])], { threshold: 0.5 });
    expect({ fdr, power, exact }).toEqual({ fdr: { mean: 0, se: 0 }, power: { mean: 0, se: 0 }, exact: { mean: 0, se: 0 } });
  });

  it('by the Bayesian false discovery rate', () => {
    // Running means of 1 - PIP: 0.1, 0.15, 0.233 and so on.
    expect(realise([tables[0]], { fdr: 0.16 })).toMatchObject({ chosen: 2, right: 1, standIns: 1 });
  });

  it('a mean has its standard error', () => {
    expect(meanOf([1, 2, 3, 4])).toEqual({ mean: 2.5, se: Math.sqrt(5 / 3 / 4) });
  });
});
