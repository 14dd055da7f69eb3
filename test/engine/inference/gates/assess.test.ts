import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../../src/engine/backend.js';
import { assess, type Assessment } from '../../../../src/inference/gates/assess.js';
import { diagnose } from '../../../../src/diagnose/index.js';
import { averagedInputs, bestRestart, inputInclusion } from '../../../../src/inference/inclusion/restarts.js';
import type { Restart } from '../../../../src/inference/rescue/rescue.js';
import { gateCosts, posteriorKl } from '../../../../src/model/kl.js';
import { hardGateElbo } from '../../../../src/model/elbo.js';
import { Stream } from '../../../../src/random.js';
import { healthyState } from '../../../helpers/run-state.js';
import { randomPosterior, randomRows } from '../../../helpers/random-posterior.js';

beforeAll(() => startEngine());

const OPTIONS = { flips: 1, draws: 4, samples: 200 };
const posterior = randomPosterior({ seed: 2, task: 'regression', activation: 'silu', gates: 'both', features: [1, 2], hidden: [3] });
const data = (rows: number) => ({ x: randomRows(1, rows, 3), y: randomRows(2, rows, 1) });

describe('assessing a restart', () => {
  it('measures the posterior after its flips', () => {
    const before = tf.memory().numTensors;
    const result = assess(posterior, data(20), OPTIONS, Stream.fromSeed(1));
    expect(tf.memory().numTensors).toBe(before);
    expect(result.flips.length).toBeGreaterThan(0);
    expect(result.posterior).not.toEqual(posterior);
    expect(result.elbo.kl).toBe(posteriorKl(result.posterior));
    result.inclusion.inputs.forEach((pip, g) =>
      expect(pip).toBeLessThanOrEqual(result.posterior.inputs.z[g] + 1e-6));
    expect(result.inclusion.samples).toBe(200);
  });

  it('is the same for the same stream', () => {
    const again = (): Assessment => assess(posterior, data(20), OPTIONS, Stream.fromSeed(1));
    expect(again()).toEqual(again());
  });

  it('flips on a scaled subsample of very many rows', () => {
    // Every row is the same, so the subsample of 5,000 counts twice what 5,000 rows count.
    const same = (rows: number) => ({
      x: { rows, cols: 3, data: Float32Array.from({ length: 3 * rows }, (_, k) => [0.3, -1, 0.5][k % 3]) },
      y: { rows, cols: 1, data: new Float32Array(rows).fill(0.2) },
    });
    // Only the first flip starts from the same posterior in both.
    const [all, part] = [10_000, 5000].map((rows) => assess(posterior, same(rows), OPTIONS, Stream.fromSeed(1)).flips[0]);
    const { prior: node } = posterior.inputs;
    const prior = Math.log(node / (1 - node)) - gateCosts(posterior, 0)[all.gate];
    expect((all.logOdds - prior) / (part.logOdds - prior)).toBeCloseTo(2, 3);
    expect(all.standardError / part.standardError).toBeCloseTo(2, 3);
  });

  it('has the ELBO of all rows', () => {
    const { x, y } = data(6000);
    const { elbo } = assess(posterior, { x, y }, { ...OPTIONS, flips: 0 }, Stream.fromSeed(1));
    const [inputs, targets] = [tf.tensor2d(x.data, [6000, 3]), tf.tensor2d(y.data, [6000, 1])];
    expect(elbo).toEqual(hardGateElbo(posterior, inputs, targets, OPTIONS.draws, Stream.fromSeed(1).split('elbo')));
    tf.dispose([inputs, targets]);
  });
});

