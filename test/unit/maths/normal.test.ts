import { describe, expect, it } from 'vitest';
import { normalCdf, normalDensity, normalQuantile } from '../../../src/maths/normal.js';

describe('the standard normal distribution function', () => {
  it.each([[0, 0.5], [1, 0.8413447460685429], [-1.959963984540054, 0.025], [2.5758293035489004, 0.995], [-5, 2.866515718791939e-7]])('at %d is %d', (x, p) => {
    expect(Math.abs(normalCdf(x) / p - 1)).toBeLessThan(3e-7);
  });

  it('is the integral of the density', () => {
    for (const x of [0.3, 1, 2.2]) {
      const width = x / 1000;
      let sum = 0;
      for (let k = 0; k < 1000; k++) sum += Math.exp(-(((k + 0.5) * width) ** 2) / 2) * width;
      expect(normalCdf(x) - 0.5).toBeCloseTo(sum / Math.sqrt(2 * Math.PI), 6);
    }
  });

  it('is symmetric, rises, and ends at 0 and 1', () => {
    for (const x of [0.1, 0.7, 3]) expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 12);
    for (let x = -6; x < 6; x += 0.25) expect(normalCdf(x + 0.25)).toBeGreaterThan(normalCdf(x));
    expect([normalCdf(-60), normalCdf(60)]).toEqual([0, 1]);
  });
});

describe('its density and quantiles', () => {
  it('the density is its slope', () => {
    for (const x of [-2.3, -0.4, 0, 1.7]) {
      expect((normalCdf(x + 1e-3) - normalCdf(x - 1e-3)) / 2e-3).toBeCloseTo(normalDensity(x), 4);
    }
  });

  it.each([[0.5, 0], [0.95, 1.6448536269514722], [0.025, -1.959963984540054], [1e-6, -4.753424308822899]])('the %d quantile is %d', (p, x) => {
    expect(normalQuantile(p)).toBeCloseTo(x, 5);
  });
});
