import { expect, it } from 'vitest';
import { studentQuantile } from '../../../src/maths/student.js';

it('gives the quantiles of printed tables', () => {
  const table: [degrees: number, t: number][] =
    [[1, 12.706], [2, 4.303], [3, 3.182], [4, 2.776], [9, 2.262], [30, 2.042], [120, 1.98], [1e6, 1.96]];
  for (const [degrees, t] of table) expect(Math.abs(studentQuantile(0.975, degrees) / t - 1)).toBeLessThan(2e-3);
  expect(studentQuantile(0.025, 5)).toBeCloseTo(-studentQuantile(0.975, 5), 6);
});

it('knows nothing without a degree of freedom', () => expect(studentQuantile(0.975, 0)).toBe(Infinity));
