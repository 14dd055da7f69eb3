import { describe, expect, it } from 'vitest';
import type { Prepared } from '../../../src/work/prepare.js';
import { secondsPerStep, whyNoSearch, withinReach } from '../../../src/work/search.js';

const table = (rows: number, columns: number, outputs = 1) => ({ rows, outputs, x: Array<Float64Array>(columns) });

describe('the time of a step of the search', () => {
  it('is what was measured, to a factor of two', () => {
    for (const [rows, columns, weights, perSecond] of [[630, 7, 10, 625], [927, 8, 84, 42], [8611, 4, 44, 13]]) {
      const ratio = secondsPerStep(table(rows, columns), weights) * perSecond;
      expect(ratio).toBeGreaterThan(0.5);
      expect(ratio).toBeLessThan(2);
    }
  });

  it('grows with rows, columns, outputs and weights', () => {
    const base = secondsPerStep(table(100, 10), 10);
    const larger = [table(200, 10), table(100, 200), table(100, 10, 5)];
    for (const other of larger) expect(secondsPerStep(other, 10)).toBeGreaterThan(base);
    expect(secondsPerStep(table(100, 10), 40)).toBeGreaterThan(base);
  });
});

describe('a search beyond reach', () => {
  const prepared = (rows: number, inputs: number, gates = 'both'): Prepared => ({
    fitData: {
      x: { rows, cols: inputs, data: new Float32Array() }, y: { rows, cols: 1, data: new Float32Array() },
    },
    shape: { gates, inputGates: inputs },
  } as unknown as Prepared);

  it('is none, and why is told with the figures', () => {
    const config = { search: { steps: 'auto' as const } };
    const said = /^there is no search over structures: 20,000 rows of 60 inputs allow \d+ steps/;
    expect(whyNoSearch(config, prepared(20_000, 60))).toMatch(said);
    expect(withinReach(config, prepared(20_000, 60))).toEqual({ search: { steps: 0 } });
  });

  it('is not refused where it is in reach, asked for by number, or not asked for', () => {
    expect(whyNoSearch({ search: { steps: 'auto' } }, prepared(600, 7))).toBeUndefined();
    expect(whyNoSearch({ search: { steps: 50 } }, prepared(20_000, 60))).toBeUndefined();
    expect(whyNoSearch({ search: { steps: 0 } }, prepared(20_000, 60, 'none'))).toBeUndefined();
  });

  it('is none of a network without gates', () => {
    expect(whyNoSearch({ search: { steps: 50 } }, prepared(600, 7, 'none'))).toMatch(/this network has no gates/);
  });
});
