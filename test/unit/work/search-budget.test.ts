import { describe, expect, it } from 'vitest';
import type { Runner } from '../../../src/jobs/runner.js';
import type { Prepared } from '../../../src/work/prepare.js';
import { searchStructures, secondsPerStep } from '../../../src/work/search.js';
import type { TrainTasks } from '../../../src/work/tasks.js';
import { encoderFor } from '../../helpers/random-posterior.js';

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
  it('is not begun by auto, and why is told with the figures', async () => {
    const [rows, inputs] = [20_000, 60];
    const group = Int32Array.from({ length: inputs }, (_, c) => c);
    const prepared = {
      fitData: {
        x: { rows, cols: inputs, data: new Float32Array(rows * inputs) }, y: { rows, cols: 1, data: new Float32Array(rows) },
      },
      shape: { task: 'regression', inputGroup: group, inputGates: inputs }, encoder: encoderFor('regression', [...group].map(() => 1)),
    } as unknown as Prepared;
    const runner: Runner<TrainTasks> = {
      size: 1, run: () => { throw new Error('a task was begun'); }, close: async () => {},
    };
    const config = { train: { seed: 1 }, search: { steps: 'auto' } } as unknown as Parameters<typeof searchStructures>[1];
    const found = await searchStructures(runner, config, prepared, { linear: { seconds: 0 }, starts: [] });
    const said = /^there is no search over structures: 20,000 rows of 60 inputs allow \d+ steps/;
    expect(found).toEqual({ skipped: expect.stringMatching(said) });
  });
});
