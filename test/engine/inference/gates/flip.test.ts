import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../../src/engine/backend.js';
import { flipGates, type Flip, type FlipOptions } from '../../../../src/inference/gates/flip.js';
import { gateCosts } from '../../../../src/model/kl.js';
import { Stream } from '../../../../src/random.js';
import type { Posterior, Task } from '../../../../src/types.js';
import { maskedOutputs, randomPosterior, randomRows } from '../../../helpers/random-posterior.js';
import { exactPosterior, hadamard, logBayesFactor, NODE, observe, ROWS } from '../../../helpers/linear.js';
import { gatedLayers, posteriorOfLayers } from '../../../helpers/gated-layers.js';

beforeAll(() => startEngine());

const logit = (p: number): number => Math.log(p / (1 - p));
const OPTIONS: FlipOptions = { sweeps: 1, draws: 400, scale: 1 };

function flip(posterior: Posterior, x: number[][], y: number[][], options: Partial<FlipOptions> = {}, seed = 'flip') {
  const [inputs, targets] = [tf.tensor2d(x), tf.tensor2d(y)];
  const result = flipGates(posterior, inputs, targets, { ...OPTIONS, ...options }, Stream.fromSeed(seed));
  tf.dispose([inputs, targets]);
  return result;
}

const column = (y: number[]): number[][] => y.map((value) => [value]);

function withGates(posterior: Posterior, z: number[]): Posterior {
  return { ...posterior, inputs: { ...posterior.inputs, z: Float32Array.from(z) } };
}

