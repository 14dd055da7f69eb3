import { describe, expect, it } from 'vitest';
import { createProgress, duration } from '../../../src/cli/progress.js';
import type { TrainProgress } from '../../../src/types.js';
import { world } from './world.js';

const at = (epoch: number, more: Partial<TrainProgress> = {}): TrainProgress => ({
  phase: 'restart', restart: 1, restarts: 2, epoch, epochs: 100, elbo: -312.44, active: { weights: 14.2, nodes: 3, inputs: 4.9 }, ...more,
});

describe('progress', () => {
  it('is a line every five seconds where stderr is no terminal', async () => {
    let now = 0;
    const { context, err, out } = world();
    const view = await createProgress(context, { now: () => now });
    for (let epoch = 1; epoch <= 100; epoch++) {
      now += 100;
      view.update(at(epoch));
    }
    view.stop();
    expect(err()).toBe(
      'restart 1/2, epoch 50/100: ELBO -312.4, 14 weights, 3 nodes, 5 inputs, 15 s left\n' +
      'restart 1/2, epoch 100/100: ELBO -312.4, 14 weights, 3 nodes, 5 inputs, 10 s left\n');
    expect(out()).toBe('');
  });

  it('is a bar on a terminal, cleared at the end', async () => {
    const { context, err } = world({ terminal: true, env: { NO_COLOR: '1' } });
    const view = await createProgress(context);
    view.update(at(1));
    view.update(at(50));
    view.update(at(3, { phase: 'inclusion', epochs: 3 }));
    view.stop();
    expect(err()).toContain('restart 1/2 ░░░░░░░░░░░░░░░░░░░░ 1/100 · ELBO -312.4, 14 weights, 3 nodes, 5 inputs · ');
    expect(err()).toContain('inclusion ████████████████████ 3/3');
    expect(err().endsWith('\n')).toBe(false);
  });

  it('is no bar beside a JSON document', async () => {
    const { context, err } = world({ terminal: true });
    const view = await createProgress(context, { json: true });
    view.update(at(1));
    view.stop();
    expect(err()).toBe('');
  });

  it('is nothing under --quiet', async () => {
    let now = 0;
    const { context, err } = world({ quiet: true, terminal: true });
    const view = await createProgress(context, { now: () => (now += 60_000) });
    for (let epoch = 1; epoch < 9; epoch++) view.update(at(epoch));
    view.note('note');
    view.stop();
    expect(err()).toBe('');
  });

  it('says durations as people do', () => {
    expect([0, 59, 60, 200, 7500].map(duration)).toEqual(['0 s', '59 s', '1 min 0 s', '3 min 20 s', '2 h 5 min']);
  });
});
