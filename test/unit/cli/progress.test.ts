import { describe, expect, it } from 'vitest';
import { Eta, duration } from '../../../src/cli/eta.js';
import { createProgress } from '../../../src/cli/progress.js';
import type { TrainProgress } from '../../../src/types.js';
import { world } from './world.js';

const at = (epoch: number, more: Partial<TrainProgress> = {}): TrainProgress => ({
  phase: 'restart', restart: 1, restarts: 2, epoch, epochs: 100, elbo: -312.44, active: { weights: 14.2, nodes: 3, inputs: 4.9 },
  fits: [epoch, 0], atOnce: 1, share: 0.1, secondsLeft: 15, ...more,
});

describe('progress', () => {
  it('is a line every five seconds where stderr is no terminal', async () => {
    let now = 0;
    const { context, err, out } = world();
    const view = await createProgress(context, { now: () => now });
    for (let epoch = 1; epoch <= 100; epoch++) {
      now += 100;
      view.update(at(epoch, { share: epoch / 200, secondsLeft: 20 - epoch / 10 }));
    }
    view.stop();
    expect(err()).toBe(
      '2 fits, 25 %: ELBO -312.4, 14 weights, 3 nodes, 5 inputs, 15 s left\n' +
      '2 fits, 50 %: ELBO -312.4, 14 weights, 3 nodes, 5 inputs, 10 s left\n');
    expect(out()).toBe('');
  });

  it('counts one of a thing as one', () => {
    const eta = new Eta(() => 0);
    eta.see(at(50, { fits: [50], active: { weights: 3.2, nodes: 1.4, inputs: 1 } }));
    expect(eta.facts).toBe('ELBO -312.4, 3 weights, 1 node, 1 input');
  });

  it('is a bar on a terminal, cleared at the end', async () => {
    const { context, err } = world({ terminal: true, env: { NO_COLOR: '1' } });
    const view = await createProgress(context);
    view.update(at(10, { share: 0.05 }));
    view.stop();
    view.update(at(100, { phase: 'inclusion', fits: [100, 100], epoch: 1, epochs: 2, share: 0.5 }));
    view.stop();
    expect(err()).toContain('2 fits █░░░░░░░░░░░░░░░░░░░ 5 % · ELBO -312.4, 14 weights, 3 nodes, 5 inputs · ');
    expect(err()).toContain('inclusion 1/2 ██████████░░░░░░░░░░ 50 %');
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
});

describe('what is told', () => {
  const row = (restart: number, fits: number[], elbo: number): TrainProgress =>
    at(fits[restart - 1], { restart, fits, elbo, atOnce: 2, share: 0.034 });

  it('is of the best restart, and how far the whole is', () => {
    const eta = new Eta(() => 0);
    eta.see(row(1, [10, 0, 0], -50));
    expect([eta.name, eta.percent]).toEqual(['3 fits, 2 at once', 3]);
    expect(eta.facts).toMatch(/^ELBO -50\.0, /);
    eta.see(row(2, [10, 20, 0], -30));
    eta.see(row(1, [20, 20, 0], -40));
    expect(eta.facts).toMatch(/^best ELBO -30\.0, /);
    eta.see(row(1, [100, 100, 60], -20));
    expect(eta.name).toBe('3 fits');
    eta.see(at(1, { phase: 'inclusion', fits: [100, 100, 100], epoch: 1, epochs: 2 }));
    expect(eta.name).toBe('inclusion 1/2');
    eta.see(at(2, { phase: 'background', fits: [100, 100, 100], epochs: 5 }));
    expect(eta.name).toBe('held-out rows 2/5');
    eta.see(at(400, { phase: 'search', fits: [100, 100, 100], epochs: 3000 }));
    expect(eta.name).toBe('search 400/3,000 steps');
    eta.see(at(400, { phase: 'search', epochs: 3000, folds: { done: 2, of: 5 } }));
    expect(eta.name).toBe('5 folds, 2 done');
  });

  it('is counted down while nothing new is told', () => {
    let now = 0;
    const eta = new Eta(() => now);
    eta.see(at(1, { secondsLeft: undefined }));
    expect(eta.left).toBe('estimating time');
    eta.see(at(2, { secondsLeft: 90 }));
    expect(eta.left).toBe('1 min 30 s left');
    now = 60_000;
    expect(eta.left).toBe('30 s left');
    now = 100_000;
    expect(eta.left).toBe('0 s left');
  });

  it('is a document a second where a program asks for it', async () => {
    let now = 0;
    const { context, err } = world({ quiet: true, terminal: true });
    const view = await createProgress(context, { now: () => now, progress: 'json' });
    for (let epoch = 1; epoch <= 30; epoch++) {
      now += 100;
      view.update(at(epoch));
    }
    view.update(at(1, { phase: 'inclusion' }));
    const lines = err().trimEnd().split('\n').map((line) => (JSON.parse(line) as { progress: TrainProgress }).progress);
    expect(lines.map(({ phase, epoch }) => [phase, epoch])).toEqual([['restart', 1], ['restart', 11], ['restart', 21], ['inclusion', 1]]);
    expect(lines[0]).toMatchObject({ share: 0.1, secondsLeft: 15 });
  });

  it('says durations as people do', () => {
    expect([0, 59, 60, 200, 7500].map(duration)).toEqual(['0 s', '59 s', '1 min 0 s', '3 min 20 s', '2 h 5 min']);
  });
});
