import { describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/schema.js';
import type { LinearPart } from '../../../src/linear/types.js';
import type { Runner } from '../../../src/jobs/runner.js';
import { learn } from '../../../src/work/learn.js';
import type { Prepared } from '../../../src/work/prepare.js';
import type { TrainTasks } from '../../../src/work/tasks.js';

const config = {
  model: { gates: 'both' }, prior: { spike: 'dirac' }, inclusion: {},
  train: { seed: 7, restarts: 2, reference: false, temperature: 1, learningRate: 0.01, gateLearningRate: 0.01 },
} as unknown as Config;
const matrix = { rows: 1, cols: 1, data: Float32Array.of(0) };
const prepared = {
  fitData: { x: matrix, y: matrix }, plan: { epochs: 1, batch: 1, steps: 1 },
  shape: { task: 'regression', widths: [1, 1], inputGroup: Int32Array.of(0), inputGates: 1, gates: 'both' },
} as unknown as Prepared;

interface Begun {
  kinds: string[];
  streams: unknown[];
  notes: unknown[];
  error: unknown;
}

/** Learns where the linear part is given and every fit fails. @returns the tasks in their order, and what was told */
async function begin(part: LinearPart | undefined): Promise<Begun> {
  const [kinds, streams, notes]: [string[], unknown[], unknown[]] = [[], [], []];
  const run = (kind: string, task: { stream: unknown }): Promise<unknown> => {
    kinds.push(kind);
    streams.push(task.stream);
    return kind === 'linear' ? Promise.resolve(part) : Promise.reject(new Error('no fits here'));
  };
  const runner = { size: 1, run, close: async () => {} } as unknown as Runner<TrainTasks>;
  const error = await learn(runner, config, prepared, { onNote: (text) => notes.push(text) })
    .then(() => undefined, (reason: unknown) => reason);
  return { kinds, streams, notes, error };
}

describe('learning', () => {
  it('knows the linear part before any fit begins, and tells what it leaves out', async () => {
    const { kinds, streams, notes, error } = await begin({ skipped: 'too much', seconds: 0 });
    expect(kinds).toEqual(['linear', 'fit', 'fit']);
    expect(streams[0]).toEqual([7, 'linear']);
    expect(notes).toEqual(['too much']);
    expect(error).toMatchObject({ message: 'no fits here' });
    expect((await begin({ seconds: 0 })).notes).toEqual([]);
  });

  it('stops where the linear part was stopped', async () => {
    const { kinds, error } = await begin(undefined);
    expect(kinds).toEqual(['linear']);
    expect(error).toMatchObject({ problems: [{ code: 'interrupted.stopped' }] });
  });
});
