import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/backend.js';
import { posteriorKl } from '../../../src/model/kl.js';
import { posteriorOf } from '../../../src/model/posterior.js';
import { layoutOf } from '../../../src/model/shape.js';
import { Stream } from '../../../src/random.js';
import { hasFallen, isWorse, type Best } from '../../../src/train/best.js';
import { fit } from '../../../src/train/fit.js';
import { startFit } from '../../../src/train/start.js';
import type { FitSettings } from '../../../src/train/types.js';
import type { HistoryRow } from '../../../src/train/history.js';
import { priorOf, smallShape } from '../../helpers/worlds.js';

const rows = (...elbos: number[]): HistoryRow[] => elbos.map((elbo, at) => ({ step: 50 * (at + 1), elbo }) as HistoryRow);
const best = (all: HistoryRow[]): Best => {
  const { step, elbo } = all.reduce((a, b) => (b.elbo > a.elbo ? b : a));
  return { step, elbo, theta: new Float32Array(0), prior: { node: [], edge: [], tau: [] } };
};

describe('the best state of a fit', () => {
  it('is left for good when six rows lie below it by more than 3 nats', () => {
    const fallen = rows(-10, -14, -14, -14, -14, -14, -14);
    expect(hasFallen(fallen, best(fallen))).toBe(true);
    const few = rows(-10, -14, -14, -14, -14, -14);
    expect(hasFallen(few, best(few))).toBe(false);
    const near = rows(-10, -12, -12, -12, -12, -12, -12);
    expect(hasFallen(near, best(near))).toBe(false);
  });

  it('is not left when the ELBO moves that much from row to row anyway', () => {
    const noisy = rows(-10, -14, -10.5, -14.5, -11, -15, -14, -18, -14, -18, -14, -18);
    expect(hasFallen(noisy, best(noisy))).toBe(false);
    expect(isWorse(noisy, best(noisy))).toBe(false);
  });

  it('is better than a last row that lies clearly below', () => {
    const fallen = rows(-12, -11, -10, -20);
    expect(isWorse(fallen, best(fallen))).toBe(true);
    const risen = rows(-12, -11, -10);
    expect(isWorse(risen, best(risen))).toBe(false);
  });
});

describe('a fit whose ELBO falls', () => {
  beforeAll(() => startEngine());

  it('ends early and gives its best state', async () => {
    const stream = Stream.fromSeed('best');
    const n = 60;
    const x = { rows: n, cols: 3, data: stream.normals(3 * n) };
    const noise = stream.normals(n);
    const y = { rows: n, cols: 1, data: Float32Array.from({ length: n }, (_, i) => x.data[3 * i] + 0.3 * noise[i]) };
    const settings: FitSettings = {
      shape: smallShape('both', 'regression', 'silu', [4]), epochs: 1500, batch: n, learningRate: 0.01, gateLearningRate: 5,
      prior: { inclusion: 'auto', slabScale: 'auto' }, course: 'settle',
    };
    const layout = layoutOf(settings.shape);
    const begin = startFit(settings, layout, stream.split('fit'));
    // A state that nothing will come up to.
    const kept: Best = { step: 0, elbo: 1000, theta: begin.theta.map((v) => v / 2), prior: priorOf(settings.shape) };
    const steps: number[] = [];
    const { state, done, posterior } = await fit(
      { x, y }, settings, stream.split('fit'), { ...begin, best: kept }, { onRow: ({ step }) => steps.push(step) });
    expect(done).toBe(true);
    // Six rows of 50 steps after the first 30 %, where ELBOs begin to count.
    expect(steps.at(-1)).toBe(0.3 * 1500 + 6 * 50);
    expect(state.step).toBe(1500);
    expect(state.theta).toEqual(kept.theta);
    expect(state.prior).toEqual(kept.prior);
    expect(posteriorKl(posterior)).toBe(posteriorKl(posteriorOf(kept.theta, settings.shape, layout, kept.prior)));
  });
});
