import { describe, expect, it } from 'vitest';
import { reachedSignal } from '../../../../src/work/calibrate/calibrate.js';
import type { Prepared } from '../../../../src/work/prepare.js';
import { plant } from '../../../../src/work/calibrate/simulated-set.js';
import { drawSynthetic } from '../../../../src/work/calibrate/synthetic.js';
import { Stream } from '../../../../src/random.js';
import type { Metrics } from '../../../../src/likelihood/index.js';
import type { SplitMetrics } from '../../../../src/work/run-metrics.js';
import { configSchema } from '../../../../src/config/schema.js';
import type { Task } from '../../../../src/types.js';

const config = configSchema.parse({ data: { path: 'none', target: 'y' } });
const synthetic = (task: Task, rows = 50): Prepared =>
  drawSynthetic({ rows, inputs: 6, correlation: 0.3, structure: 'ar1', task }, config, Stream.fromSeed('synthetic'));

describe('the signal that a run reached', () => {
  const reached = (prepared: Prepared, splits: SplitMetrics): number =>
    reachedSignal({ full: { splits, size: { parameters: 1, nonZero: 1, multiplyAdds: 1 } } }, prepared);
  const metrics = (part: Partial<Metrics>): Metrics => ({ rows: 10, nll: 0, nllSe: 0, ...part });

  it('is R² for numbers, in the units of the target, on test rows before others', () => {
    const prepared = synthetic('regression');
    prepared.encoder.target = { name: 'y', task: 'regression', mean: 3, scale: 10 };
    expect(reached(prepared, { train: metrics({ rmse: 1 }), test: metrics({ rmse: 5 }) })).toBeCloseTo(0.75, 12);
    expect(reached(prepared, { train: metrics({ rmse: 6 }) })).toBeCloseTo(0.64, 12);
  });

  it('is the accuracy above chance for classes', () => {
    // 1000 test rows of two classes, 500 each.
    expect(reached(synthetic('binary'), { test: metrics({ accuracy: 0.9 }) })).toBeCloseTo(0.8, 3);
  });

  it('stays where truths can be drawn, however good or bad the run', () => {
    expect(reached(synthetic('regression'), { test: metrics({ rmse: 2 }) })).toBe(0.05);
    expect(reached(synthetic('regression'), { test: metrics({ rmse: 0 }) })).toBe(0.98);
  });
});

describe('a planted target', () => {
  it.each<Task>(['regression', 'binary', 'multiclass'])('takes the place of the table\'s own, and nothing else changes (%s)', (task) => {
    const base = synthetic(task);
    const { prepared, floors, truth } = plant(base, 0.6, Stream.fromSeed('plant'));
    for (const split of ['train', 'test'] as const) {
      expect(prepared.sets[split]!.x).toBe(base.sets[split]!.x);
      expect(prepared.sets[split]!.y).not.toEqual(base.sets[split]!.y);
      expect(prepared.sets[split]!.y).toHaveLength(base.sets[split]!.y.length);
      expect(floors[split]! > 0 && floors[split]! < 1).toBe(true);
    }
    expect(prepared.fitData.x).toBe(base.sets.train!.x);
    expect(prepared.fitData.y.cols).toBe(task === 'multiclass' ? 3 : 1);
    expect(prepared.fitData.y.data.length).toBe(50 * prepared.fitData.y.cols);
    expect(prepared.shape).toBe(base.shape);
    expect(truth.inputs.length).toBeLessThanOrEqual(3);
  });

  it('of numbers is standardised by the training rows, as the encoder says', () => {
    const base = synthetic('regression', 400);
    base.encoder.target = { name: 'y', task: 'regression', mean: 3, scale: 10 };
    const { prepared: { encoder, sets } } = plant(base, 0.6, Stream.fromSeed('plant'));
    expect(encoder.target).toMatchObject({ mean: 0, scale: 1 });
    const { y } = sets.train!;
    expect(y.reduce((sum, v) => sum + v, 0) / 400).toBeCloseTo(0, 5);
    expect(y.reduce((sum, v) => sum + v * v, 0) / 400).toBeCloseTo(1, 5);
  });
});
