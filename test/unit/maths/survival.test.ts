import { describe, expect, it } from 'vitest';
import { concordance, Fallen } from '../../../src/maths/survival.js';
import { Stream } from '../../../src/random.js';

describe("Kaplan's and Meier's estimate", () => {
  it('is the product by hand', () => {
    const left = new Fallen([1, 2, 2, 3, 4], [1, 1, 0, 0, 1]);
    // Five rows at risk at 1, four at 2, one at 4.
    expect([0.5, 1, 2, 3.5, 4].map((t) => left.at(t))).toEqual([1, 0.8, 0.8 * 0.75, 0.8 * 0.75, 0]);
  });

  it('without censoring is the share of later rows, weights counting as rows', () => {
    const left = new Fallen([1, 2, 3], [1, 1, 1], [1, 2, 1]);
    expect([1, 2, 3].map((t) => left.at(t))).toEqual([0.75, 0.75 * (1 - 2 / 3), 0]);
  });

  it('of censoring counts events of the same time as gone before', () => {
    expect(new Fallen([1, 1, 2], [1, 0, 1], undefined, 'first').at(1)).toBe(0.5);
    expect(new Fallen([1, 1, 2], [1, 0, 1]).at(1)).toBeCloseTo(2 / 3, 12);
  });
});

describe('concordance', () => {
  it('is that of all pairs, one by one', () => {
    const stream = Stream.fromSeed('concordance');
    for (let round = 0; round < 50; round++) {
      const n = 2 + stream.integer(12);
      const draw = (most: number): number[] => Array.from({ length: n }, () => stream.integer(most));
      const [time, event, risk, weights] = [draw(6), draw(2), draw(4), draw(3).map((each) => each + 1)];
      let [right, all] = [0, 0];
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          if (event[i] !== 1 || !(time[i] < time[j] || (time[i] === time[j] && event[j] === 0))) continue;
          all += weights[i] * weights[j];
          right += weights[i] * weights[j] * (risk[i] > risk[j] ? 1 : risk[i] === risk[j] ? 0.5 : 0);
        }
      }
      const found = concordance({ time, event, risk }, weights);
      if (all === 0) expect(found).toBeUndefined();
      else expect(found).toBeCloseTo(right / all, 12);
    }
  });
});
