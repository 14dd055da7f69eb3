import { describe, expect, it } from 'vitest';
import type { PhaseProgress, TrainProgress } from '../../../src/progress.js';
import { foldsTeller } from '../../../src/work/cv/progress.js';
import { laterOf, TrainForecast, type Later } from '../../../src/work/forecast.js';

const at = (epoch: number, more: Partial<PhaseProgress> = {}): PhaseProgress => ({
  phase: 'restart', restart: 1, restarts: 2, epoch, epochs: 100, elbo: 0, active: { weights: 0, nodes: 0, inputs: 0 },
  fits: [epoch, 0], atOnce: 1, ...more,
});
const NOTHING: Later = { epochs: 0, search: 0, end: 0 };

describe('the forecast of a training', () => {
  it('lasts as long as the fits that are begun last', () => {
    let now = 0;
    const forecast = new TrainForecast(NOTHING, () => now);
    const see = (fits: number[]) => forecast.see(at(fits[0], { fits, atOnce: 2 }));
    expect(see([0, 0, 0])).toEqual({ share: 0 });
    for (let epoch = 10; epoch < 100; epoch += 10) {
      now += 10_000;
      // Two at once, a second an epoch each: the third fit follows on the first.
      const { share, secondsLeft } = see([epoch, epoch, 0]);
      expect(secondsLeft).toBeCloseTo(200 - epoch, 9);
      expect(share).toBeCloseTo(epoch / 200, 9);
    }
  });

  it('adds what follows, and takes the pace of the fits for that of later ones', () => {
    let now = 0;
    const forecast = new TrainForecast({ epochs: 50, search: 30, end: 5 }, () => now);
    forecast.see(at(0, { fits: [0] }));
    now = 40_000;
    expect(forecast.see(at(40, { fits: [40] })).secondsLeft).toBeCloseTo(60 + 50 + 30 + 5, 9);
    now = 100_000;
    forecast.see(at(100, { fits: [100] }));
    now = 120_000;
    expect(forecast.see(at(1, { phase: 'inclusion', epochs: 2, fits: [100] })).secondsLeft).toBeCloseTo(30 + 30 + 5, 9);
  });

  it('believes the steps of a search the more of them there are', () => {
    let now = 0;
    const forecast = new TrainForecast({ epochs: 0, search: 100, end: 5 }, () => now);
    const step = (epoch: number): number => forecast.see(at(epoch, { phase: 'search', epochs: 1000, fits: [100] })).secondsLeft!;
    expect(step(0)).toBeCloseTo(105, 9);
    // Twice as fast as expected.
    now = 3750;
    expect(step(75)).toBeCloseTo((0.5 * 100 + 0.5 * 50) * 0.925 + 5, 9);
    now = 25_000;
    expect(step(500)).toBeCloseTo(30, 9);
    // The chains go on for another round.
    expect(forecast.see(at(1000, { phase: 'search', epochs: 1500, fits: [100] })).secondsLeft).toBeGreaterThan(30);
  });

  it('never goes back', () => {
    let now = 0;
    const forecast = new TrainForecast({ epochs: 0, search: 10, end: 0 }, () => now);
    now = 10_000;
    const shares = [0, 10, 20, 900, 901].map((epoch) => {
      now += epoch === 901 ? 60_000 : 1000;
      return forecast.see(at(epoch, { phase: 'search', epochs: 1000 })).share;
    });
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });

  it('knows a search, rescues and held-out rows from the config', () => {
    const config = { model: { skip: true, background: true }, inclusion: { rescues: 'auto' }, search: { steps: 'auto' } } as
      Parameters<typeof laterOf>[0];
    const prepared = (task: 'binary' | 'regression') => ({
      fitData: { x: { rows: 600, cols: 7, data: new Float32Array() }, y: { rows: 600, cols: 1, data: new Float32Array() } },
      plan: { epochs: 4000 }, shape: { task },
    }) as unknown as Parameters<typeof laterOf>[1];
    const [alone, two] = [laterOf(config, prepared('binary'), 1), laterOf(config, prepared('binary'), 2)];
    expect(two.search).toBeCloseTo(alone.search / 2, 12);
    expect(two).toMatchObject({ epochs: 0 });
    expect(laterOf(config, prepared('binary'), 2, 2000).epochs).toBe(2000);
    const none = { ...config, search: { steps: 0 as const } };
    expect(laterOf(none, prepared('binary'), 2).search).toBe(0);
    expect(laterOf(none, prepared('binary'), 2).epochs).toBeGreaterThan(laterOf(none, prepared('regression'), 2).epochs);
    expect(laterOf({ ...none, inclusion: { ...none.inclusion, rescues: 0 } }, prepared('regression'), 2).epochs).toBe(0);
  });
});

describe('the forecast of folds', () => {
  it('takes folds that have not begun for what the others are', () => {
    let now = 0;
    const told: TrainProgress[] = [];
    const folds = Array.from({ length: 5 }, () => ({ fits: 2, epochs: 100 }));
    const teller = foldsTeller(folds, 1, 2, (progress) => told.push(progress), () => now);
    const hear = (fold: number, secondsLeft?: number): TrainProgress => {
      teller.heard(fold, { ...at(10, { fits: [10, 10] }), share: 0.5, secondsLeft });
      return told.at(-1)!;
    };
    expect(hear(0).secondsLeft).toBeUndefined();
    hear(1);
    now = 10_000;
    hear(0, 10);
    // Two folds of 20 s run for 10 more; of three others one has to wait for another: 10 + 20 + 20.
    expect(hear(1, 10)).toMatchObject({ secondsLeft: 50, folds: { done: 0, of: 5 } });
    expect(told.at(-1)).toMatchObject({ atOnce: 2, restarts: 5, fits: [10, 10, 10, 10, 0, 0, 0, 0, 0, 0] });
    now = 20_000;
    teller.done(0);
    teller.done(1);
    expect(hear(2, 20)).toMatchObject({ secondsLeft: 40, folds: { done: 2, of: 5 } });
    expect(told.at(-1)!.share).toBeCloseTo(1 / 3, 9);
  });
});
