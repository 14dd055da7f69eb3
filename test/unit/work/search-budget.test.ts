import { describe, expect, it } from 'vitest';
import type { Runner } from '../../../src/jobs/runner.js';
import { inclusion } from '../../../src/inference/inclusion/inclusion.js';
import type { ChainOptions } from '../../../src/search/chain.js';
import { Stream } from '../../../src/random.js';
import type { Prepared } from '../../../src/work/prepare.js';
import type { TrainTasks } from '../../../src/work/tasks.js';
import { encoderFor, randomPosterior } from '../../helpers/random-posterior.js';
import { autoSteps, searchStructures, secondsPerStep, whyNoSearch, withinReach } from '../../../src/work/search.js';

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

/** Of the steps that are counted, those that a chain makes before. */
const BURN = 0.15;

describe('a variational start with many weights', () => {
  const [rows, features] = [4000, Array<number>(10).fill(1)];
  const starts = (gates: 'both' | 'none'): Promise<ChainOptions[]> => {
    const posterior = randomPosterior({ seed: 1, task: 'regression', activation: 'silu', gates, features, hidden: [30] });
    const seen: ChainOptions[] = [];
    const runner = {
      size: 1, close: async () => {}, run: (_: string, { options }: { options: ChainOptions }) => {
        seen.push(options);
        return Promise.reject(new Error('stopped by the test'));
      },
    } as unknown as Runner<TrainTasks>;
    const x = { rows, cols: 10, data: Stream.fromSeed(2).normals(rows * 10) };
    const prepared = {
      fitData: { x, y: { rows, cols: 1, data: Stream.fromSeed(3).normals(rows) } }, encoder: encoderFor('regression', features),
      shape: { task: 'regression', gates, inputGroup: Int32Array.from(features.keys()), inputGates: 10, widths: [10, 4, 1] },
    } as unknown as Prepared;
    const config = { train: { seed: 1 }, search: { steps: 'auto' } } as unknown as Parameters<typeof searchStructures>[1];
    const pips = inclusion(posterior, { stream: Stream.fromSeed(4) });
    const chosen = { linear: { seconds: 0 }, starts: [{ posterior, inclusion: pips }] };
    return searchStructures(runner, config, prepared, chosen).then(() => [], () => seen);
  };
  const heaviest = (all: ChainOptions[]): number => Math.max(...all.map(({ start: { units } }) =>
    units.reduce((sum, { inputs }) => sum + inputs.length, 0)));
  const most = autoSteps({ rows, outputs: 1, x: { length: 10 } });

  it('is cut at a higher PIP until the budget suffices', async () => {
    const seen = await starts('both');
    expect(seen.length).toBe(2);
    expect(heaviest(seen)).toBeGreaterThan(0);
    for (const { burn } of seen) expect(burn).toBeGreaterThanOrEqual(Math.round(BURN * Math.max(300, most / 3)));
  });

  it('is left out where no threshold helps', async () => {
    const seen = await starts('none');
    expect(seen.map(({ start }) => start.units.length)).toEqual([0]);
    expect(seen[0].burn).toBe(Math.round(BURN * most));
  });
});
