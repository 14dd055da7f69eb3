import { describe, expect, it } from 'vitest';
import { Eta, duration } from '../../../src/cli/eta.js';
import { createProgress } from '../../../src/cli/progress.js';
import type { TrainProgress } from '../../../src/types.js';
import { world } from './world.js';

const at = (epoch: number, more: Partial<TrainProgress> = {}): TrainProgress => ({
  phase: 'restart', restart: 1, restarts: 2, epoch, epochs: 100, elbo: -312.44, active: { weights: 14.2, nodes: 3, inputs: 4.9 },
  fits: [epoch, 0], atOnce: 1, ...more,
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
    view.update(at(10));
    view.stop();
    view.update(at(100, { phase: 'inclusion', fits: [100, 100], epoch: 1, epochs: 2 }));
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

describe('the progress of several fits at once', () => {
  const row = (restart: number, fits: number[], elbo: number): TrainProgress =>
    at(fits[restart - 1], { restart, fits, elbo, atOnce: 2 });

  it('is told as a whole, by the best restart', () => {
    const eta = new Eta(() => 0);
    eta.see(row(1, [10, 0, 0], -50));
    expect([eta.name, eta.percent]).toEqual(['3 fits, 2 at once', 3]);
    expect(eta.facts).toMatch(/^ELBO -50\.0, /);
    eta.see(row(2, [10, 20, 0], -30));
    eta.see(row(1, [20, 20, 0], -40));
    expect(eta.facts).toMatch(/^best ELBO -30\.0, /);
    eta.see(row(1, [100, 100, 60], -20));
    expect([eta.name, eta.percent]).toEqual(['3 fits', 86]);
  });

  it('lasts as long as the fits that are begun last', () => {
    let now = 0;
    const eta = new Eta(() => now);
    eta.see(row(1, [10, 0, 0], -50));
    eta.see(row(2, [10, 10, 0], -50));
    for (let epoch = 20; epoch < 100; epoch += 10) {
      now += 10_000;
      eta.see(row(1, [epoch, epoch - 10, 0], -50));
      eta.see(row(2, [epoch, epoch, 0], -50));
      // Two at once, a second an epoch each: the third fit follows on the first.
      const pace = (2 * (epoch - 10)) / (2 * (epoch - 10) + 10);
      expect(eta.left).toBe(`${duration(Math.round((200 - epoch) * pace))} left`);
    }
  });

  it('heeds the assessments only when the fits are done', () => {
    let now = 0;
    const eta = new Eta(() => now);
    const assessed = (epoch: number, fits: number[]): TrainProgress =>
      at(epoch, { phase: 'inclusion', epochs: 2, fits, atOnce: 2, elbo: -20 - epoch });
    eta.see(row(1, [100, 50], -50));
    eta.see(assessed(1, [100, 50]));
    expect([eta.name, eta.percent]).toEqual(['2 fits', 75]);
    eta.see(row(2, [100, 100], -50));
    now = 3000;
    expect([eta.name, eta.percent, eta.left]).toEqual(['inclusion 1/2', 50, '3 s left']);
    eta.see(assessed(2, [100, 100]));
    expect(eta.facts).toMatch(/^best ELBO -21\.0, /);
    expect([eta.name, eta.percent, eta.left]).toEqual(['inclusion 2/2', 100, '0 s left']);
  });

  it('counts the rows held out when all restarts are done', () => {
    let now = 0;
    const eta = new Eta(() => now);
    const held = (epoch: number): TrainProgress => at(epoch, { phase: 'background', epochs: 5, fits: [100, 100] });
    eta.see(at(100, { phase: 'inclusion', epochs: 2, fits: [100, 100] }));
    now = 10_000;
    eta.see(held(0));
    expect([eta.name, eta.percent, eta.left]).toEqual(['held-out rows 0/5', 0, 'estimating time']);
    now = 14_000;
    eta.see(held(2));
    expect([eta.name, eta.percent, eta.left]).toEqual(['held-out rows 2/5', 40, '6 s left']);
  });

  it('says durations as people do', () => {
    expect([0, 59, 60, 200, 7500].map(duration)).toEqual(['0 s', '59 s', '1 min 0 s', '3 min 20 s', '2 h 5 min']);
  });
});
