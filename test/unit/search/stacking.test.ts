import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/random.js';
import { leftOut, shareOfSecond } from '../../../src/search/stacking.js';

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('rows left out', () => {
  it('have the harmonic mean of their densities, where no draw counts too much', () => {
    const densities = [[0.2, 0.9], [0.4, 0.5], [0.3, 0.7]];
    const logs = densities.map((own) => Float64Array.from(own, Math.log));
    const found = leftOut(logs);
    for (const n of [0, 1]) expect(Math.exp(found[n])).toBeCloseTo(1 / mean(densities.map((own) => 1 / own[n])), 12);
  });

  it('are those of the posterior without them: a Beta-Bernoulli model in closed form', () => {
    // 7 of 10 rows are 1, and p has the posterior Beta(8, 4): of a row left out P(1 | others) = (6 + 1) / (9 + 2).
    const y = [1, 1, 1, 1, 1, 1, 1, 0, 0, 0];
    const draws = 40_000;
    const logs = Array.from({ length: draws }, (_, s) => {
      const p = betaQuantile((s + 0.5) / draws);
      return Float64Array.from(y, (one) => Math.log(one ? p : 1 - p));
    });
    const found = leftOut(logs);
    expect(Math.exp(found[0])).toBeCloseTo(7 / 11, 3);
    expect(Math.exp(found[9])).toBeCloseTo(3 / 11, 3);
  });

  it('count draws less where they stand in the likelihood twice', () => {
    const logs = [0.2, 0.8].map((p) => Float64Array.of(Math.log(p)));
    // Weights 1 / p^2, of which the larger one is cut at the root of two times their mean.
    const [few, many] = [Math.min(25, (25 + 1 / 0.64) / 2 * Math.SQRT2), 1 / 0.64];
    expect(Math.exp(leftOut(logs, [2])[0])).toBeCloseTo((few * 0.2 + many * 0.8) / (few + many), 12);
  });
});

describe('the share of the second of two distributions', () => {
  const stream = Stream.fromSeed('stacking');
  const rows = 400;
  const of = (p: (n: number) => number): Float64Array[] =>
    [0, 1].map(() => Float64Array.from({ length: rows }, (_, n) => Math.log(p(n))));

  it('is all where it alone knows, and nothing where the first does', () => {
    const [good, bad] = [of(() => 0.8), of(() => 0.5)];
    expect(shareOfSecond(bad, good)).toBeGreaterThan(0.98);
    expect(shareOfSecond(good, bad)).toBeLessThan(0.02);
  });

  it('is a part where each knows some of the rows', () => {
    const one = Array.from(stream.split('known').normals(rows), (value) => value > 0);
    const share = shareOfSecond(of((n) => (one[n] ? 0.9 : 0.2)), of((n) => (one[n] ? 0.2 : 0.9)));
    expect(share).toBeGreaterThan(0.35);
    expect(share).toBeLessThan(0.65);
  });

  it('is larger than a half where both say the same, for the first is asked for 4 nats', () => {
    const same = of(() => 0.6);
    const weights = Array.from({ length: 21 }, (_, at) => Math.exp(4 * at / 20));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const expected = weights.reduce((sum, weight, at) => sum + weight * at / 20, 0) / total;
    expect(shareOfSecond(same, same)).toBeCloseTo(expected, 9);
  });

  it('does not see rows of no weight', () => {
    const known = Float64Array.from({ length: rows }, (_, n) => Number(n >= rows / 2));
    const share = shareOfSecond(of((n) => (n < rows / 2 ? 0.9 : 0.3)), of((n) => (n < rows / 2 ? 0.1 : 0.7)), known);
    expect(share).toBeGreaterThan(0.95);
  });
});

/** Of Beta(8, 4), by bisection of its distribution function, a sum of binomial probabilities. */
function betaQuantile(u: number): number {
  let [low, high] = [0, 1];
  for (let at = 0; at < 40; at++) {
    const p = (low + high) / 2;
    let sum = 0;
    for (let k = 8, choose = 165; k <= 11; choose *= (11 - k) / (k + 1), k++) sum += choose * p ** k * (1 - p) ** (11 - k);
    if (sum < u) low = p;
    else high = p;
  }
  return (low + high) / 2;
}
