/** Trained for real: the first sentence says which of three truths a table has. */
import { describe, expect, it } from 'vitest';
import { train, type TrainedRun } from '../../../src/index.js';
import { Stream } from '../../../src/random.js';
import { runVerdict } from '../../../src/text/verdict.js';

const ROWS = 300;

/** Two inputs and noise of deviation 0.5; three in ten rows are test rows. */
function tableOf(name: string, truth: (a: number, b: number) => number): Record<string, number>[] {
  const draws = Stream.fromSeed('verdict').split(name).normals(3 * ROWS);
  return Array.from({ length: ROWS }, (_, n) => {
    const [a, b, e] = draws.subarray(3 * n, 3 * n + 3);
    return { a, b, y: truth(a, b) + 0.5 * e };
  });
}

const trained = (name: string, truth: (a: number, b: number) => number): Promise<TrainedRun> => train({
  rows: tableOf(name, truth), target: 'y', seed: 1, jobs: 1, model: { hidden: [4] },
  sets: ['data.split.test=0.3', 'data.split.validation=0'],
  train: { restarts: 2, epochs: 2000, reference: false }, inclusion: { draws: 8, rescues: 0 },
});

describe('the verdict on a table', () => {
  it('of noise: nothing was found, and what would have shown', async () => {
    const { metrics } = await trained('noise', () => 0);
    expect(metrics.verdict).toMatchObject({ kind: 'nothing-found', split: 'test', rows: 90 });
    const [first, ...rest] = runVerdict(metrics);
    expect(first).toBe('Nothing was found: 90 test rows are predicted no better than by guessing.');
    expect(rest.at(-1)).toMatch(/^A gain below 0\.\d+ nats per row could still be there/);
  });

  it('of a linear truth: a linear model is enough', async () => {
    const { metrics } = await trained('linear', (a, b) => a - b);
    expect(metrics.verdict!.kind).toBe('linear-enough');
    expect(runVerdict(metrics)[0]).toBe('A linear model is enough, as far as 90 test rows show.');
    // Var(a - b) / (Var(a - b) + .25) = .89 of the variance.
    expect(Number(/linear (\d+\.\d) %/.exec(runVerdict(metrics).at(-1)!)![1])).toBeGreaterThan(80);
  });

  it('of a nonlinear truth: the network is better than a linear model', async () => {
    const { metrics } = await trained('nonlinear', (a) => 2 * Math.abs(a));
    expect(metrics.verdict!.kind).toBe('better-than-linear');
    expect(runVerdict(metrics)[0]).toBe('The network is better than a linear model, as 90 test rows show.');
  });
});
