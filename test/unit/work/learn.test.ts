import { describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/schema.js';
import type { LinearPart } from '../../../src/linear/types.js';
import { Interrupted } from '../../../src/jobs/abort.js';
import type { Runner } from '../../../src/jobs/runner.js';
import { learn } from '../../../src/work/learn.js';
import type { Prepared } from '../../../src/work/prepare.js';
import type { TrainTasks } from '../../../src/work/tasks.js';

const config = {
  model: { gates: 'both' }, prior: { spike: 'dirac' }, inclusion: {}, search: { steps: 0 },
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
  saved: unknown[];
  error: unknown;
}

/** Learns where the linear part is given and every fit fails. @returns the tasks in their order, and what was told */
async function begin(part: LinearPart | Error | undefined): Promise<Begun> {
  const [kinds, streams, notes, saved]: [string[], unknown[], unknown[], unknown[]] = [[], [], [], []];
  const run = (kind: string, task: { stream: unknown }): Promise<unknown> => {
    kinds.push(kind);
    streams.push(task.stream);
    if (kind !== 'linear') return Promise.reject(new Error('no fits here'));
    return part instanceof Error ? Promise.reject(part) : Promise.resolve(part);
  };
  const runner = { size: 1, run, close: async () => {} } as unknown as Runner<TrainTasks>;
  const options = { onNote: (text: unknown) => notes.push(text), save: async (states: unknown) => void saved.push(states) };
  const error = await learn(runner, config, prepared, options)
    .then(() => undefined, (reason: unknown) => reason);
  return { kinds, streams, notes, saved, error };
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

  it.each([[undefined], [new Interrupted()]])('stops where the linear part was stopped, and saves that nothing has begun: %s', async (part) => {
    const { kinds, saved, error } = await begin(part);
    expect(kinds).toEqual(['linear']);
    expect(saved).toEqual([[null, null]]);
    expect(error).toMatchObject({ problems: [{ code: 'interrupted.stopped' }] });
  });

  it('fails where the linear part failed', async () => {
    const { saved, error } = await begin(new Error('a worker died'));
    expect(saved).toEqual([]);
    expect(error).toMatchObject({ message: 'a worker died' });
  });
});
