import { describe, expect, it } from 'vitest';
import { rungsOf } from '../../../../src/work/sweep/rungs.js';
import { gridSize, settingsOf } from '../../../../src/work/sweep/trials.js';

const KEYS = { a: [1, 'x'], 'b.c': { min: 1, max: 100, log: true, steps: 3 } };
const RANDOM = { method: 'random', trials: 200, seed: 4 } as const;

describe('settingsOf', () => {
  it('makes all combinations of a grid, the last key changing fastest', () => {
    const settings = settingsOf({ method: 'grid', keys: KEYS, trials: 1, seed: 1 });
    expect(settings).toEqual([
      { a: 1, 'b.c': 1 }, { a: 1, 'b.c': 10 }, { a: 1, 'b.c': 100 }, { a: 'x', 'b.c': 1 }, { a: 'x', 'b.c': 10 }, { a: 'x', 'b.c': 100 },
    ]);
    expect(gridSize(KEYS)).toBe(6);
  });

  it('draws from a range evenly, or by its logarithm, and whole numbers with both bounds', () => {
    const drawn = (range: object): number[] => settingsOf({ ...RANDOM, keys: { k: range as never } }).map(({ k }) => k as number);
    const [even, log] = [drawn({ min: 1, max: 100 }), drawn({ min: 1, max: 100, log: true })];
    const below = (values: number[], bound: number): number => values.filter((value) => value < bound).length / values.length;
    // A share has a standard error of at most .036: 4 of them.
    expect(Math.abs(below(even, 50.5) - 0.5)).toBeLessThan(0.15);
    expect(Math.abs(below(log, 10) - 0.5)).toBeLessThan(0.15);
    expect(Math.min(...even, ...log)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...even, ...log)).toBeLessThanOrEqual(100);
    // None is drawn twice, so that these are all there are.
    expect(drawn({ min: 2, max: 5, whole: true }).sort()).toEqual([2, 3, 4, 5]);
  });

  it('draws the same for the same seed, and others for another', () => {
    const keys = { k: { min: 0, max: 1 } };
    expect(settingsOf({ ...RANDOM, keys })).toEqual(settingsOf({ ...RANDOM, keys }));
    expect(settingsOf({ ...RANDOM, keys, seed: 5 })).not.toEqual(settingsOf({ ...RANDOM, keys }));
  });
});

describe('rungsOf', () => {
  it('leaves a third of the settings for three times the folds', () => {
    expect(rungsOf(9, 9, 3)).toEqual([{ trials: 9, folds: 1 }, { trials: 3, folds: 3 }, { trials: 1, folds: 9 }]);
    expect(rungsOf(20, 5, 3)).toEqual([{ trials: 20, folds: 2 }, { trials: 7, folds: 5 }]);
    expect(rungsOf(1, 5, 3)).toEqual([{ trials: 1, folds: 5 }]);
    expect(rungsOf(8, 2, 2)).toEqual([{ trials: 8, folds: 1 }, { trials: 4, folds: 2 }]);
  });

  it('never has fewer folds or more settings in a later round, and ends with all folds', () => {
    const cases = [1, 2, 5, 13, 40].flatMap((trials) =>
      [2, 3, 5, 10, 30].flatMap((folds) => [1.5, 2, 3, 4.5].map((eta) => [trials, folds, eta] as const)));
    for (const [trials, folds, eta] of cases) {
      const rungs = rungsOf(trials, folds, eta);
      expect(rungs[0].trials).toBeLessThanOrEqual(trials);
      expect(rungs.at(-1)!.folds).toBe(folds);
      rungs.slice(1).forEach((rung, at) => {
        expect(rung.folds).toBeGreaterThan(rungs[at].folds);
        expect(rung.trials).toBeLessThanOrEqual(rungs[at].trials);
      });
    }
  });
});