describe('orthogonal linear regression', () => {
  const x = hadamard(4);
  const w = [1.2, 0.45, 0, 0];
  const y = observe(x, w, 'flip linear');
  const exact = exactPosterior(x, y, 'node');
  const odds = w.map((_, i) => logit(NODE) + logBayesFactor(x, i, y));

  it.each([['open', [0.95, 0.95, 0.95, 0.95]], ['in doubt', [0.5, 0.5, 0.5, 0.5]]])('gates that start %s end at the posterior odds', (_, start) => {
    const { posterior, flips } = flip(withGates(exact, start), x, column(y));
    expect(flips.map(({ gate, layer }) => [layer, gate])).toEqual([[0, 0], [0, 1], [0, 2], [0, 3]]);
    flips.forEach(({ gate, logOdds, standardError, before, after }) => {
      expect(standardError).toBeLessThan(0.5);
      expect(Math.abs(logOdds - odds[gate])).toBeLessThan(4 * standardError);
      expect(before).toBe(Math.fround(start[gate]));
      expect(after).toBe(posterior.inputs.z[gate]);
      expect(after).toBeCloseTo(1 / (1 + Math.exp(-logOdds)), 6);
    });
  });

  it('a prior of its own moves the log odds of an input by as much as it differs, and a kept one is not asked', () => {
    const start = withGates(exact, [0.95, 0.95, 0.95, 0.95]);
    // The last gate: no other is decided after it, so that all draws are the same.
    const [low, high] = [0.1, 0.9].map((prior) =>
      flip({ ...start, inputs: { ...start.inputs, own: [null, 1, null, prior] } }, x, column(y)).flips);
    expect(low.map(({ gate }) => gate)).toEqual([0, 2, 3]);
    expect(high[2].logOdds - low[2].logOdds).toBeCloseTo(Math.log(81), 5);
    expect(high[0].logOdds).toBe(low[0].logOdds);
  });

  it('close what is noise and keep what is strong', () => {
    const { posterior } = flip(withGates(exact, [0.9, 0.9, 0.9, 0.9]), x, column(y), { sweeps: 2, draws: 16 });
    const [strong, , noise, other] = posterior.inputs.z;
    expect(strong).toBeGreaterThan(0.99);
    expect(Math.max(noise, other)).toBeLessThan(0.5);
  });

  it('a second sweep draws anew', () => {
    const { flips } = flip(withGates(exact, [0.95, 0.95, 0.95, 0.95]), x, column(y), { sweeps: 2, draws: 16 });
    const doubtful = flips.filter(({ gate }) => gate === 1);
    expect(doubtful).toHaveLength(2);
    expect(doubtful[0].logOdds).not.toBe(doubtful[1].logOdds);
    expect(doubtful[1].before).toBe(doubtful[0].after);
  });

  it('the standard error is that of the log odds', () => {
    const repeats = Array.from({ length: 60 }, (_, r) =>
      flip(withGates(exact, [0.95, 0.95, 0.95, 0.95]), x, column(y), { draws: 16 }, `repeat ${r}`).flips[0]);
    const mean = repeats.reduce((sum, { logOdds }) => sum + logOdds, 0) / repeats.length;
    const variance = repeats.reduce((sum, { logOdds }) => sum + (logOdds - mean) ** 2, 0) / (repeats.length - 1);
    const said = repeats.reduce((sum, { standardError }) => sum + standardError ** 2, 0) / repeats.length;
    // The variance of 60 repeats is known to 18 %: five times that either way.
    expect(variance / said).toBeGreaterThan(0.3);
    expect(variance / said).toBeLessThan(2);
  });

  it('columns of one feature are weighed together', () => {
    const grouped: Posterior = {
      ...exact, inputs: { ...exact.inputs, group: Int32Array.of(0, 1, 1, 2), z: Float32Array.of(0.9, 0.9, 0.9) },
    };
    const { flips } = flip(grouped, x, column(y));
    expect(flips).toHaveLength(3);
    const truth = logit(NODE) + logBayesFactor(x, 1, y) + logBayesFactor(x, 2, y);
    expect(Math.abs(flips[1].logOdds - truth)).toBeLessThan(4 * flips[1].standardError);
    expect(flips[1].standardError).toBeLessThan(0.5);
  });

  it('half of the rows at scale 2 count as all of them', () => {
    const twice = flip(withGates(exact, [0.9, 0.9, 0.9, 0.9]), [...x, ...x], column([...y, ...y]), { draws: 16 });
    const half = flip(withGates(exact, [0.9, 0.9, 0.9, 0.9]), x, column(y), { draws: 16, scale: 2 });
    expect(x.length).toBe(ROWS);
    twice.flips.forEach(({ logOdds, standardError }, k) => {
      expect(half.flips[k].logOdds).toBeCloseTo(logOdds, 3);
      expect(half.flips[k].standardError).toBeCloseTo(standardError, 3);
    });
  });

  it('a gate that training closed is not asked', () => {
    const { posterior, flips } = flip(withGates(exact, [0.005, 0.9, 0.9, 0.9]), x, column(y));
    expect(flips.map(({ gate }) => gate)).toEqual([1, 2, 3]);
    expect(posterior.inputs.z[0]).toBe(Math.fround(0.005));
  });

  it('edge gates below 1 cost their divergence and act in the draws', () => {
    const both = exactPosterior(x, y, 'both');
    const { flips } = flip(withGates(both, [0.9, 0.9, 0.9, 0.9]), x, column(y));
    flips.forEach(({ gate, logOdds, standardError }) => {
      const truth = logit(both.inputs.z[gate]);
      expect(standardError).toBeLessThan(0.5);
      expect(Math.abs(logOdds - truth)).toBeLessThan(4 * standardError + 1e-4);
    });
  });
});

/** Natural logs of densities and probabilities as they stand in a textbook. */
function logLikelihood(task: Task, f: number[], y: number[][], noiseVariance: number): number {
  const k = y[0].length;
  return y.reduce((sum, target, n) => {
    const row = f.slice(n * k, (n + 1) * k);
    if (task === 'regression') return sum - 0.5 * ((target[0] - row[0]) ** 2 / noiseVariance + Math.log(2 * Math.PI * noiseVariance));
    if (task === 'binary') return sum - Math.log1p(Math.exp(target[0] === 1 ? -row[0] : row[0]));
    return sum + Math.log(Math.exp(row[target.indexOf(1)]) / row.reduce((total, v) => total + Math.exp(v), 0));
  }, 0);
}

