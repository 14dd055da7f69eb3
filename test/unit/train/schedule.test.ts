import { describe, expect, it } from 'vitest';
import { layoutOf, type BlockName } from '../../../src/model/shape.js';
import { planTraining, stepsPerEpoch } from '../../../src/train/plan.js';
import { parameterRates, phaseAt, phaseKey, type Course } from '../../../src/train/schedule.js';
import { GATES, smallShape } from '../../helpers/worlds.js';

const FREE = { edges: 1, direct: 1, inputs: 1, nodes: 1 };
const HELD = { edges: 0, direct: 0, inputs: 0, nodes: 0 };
const ONLY_EDGES = { ...HELD, edges: 1, direct: 1 };

describe('the schedule in fractions of all steps', () => {
  const at = (fraction: number) => phaseAt(Math.round(fraction * 1000), 1000);

  it('pins the gates for the first quarter', () => {
    expect([0, 0.1, 0.249].map((f) => at(f).gates)).toEqual(['open', 'open', 'open']);
    expect([0.25, 0.6, 0.999].map((f) => at(f).gates)).toEqual([FREE, FREE, FREE]);
  });

  it('raises the KL weight from 0.1 to 1 between 25 % and 60 %', () => {
    expect([0, 0.25].map((f) => at(f).beta)).toEqual([0.1, 0.1]);
    expect(at(0.425).beta).toBeCloseTo(0.55, 10);
    expect([0.6, 0.8, 0.999].map((f) => at(f).beta)).toEqual([1, 1, 1]);
    const betas = Array.from({ length: 1000 }, (_, step) => phaseAt(step, 1000).beta);
    expect(betas.every((beta, step) => step === 0 || beta >= betas[step - 1])).toBe(true);
  });

  it('learns the noise from 60 %, the prior from 70 %', () => {
    expect([0.599, 0.6].map((f) => at(f).noiseFree)).toEqual([false, true]);
    expect([0.699, 0.7].map((f) => at(f).empiricalBayes)).toEqual([false, true]);
  });

  it('slows to a fifth at 80 % and to a fifteenth at 93 %', () => {
    expect([0, 0.799, 0.8, 0.929, 0.93, 0.999].map((f) => at(f).rate)).toEqual([1, 1, 1 / 5, 1 / 5, 1 / 15, 1 / 15]);
  });

  it('edges first: the gates of inputs and nodes stay until 60 %, all else is as always', () => {
    const edges = (step: number) => phaseAt(step, 1000, 'edges');
    expect([0, 249, 250, 599, 600, 999].map((step) => edges(step).gates)).toEqual(['open', 'open', ONLY_EDGES, ONLY_EDGES, FREE, FREE]);
    for (let step = 0; step < 1000; step++) {
      expect({ ...edges(step), gates: FREE }).toEqual({ ...phaseAt(step, 1000), gates: FREE });
    }
  });

  it('a sparse start: what is hidden moves slowly from the first step on, the rest from 25 %', () => {
    const sparse = (step: number) => phaseAt(step, 1000, 'sparse');
    expect([0, 249, 250, 999].map((step) => sparse(step).gates)).toEqual([0, 0, 0.2, 0.2].map((rate) =>
      ({ edges: 0.2, nodes: 0.2, direct: rate, inputs: rate })));
    for (let step = 0; step < 1000; step++) {
      expect({ ...sparse(step), gates: FREE }).toEqual({ ...phaseAt(step, 1000), gates: FREE });
    }
  });

  it('a half-open start: all gates stay where they begin until 25 %', () => {
    expect([0, 249, 250, 999].map((step) => phaseAt(step, 1000, 'half-open').gates)).toEqual([HELD, HELD, FREE, FREE]);
  });

  it('two stages: the direct edges wait until 50 %', () => {
    expect([0, 499, 500].map((step) => phaseAt(step, 1000, 'two-stage').gates)).toEqual([0, 0, 0.2].map((direct) =>
      ({ edges: 0.2, nodes: 0.2, inputs: 0.2, direct })));
  });

  it('steps of one key differ in the KL weight alone', () => {
    const byKey = new Map<string, object>();
    for (let step = 0; step < 1000; step++) {
      const { gates, noiseFree, rate } = phaseAt(step, 1000);
      const key = phaseKey(phaseAt(step, 1000));
      expect(byKey.get(key) ?? { gates, noiseFree, rate }).toEqual({ gates, noiseFree, rate });
      byKey.set(key, { gates, noiseFree, rate });
    }
    expect(byKey.size).toBe(5);
  });
});

describe('learning rates', () => {
  const settings = { learningRate: 0.01, gateLearningRate: 5 };

  it.each(GATES)('gates %s: what is held stands still, gates go five times as fast', (gates) => {
    const layout = layoutOf(smallShape(gates, 'regression', 'tanh', [2]));
    const factors = (fraction: number, course?: Course): Record<string, number> => {
      const rates = parameterRates(layout, settings, phaseAt(fraction * 1000, 1000, course));
      return Object.fromEntries([...layout.blocks].map(([name, { offset, length }]) => {
        const part = rates.subarray(offset, offset + length);
        expect(new Set(part).size).toBe(1);
        return [name, Math.round((part[0] / 0.01) * 1e5) / 1e5];
      }));
    };
    const expected = (gate: number, other: number, noise: number, group = gate): Partial<Record<BlockName, number>> => ({
      mu: other, rho: other, ...((gates === 'both' || gates === 'weight') && { alphaLogit: gate }),
      ...((gates === 'both' || gates === 'node') && { zLogit: group }), biasMu: other, biasRho: other, logNoise: noise,
    });
    expect(factors(0)).toEqual(expected(0, 1, 0));
    expect(factors(0.3)).toEqual(expected(5, 1, 0));
    expect(factors(0.7)).toEqual(expected(5, 1, 1));
    expect(factors(0.9)).toEqual(expected(1, 0.2, 0.2));
    expect(factors(0.3, 'edges')).toEqual(expected(5, 1, 0, 0));
    expect(factors(0.7, 'edges')).toEqual(expected(5, 1, 1));
  });
});

describe('the plan of a training run', () => {
  const auto = { batch: 'auto', epochs: 'auto' } as const;

  it('a small table is seen whole in each of 4,000 steps', () => {
    expect(planTraining(300, auto)).toEqual({ batch: 300, epochs: 4000, steps: 4000 });
    expect(planTraining(1024, auto)).toEqual({ batch: 1024, epochs: 4000, steps: 4000 });
  });

  it('a large one goes in minibatches, whole epochs, at least as many steps', () => {
    expect(planTraining(1025, auto)).toEqual({ batch: 256, epochs: 1000, steps: 4000 });
    const { batch, epochs, steps } = planTraining(100_000, auto);
    expect([batch, epochs, steps]).toEqual([256, 11, 11 * 390]);
  });

  it('takes what it is told, but no batch larger than the table', () => {
    expect(planTraining(100, { batch: 30, epochs: 7 })).toEqual({ batch: 30, epochs: 7, steps: 21 });
    expect(planTraining(100, { batch: 1000, epochs: 7 })).toEqual({ batch: 100, epochs: 7, steps: 7 });
  });

  it('leaves out a last batch that is not full', () => {
    expect([stepsPerEpoch(100, 30), stepsPerEpoch(90, 30), stepsPerEpoch(10, 10)]).toEqual([3, 3, 1]);
  });
});