describe('the choice between restarts', () => {
  const restart = (elbo: number, inputs: number[]): Restart => ({
    posterior, flips: [], visited: [{ elbo, inputs: Float64Array.from(inputs) }],
    elbo: { elbo, logLikelihood: elbo, kl: 0, standardError: 0.1 }, bound: elbo,
    inclusion: {
      weights: [], nodes: [], nodeErrors: [], inputs: Float64Array.from(inputs),
      inputErrors: Float64Array.from(inputs, (p) => p / 100), samples: 10,
    },
  });

  it('falls on the highest ELBO, the first on ties', () => {
    expect(bestRestart([restart(-30, []), restart(-10, []), restart(-20, [])])).toBe(1);
    expect(bestRestart([restart(-10, []), restart(-10, [])])).toBe(0);
  });

  it('reports the chosen PIPs with their spread over all, and their average over the networks', () => {
    const restarts = [restart(0, [0.9, 0.1]), restart(1, [0.8, 0.4]), restart(0, [0, 1])];
    // The first two use the same inputs: the better one stands for both, and weighs e times the third.
    const [own, other] = [Math.E / (Math.E + 1), 1 / (Math.E + 1)];
    const [a, b] = inputInclusion([{ name: 'a' }, { name: 'b' }], restarts, 1);
    expect(a).toMatchObject({ input: 'a', pipNetwork: 0.8, pipMin: 0, pipMax: 0.9, mcSe: 0.008 });
    expect(b).toMatchObject({ input: 'b', pipNetwork: 0.4, pipMin: 0.1, pipMax: 1, mcSe: 0.004 });
    expect(a.pip).toBeCloseTo(0.8 * own, 12);
    expect(b.pip).toBeCloseTo(0.4 * own + other, 12);
  });

  /** The same with the probability of each input to act through hidden units. */
  const split = (elbo: number, inputs: number[], nonlinear: number[]): Restart => {
    const from = restart(elbo, inputs);
    const told = { nonlinear: Float64Array.from(nonlinear), nonlinearErrors: Float64Array.from(nonlinear, (p) => p / 100) };
    return { ...from, inclusion: { ...from.inclusion, ...told }, visited: from.visited.map((state) => ({ ...state, ...told })) };
  };

  it('averages the verdicts, too; networks that use the same inputs in other ways all count', () => {
    const alike = [split(0, [1, 1], [1, 0]), split(-9, [1, 1], [0.9, 0])];
    const restarts = [...alike, split(0, [1, 1], [0, 0]), split(0, [0.1, 1], [0.1, 0.3])];
    const [a, b] = inputInclusion([{ name: 'a' }, { name: 'b' }], restarts, 0);
    // The first stands for the second, too.
    expect(a.pip).toBeCloseTo((1 + 1 + 0.1) / 3, 12);
    expect(a.nonlinear).toBeCloseTo((1 + 0 + 0.1) / 3, 12);
    expect(a.linear).toBeCloseTo(1 / 3, 12);
    expect(a.nonlinearSe).toBeCloseTo(Math.hypot(0.01, 0, 0.001) / 3, 12);
    expect(a).toMatchObject({ verdict: 'nonlinear', unstable: true });
    expect(b).toMatchObject({ pip: 1, nonlinear: 0.3 / 3, verdict: 'linear', unstable: false });
    expect(b.linear).toBeCloseTo(0.9, 12);
  });

  it('says nothing of linear and nonlinear when one network does not tell', () => {
    const [a] = inputInclusion([{ name: 'a' }], [split(0, [1], [0.4]), restart(0, [0.2])], 0);
    expect(Object.keys(a).sort()).toEqual(['input', 'mcSe', 'pip', 'pipMax', 'pipMin', 'pipNetwork', 'unstable']);
    expect(a.unstable).toBe(true);
  });

  it('counts no restart as disagreeing that has failed by more than ten nats, unless it is the only other one', () => {
    const spread = (bounds: number[]) =>
      inputInclusion([{ name: 'a' }], bounds.map((bound, r) => restart(bound, [r === 0 ? 1 : 0])), 1).map(({ pipMax }) => pipMax)[0];
    expect([spread([-71, -60, -61]), spread([-69, -60, -61]), spread([-100, -60])].map(Math.round)).toEqual([0, 1, 1]);
  });

  it('flags an input that a worse restart alone uses, and diagnosis tells', () => {
    const restarts = [restart(-69, [1, 1]), restart(-60, [0, 1]), restart(-61, [0, 1])];
    const inputs = inputInclusion([{ name: 'a' }, { name: 'b' }], restarts, 1);
    expect(inputs[0].pip).toBeLessThan(1e-3);
    expect(inputs.map(({ unstable }) => unstable)).toEqual([true, false]);
    const told = restarts.map(({ elbo }, r) => ({ gates: 'both' as const, elbo, chosen: r === 1 }));
    const state = healthyState();
    const [finding, ...others] = diagnose({ ...state, inputs, metrics: { ...state.metrics, restarts: told } });
    expect(others).toEqual([]);
    expect(finding.text).toBe("the fits disagree on a (PIP 0.00 to 1.00); the bounds of those that differ from the best, 'restart 2', " +
      'are more than 5 nats lower');
  });

  /** Without hidden units. */
  const linear = (fit: Restart): Restart => ({ ...fit, posterior: { ...fit.posterior, units: [] } });

  it('does not ask linear fits for an input that the best network uses through hidden units', () => {
    const found = [linear(split(-60, [0, 1], [0, 0])), split(-51, [1, 1], [1, 0]), split(-50, [1, 1], [1, 0])];
    const flags = (fits: Restart[], best = 2) => inputInclusion([{ name: 'a' }, { name: 'b' }], fits, best).map(({ unstable }) => unstable);
    expect(flags(found)).toEqual([false, false]);
    // A linear part they could hold.
    expect(flags(found.map((fit) => split(fit.bound, [...fit.inclusion.inputs], [0, 0])))).toEqual([true, false]);
    // The linear fit is the best, and a network near it does otherwise.
    const near = [linear(split(-50, [0, 1], [0, 0])), split(-55, [1, 1], [1, 0]), split(-70, [1, 0], [1, 0])];
    expect(flags(near, 0)).toEqual([true, false]);
    // The linear one is so near that it has a weight in the average.
    expect(flags([linear(split(-51.5, [0, 1], [0, 0])), ...found.slice(1)])).toEqual([true, false]);
  });

  it('counts all fits where no second one comes near the best, for nothing shows that it will be found again', () => {
    const others = [linear(split(-99, [1, 0], [0, 0])), split(-90, [0, 1], [0, 1]), split(-70, [1, 1], [0, 1])];
    const best = split(-50, [1, 1], [0, 1]);
    const flags = (fits: Restart[]) => inputInclusion([{ name: 'a' }, { name: 'b' }], [best, ...fits], 0).map(({ unstable }) => unstable);
    expect(flags(others)).toEqual([true, false]);
    expect(flags([...others, split(-55, [1, 1], [0, 1])])).toEqual([false, false]);
  });

  it('the average lies within the spread, and so do networks of weight that no fit ended in', () => {
    const [way, end] = [{ elbo: -50, inputs: Float64Array.of(1, 1) }, { elbo: -48, inputs: Float64Array.of(0, 1) }];
    const fits = [restart(-48, [0, 1]), restart(-49, [0, 1])].map((fit) => ({ ...fit, visited: [way, end] }));
    const [a, b] = inputInclusion([{ name: 'a' }, { name: 'b' }], fits, 0);
    expect(a).toMatchObject({ pipMin: 0, pipMax: 1, unstable: true });
    expect(a.pip).toBeCloseTo(1 / (1 + Math.E ** 2), 12);
    expect(b).toMatchObject({ pipMin: 1, pipMax: 1, unstable: false });
    // 1.3 % are no alternative, but the average is never outside.
    const [far] = inputInclusion([{ name: 'a' }, { name: 'b' }], fits.map((fit) => ({ ...fit, visited: [{ ...way, elbo: -52.4 }, end] })), 0);
    expect(far.unstable).toBe(false);
    expect(far.pipMax).toBe(far.pip);
    expect(far.pip).toBeGreaterThan(0.01);
  });

  it('a network that is much worse counts for nothing, however low all bounds are', () => {
    const far = [{ elbo: -9e5, inputs: Float64Array.of(1, 0) }, { elbo: -9.1e5, inputs: Float64Array.of(0, 1) }];
    expect(averagedInputs(far)).toEqual({ pips: Float64Array.of(1, 0), material: [far[0]] });
  });
});
