import { describe, expect, it } from 'vitest';
import { simplest, standings, type FoldOutcome } from '../../../../src/work/sweep/standing.js';

/** Folds of one repeat. @param losses of the full posterior, and of the pruned network that much more */
const folds = (losses: number[], nonZero: number, more = 0.1): FoldOutcome[] => losses.map((nll, at) => {
  const of = (value: number): never => ({ metrics: { nll: value }, size: { parameters: 50, nonZero, multiplyAdds: 0 } }) as never;
  return { repeat: 1, fold: at + 1, models: { full: of(nll), pruned: of(nll + more) }, kept: ['x'] };
});

describe('standings', () => {
  // Differences to the best, fold by fold: .02, 0, .04 have mean .02 and standard error .0115.
  const tried = [
    { setting: { k: 1 }, outcomes: folds([1.02, 2, 3.04], 10) },
    { setting: { k: 2 }, outcomes: folds([1, 2, 3], 20) },
    { setting: { k: 3 }, outcomes: folds([1.001, 2, 3.001], 15) },
    { setting: { k: 4 }, outcomes: folds([1.5, 2.5, 3.5], 25) },
    { setting: { k: 5 }, outcomes: folds([0.5], 5) },
  ];
  const standing = standings(tried, 'full');

  it('ranks by the loss among those with as many folds, and those that went further first', () => {
    expect(standing.map(({ trial }) => trial)).toEqual([2, 3, 1, 4, 5]);
    expect(standing.map(({ folds: count }) => count)).toEqual([3, 3, 3, 3, 1]);
  });

  it('gives paired differences to the best, on the folds of both', () => {
    expect(standing[0].behind).toEqual({ mean: 0, se: 0 });
    expect(standing[2].behind.mean).toBeCloseTo(0.02, 10);
    expect(standing[2].behind.se).toBeCloseTo(0.02 / Math.sqrt(3), 10);
    expect(standing[4].behind.mean).toBeCloseTo(-0.5, 10);
  });

  it('tells which pruned networks no other beats in loss and size', () => {
    expect(standing.filter(({ efficient }) => efficient).map(({ trial }) => trial)).toEqual([2, 3, 1]);
  });

  it('finds the smallest within a standard error of the difference', () => {
    // Setting 3 is .00067 +- .00033 behind, setting 1 .02 +- .0115: neither is near enough.
    expect(simplest(standing).trial).toBe(2);
    const near = standings([tried[1], { setting: { k: 6 }, outcomes: folds([1.05, 1.96, 3], 8) }], 'full');
    expect(simplest(near).trial).toBe(2);
  });
});
