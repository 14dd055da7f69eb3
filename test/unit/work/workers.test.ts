import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { jobCount } from '../../../src/work/workers.js';
import type { Prepared } from '../../../src/work/prepare.js';

const planned = (steps: number, batch: number, widths: number[]): Prepared =>
  ({ shape: { widths }, plan: { steps, batch, epochs: steps } }) as unknown as Prepared;

describe('the number of jobs', () => {
  it('is what was asked for, but no more than there are fits', () => {
    expect([1, 2, 9].map((jobs) => jobCount(jobs, 3, planned(1, 1, [1, 1])))).toEqual([1, 2, 3]);
  });

  it('left open is one for work of a moment, else as many as cores and fits allow', () => {
    expect(jobCount('auto', 5, planned(10, 100, [3, 4, 1]))).toBe(1);
    const much = planned(4000, 600, [7, 32, 16, 1]);
    expect(jobCount('auto', 5, much)).toBe(Math.min(5, availableParallelism()));
    expect(jobCount('auto', 1, much)).toBe(1);
  });
});