// Seeds of networks none of whose gates is in doubt.
describe.each([['regression', 5], ['binary', 2], ['multiclass', 5]] as const)('a network that is nearly certain of its weights, %s', (task, seed) => {
  const ROWS_HERE = 400;
  const base = randomPosterior({ seed, task, activation: 'silu', gates: 'node', features: [1, 2, 1], hidden: [3, 2] });
  const sharp: Posterior = posteriorOfLayers({
    ...base, noiseVariance: task === 'regression' ? 0.01 : 1,
    layers: gatedLayers(base).map((layer) => ({
      ...layer, mu: layer.mu.map((m) => 3 * m), sigma: layer.sigma.map(() => 1e-6), biasSigma: layer.biasSigma.map(() => 1e-6),
      alpha: layer.alpha.map(() => 1), z: layer.z.map(() => 1),
    })),
  });
  // Input 3 does nothing.
  sharp.layers[0].mu.fill(0, 9);
  const rows = randomRows(1, ROWS_HERE, 4);
  const x = Array.from({ length: ROWS_HERE }, (_, n) => [...rows.data.subarray(n * 4, n * 4 + 4)]);

  const outputs = (open: Uint8Array[]): number[] => maskedOutputs(
    sharp,
    gatedLayers(sharp).map(({ group, outputs: k, mu }, l) => Uint8Array.from(mu, (_, w) => open[l][group[Math.floor(w / k)]])),
    rows,
  );
  const all = (): Uint8Array[] => gatedLayers(sharp).map(({ z }) => new Uint8Array(z.length).fill(1));
  const best = outputs(all());
  const k = sharp.layers[2].outputs;
  const y = x.map((_, n) => {
    const f = best.slice(n * k, (n + 1) * k);
    if (task === 'regression') return f;
    return task === 'binary' ? [Number(f[0] > 0)] : f.map((v) => Number(v === Math.max(...f)));
  });

  it('every gate in every layer is weighed by the likelihood of the whole network, one after the other', () => {
    const open = all();
    const expected: Pick<Flip, 'layer' | 'gate' | 'logOdds'>[] = [];
    gatedLayers(sharp).forEach((layer, l) => {
      const costs = gateCosts(sharp, l);
      for (let gate = 0; gate < layer.z.length; gate++) {
        const at = (on: number): number => {
          open[l][gate] = on;
          return logLikelihood(task, outputs(open), y, sharp.noiseVariance);
        };
        const logOdds = logit(layer.node) + at(1) - at(0) - costs[gate];
        expected.push({ layer: l, gate, logOdds });
        open[l][gate] = Number(logOdds > 0);
      }
    });
    // The comparison holds if no gate is left in doubt, and says something if some close and some stay.
    expect(Math.min(...expected.map(({ logOdds }) => Math.abs(logOdds)))).toBeGreaterThan(18);
    expect(new Set(expected.map(({ logOdds }) => logOdds > 0)).size).toBe(2);
    const { flips } = flip(sharp, x, y, { draws: 2 });
    expect(flips.map(({ layer, gate }) => [layer, gate])).toEqual(expected.map(({ layer, gate }) => [layer, gate]));
    flips.forEach(({ logOdds }, at) => expect(Math.abs(logOdds / expected[at].logOdds - 1)).toBeLessThan(1e-3));
  });
});

describe('what flips leave alone', () => {
  const rows = [[0.1, 0.2, 0.3]];
  const world = (gates: 'both' | 'weight' | 'none'): Posterior => randomPosterior({ seed: 1, task: 'regression', activation: 'tanh', gates, features: [1, 2], hidden: [2] });

  it.each(['weight', 'none'] as const)('gates %s: everything', (gates) => {
    const posterior = world(gates);
    const result = flip(posterior, rows, [[0]]);
    expect(result.flips).toEqual([]);
    expect(result.posterior).toEqual(posterior);
  });

  it('no sweeps: everything', () => {
    expect(flip(world('both'), rows, [[0]], { sweeps: 0 }).flips).toEqual([]);
  });

  it('the posterior it was given, and all but z in the new one', () => {
    const posterior = world('both');
    const before = structuredClone(posterior);
    const tensors = tf.memory().numTensors;
    const result = flip(posterior, rows, [[0]], { draws: 8, sweeps: 2 });
    expect(tf.memory().numTensors).toBe(tensors);
    expect(posterior).toEqual(before);
    expect(result.flips.length).toBeGreaterThan(0);
    gatedLayers(result.posterior).forEach((layer, l) => expect({ ...layer, z: 0 }).toEqual({ ...gatedLayers(before)[l], z: 0 }));
  });

  it('nothing to chance: the same stream gives the same flips', () => {
    expect(flip(world('both'), rows, [[0]], { draws: 8 })).toEqual(flip(world('both'), rows, [[0]], { draws: 8 }));
  });
});
