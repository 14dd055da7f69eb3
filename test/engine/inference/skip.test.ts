import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/backend.js';
import { assess } from '../../../src/inference/gates/assess.js';
import { flipGates, type Flip } from '../../../src/inference/gates/flip.js';
import { inclusion, weightPips } from '../../../src/inference/inclusion/inclusion.js';
import { predictMean } from '../../../src/inference/predictive/compressed.js';
import { drawOutputs } from '../../../src/inference/predictive/predict.js';
import { prune } from '../../../src/inference/prune/prune.js';
import { hardGateElbo } from '../../../src/model/elbo.js';
import { tierGates, withGates } from '../../../src/model/gates.js';
import { graphOf } from '../../../src/model/graph.js';
import type { NetworkShape } from '../../../src/model/shape.js';
import { gateCosts, posteriorKl } from '../../../src/model/kl.js';
import { Stream } from '../../../src/random.js';
import { fit } from '../../../src/train/fit.js';
import type { FitSettings } from '../../../src/train/types.js';
import type { Posterior, Task } from '../../../src/types.js';
import { encoderFor, maskedOutputs, randomRows, takeColumns } from '../../helpers/random-posterior.js';
import { SKIP_FEATURES, skipPosterior, skipRows, skipShape, tangledShape, tiedAlpha } from '../../helpers/skip-network.js';

beforeAll(() => startEngine());

const kinds = Object.entries({ 'outputs that read two inputs': skipShape, 'routes of every kind': tangledShape });

/** Which rows of each layer's matrix have their gates on: `open` by tier. */
function masksOf(posterior: Posterior, open: readonly ArrayLike<number>[]): Uint8Array[] {
  const graph = graphOf(posterior);
  const [inputs, ...units] = open;
  const on = [...Array.from(posterior.inputs.group, (gate) => inputs[gate]), ...units.flatMap((tier) => Array.from(tier))];
  return posterior.layers.map(({ alpha, outputs }, l) =>
    Uint8Array.from(alpha, (a, w) => (a > 0 && on[graph.sourcesOf(l)[Math.floor(w / outputs)]] ? 1 : 0)));
}

/** A posterior nearly certain of its weights, all of whose gates are open. */
const sharpened = (posterior: Posterior, scale = 1): Posterior => ({
  ...withGates(posterior, ({ z }) => z.map(() => 1)),
  layers: posterior.layers.map((layer) => ({
    ...layer, mu: layer.mu.map((m) => scale * m), sigma: layer.sigma.map(() => 1e-6), biasSigma: layer.biasSigma.map(() => 1e-6),
    alpha: layer.alpha.map(() => 1),
  })),
});

describe.each(kinds)('%s: draws', (_, shapeOf) => {
  it.each(['regression', 'multiclass'] as const)('a certain network of %s computes what its weights say', (task) => {
    const posterior = sharpened(skipPosterior(shapeOf({ task, gates: 'both' }), 2));
    const decided: Posterior = {
      ...withGates(posterior, ({ z }) => z.map((on, k) => (k === 1 ? 0 : on))),
      layers: posterior.layers.map((layer, l) =>
        ({ ...layer, alpha: tiedAlpha(layer.alpha.map((on, w) => (w % 5 === 3 ? 0 : on)), shapeOf({ task, gates: 'both' }), l) })),
    };
    const x = randomRows(4, 6, 5);
    const expected = maskedOutputs(decided, masksOf(decided, tierGates(decided).map(({ z }) => z)), x);
    const [{ values }] = drawOutputs(decided, 2, Stream.fromSeed(1), [x]);
    for (const s of [0, 1]) expected.forEach((value, at) => expect(values[s * expected.length + at]).toBeCloseTo(value, 4));
  });

  it('the ELBO of a certain network is its log-likelihood less the KL', () => {
    const posterior = sharpened(skipPosterior(shapeOf({ task: 'regression', gates: 'both' }), 3));
    const x = randomRows(5, 30, 5);
    const f = maskedOutputs(posterior, masksOf(posterior, tierGates(posterior).map(({ z }) => z)), x);
    const y = f.map((value, n) => value + (n % 3) - 1);
    const [rows, targets] = [tf.tensor2d(x.data, [30, 5]), tf.tensor2d(y, [30, 1])];
    const tensors = tf.memory().numTensors;
    const { elbo, kl } = hardGateElbo(posterior, rows, targets, 3, Stream.fromSeed(1));
    expect(tf.memory().numTensors).toBe(tensors);
    tf.dispose([rows, targets]);
    const { noiseVariance: v } = posterior;
    const expected = y.reduce((sum, value, n) => sum - 0.5 * ((value - f[n]) ** 2 / v + Math.log(2 * Math.PI * v)), 0);
    expect(Math.abs((elbo + kl) / expected - 1)).toBeLessThan(1e-3);
    expect(kl).toBe(posteriorKl(posterior));
  });

  it('the ELBO is finite whatever gates are closed', () => {
    const posterior = skipPosterior(shapeOf({ task: 'regression', gates: 'both' }), 4);
    const [rows, targets] = [tf.ones<tf.Rank.R2>([4, 5]), tf.zeros<tf.Rank.R2>([4, 1])];
    for (let closed = 0; closed < 4; closed++) {
      const own = withGates(posterior, ({ z }, tier) => (tier === closed || closed === 3 ? z.map(() => 0) : z));
      expect(Number.isFinite(hardGateElbo(own, rows, targets, 8, Stream.fromSeed(closed)).elbo)).toBe(true);
    }
    tf.dispose([rows, targets]);
  });
});

function logLikelihood(task: Task, f: number[], y: number[][], noiseVariance: number): number {
  const k = y[0].length;
  return y.reduce((sum, target, n) => {
    const row = f.slice(n * k, (n + 1) * k);
    if (task === 'regression') return sum - 0.5 * ((target[0] - row[0]) ** 2 / noiseVariance + Math.log(2 * Math.PI * noiseVariance));
    return sum + Math.log(Math.exp(row[target.indexOf(1)]) / row.reduce((total, v) => total + Math.exp(v), 0));
  }, 0);
}

describe.each(kinds)('%s: flips', (_, shapeOf) => {
  const ROWS = 300;
  const rows = randomRows(1, ROWS, 5);
  const x = Array.from({ length: ROWS }, (__, n) => [...rows.data.subarray(n * 5, n * 5 + 5)]);

  /** A nearly certain network, targets that it gives, and what flipping gate after gate should find. */
  function world(task: Task, seed: number) {
    const shape = shapeOf({ task, gates: 'node', activation: 'silu' });
    const sharp = { ...sharpened(skipPosterior(shape, seed), 4), noiseVariance: task === 'regression' ? 0.01 : 1 };
    // The last input does nothing.
    const { layer, row } = graphOf(sharp).readersOf(4)[0];
    sharp.layers[layer].mu.fill(0, row * 3, (row + 1) * 3);
    const outputs = (open: Uint8Array[]): number[] => maskedOutputs(sharp, masksOf(sharp, open), rows);
    const open = tierGates(sharp).map(({ z }) => new Uint8Array(z.length).fill(1));
    const best = outputs(open);
    const k = sharp.layers[2].outputs;
    const y = x.map((__, n) => {
      const f = best.slice(n * k, (n + 1) * k);
      return task === 'regression' ? f : f.map((v) => Number(v === Math.max(...f)));
    });
    const expected: Pick<Flip, 'layer' | 'gate' | 'logOdds'>[] = [];
    tierGates(sharp).forEach(({ z, prior }, tier) => {
      const costs = gateCosts(sharp, tier);
      for (let gate = 0; gate < z.length; gate++) {
        const at = (on: number): number => {
          open[tier][gate] = on;
          return logLikelihood(task, outputs(open), y, sharp.noiseVariance);
        };
        const logOdds = Math.log(prior / (1 - prior)) + at(1) - at(0) - costs[gate];
        expected.push({ layer: tier, gate, logOdds });
        open[tier][gate] = Number(logOdds > 0);
      }
    });
    return { sharp, y, expected, open };
  }

  it.each(['regression', 'multiclass'] as const)('a gate is weighed by all its routes together, %s', (task) => {
    // The comparison holds if no gate is left in doubt, and says something if some close and some stay.
    const clear = ({ expected }: ReturnType<typeof world>): boolean =>
      expected.every(({ logOdds }) => Math.abs(logOdds) > 15) && new Set(expected.map(({ logOdds }) => logOdds > 0)).size === 2;
    let own = world(task, 0);
    for (let seed = 1; !clear(own) && seed < 40; seed++) own = world(task, seed);
    expect(clear(own)).toBe(true);
    const { sharp, y, expected, open } = own;
    const [inputs, targets] = [tf.tensor2d(x), tf.tensor2d(y)];
    const tensors = tf.memory().numTensors;
    const { flips, posterior } = flipGates(sharp, inputs, targets, { sweeps: 1, draws: 2, scale: 1 }, Stream.fromSeed('flip'));
    expect(tf.memory().numTensors).toBe(tensors);
    tf.dispose([inputs, targets]);
    expect(flips.map(({ layer, gate }) => [layer, gate])).toEqual(expected.map(({ layer, gate }) => [layer, gate]));
    flips.forEach(({ logOdds }, at) => expect(Math.abs(logOdds / expected[at].logOdds - 1)).toBeLessThan(1e-3));
    tierGates(posterior).forEach(({ z }, tier) => z.forEach((on, gate) => expect(Math.round(on)).toBe(open[tier][gate])));
  });
});

/** PIPs by going through every combination of gates and edges that are not decided; paths are followed edge by edge. */
function enumerate(posterior: Posterior): { inputs: number[]; nonlinear: number[]; nodes: number[][] } {
  const graph = graphOf(posterior);
  const { inputs: { group }, layers } = posterior;
  // Direct edges of an input have one gate, which stands at the first of them.
  const last = layers.length - 1;
  const ownRow = (l: number, row: number): number => {
    if (l < last || row >= graph.directRows) return row;
    const inputsOfRows = [...graph.sourcesOf(l)].map((source) => group[source]);
    return inputsOfRows.indexOf(inputsOfRows[row]);
  };
  const isShared = (l: number, row: number): boolean => l === last && row < graph.directRows;
  const edges = layers.flatMap(({ alpha, outputs }, l) => [...alpha].map((p, w) => {
    const row = Math.floor(w / outputs);
    return isShared(l, row) && (ownRow(l, row) !== row || w % outputs > 0) ? 1 : p;
  }));
  const gates = [...tierGates(posterior).flatMap(({ z }) => [...z]), ...edges];
  const inDoubt = [...gates.keys()].filter((at) => gates[at] > 0 && gates[at] < 1);
  const inputs = Array<number>(posterior.inputs.z.length).fill(0);
  const nonlinear = [...inputs];
  const nodes = posterior.units.map(({ z }) => Array<number>(z.length).fill(0));
  const starts = layers.map((__, l) => posterior.inputs.z.length + posterior.units.reduce((sum, { z }) => sum + z.length, 0)
    + layers.slice(0, l).reduce((sum, { alpha }) => sum + alpha.length, 0));
  for (let mask = 0; mask < 2 ** inDoubt.length; mask++) {
    const on = gates.map((p) => p === 1);
    let weight = 1;
    inDoubt.forEach((at, bit) => {
      on[at] = Math.floor(mask / 2 ** bit) % 2 === 1;
      weight *= on[at] ? gates[at] : 1 - gates[at];
    });
    const isOn = (source: number): boolean => on[source < graph.columns ? group[source] : inputs.length + source - graph.columns];
    const edge = (l: number, row: number, j: number): boolean =>
      on[starts[l] + ownRow(l, row) * layers[l].outputs + (isShared(l, row) ? 0 : j)];
    const targets = (l: number): number[] => Array.from({ length: layers[l].outputs }, (__, j) => j);
    const reaches = (source: number): boolean => isOn(source) && graph.readersOf(source).some(({ layer, row }) =>
      targets(layer).some((j) => edge(layer, row, j) && (layer === layers.length - 1 || reaches(graph.starts[layer + 1] + j))));
    const reached = (source: number): boolean => isOn(source) && (source < graph.columns || (() => {
      const l = graph.tierOf(source) - 1;
      const j = source - graph.starts[l + 1];
      return [...graph.sourcesOf(l)].some((from, row) => edge(l, row, j) && reached(from));
    })());
    const bends = (column: number): boolean => isOn(column) && graph.readersOf(column).some(({ layer, row }) =>
      layer < layers.length - 1 && targets(layer).some((j) => edge(layer, row, j) && reaches(graph.starts[layer + 1] + j)));
    inputs.forEach((__, input) => {
      const columns = [...group.keys()].filter((column) => group[column] === input);
      if (columns.some(reaches)) inputs[input] += weight;
      if (columns.some(bends)) nonlinear[input] += weight;
    });
    nodes.forEach((tier, h) => tier.forEach((__, j) => {
      const source = graph.starts[h + 1] + j;
      if (reaches(source) && reached(source)) tier[j] += weight;
    }));
  }
  return { inputs, nonlinear, nodes };
}

/** A random network of which about 13 gates are left in doubt: the others are decided. */
function thinnedPosterior(shape: NetworkShape, seed: number): Posterior {
  const random = skipPosterior(shape, seed);
  let count = 0;
  const thinned = (p: number): number => (p === 0 || p === 1 || count++ % 2 === 0 ? p : Math.round(p));
  return {
    ...withGates(random, ({ z }) => z.map(thinned)),
    layers: random.layers.map((layer, l) => ({ ...layer, alpha: tiedAlpha(layer.alpha.map(thinned), shape, l) })),
  };
}

function compare(values: Float64Array, errors: Float64Array, truth: number[]): void {
  truth.forEach((p, k) => {
    expect(Math.abs(values[k] - p)).toBeLessThanOrEqual(5 * errors[k] + 1e-6);
    expect(errors[k]).toBeLessThan(0.01);
  });
}

describe.each(kinds)('%s: inclusion', (_, shapeOf) => {
  it.each([1, 2, 3])('against enumeration of all masks, network %i', (seed) => {
    const posterior = thinnedPosterior(shapeOf({ task: 'regression', gates: 'both' }), seed);
    const exact = enumerate(posterior);
    const found = inclusion(posterior, { samples: 4000, stream: Stream.fromSeed(seed) });
    compare(found.inputs, found.inputErrors, exact.inputs);
    // The outputs read no column of inputs 1 and 3.
    expect(found.nonlinear).toBeUndefined();
    exact.nodes.forEach((truth, h) => compare(found.nodes[h], found.nodeErrors[h], truth));
  });

  it('weights have their source\'s gate', () => {
    const posterior = skipPosterior(shapeOf({ task: 'regression', gates: 'both' }), 1);
    const { inputs: { z, group }, layers: [, , { alpha }] } = posterior;
    const column = graphOf(posterior).sourcesOf(2)[1];
    expect(weightPips(posterior)[2][1]).toBeCloseTo(z[group[column]] * alpha[1], 6);
  });
});

/** Every layer reads the layer before and all columns, of which the second input has two. */
const fullShape = (task: Task, hidden: number[]): NetworkShape => {
  const outputs = task === 'multiclass' ? 3 : 1;
  const starts = hidden.map((__, l) => 3 + hidden.slice(0, l).reduce((sum, width) => sum + width, 0));
  return {
    task, gates: 'both', activation: 'tanh', widths: [3, ...hidden, outputs], inputGroup: Int32Array.of(0, 1, 1), inputGates: 2,
    sources: [undefined, ...starts.map((start, l) =>
      Int32Array.of(0, 1, 2, ...Array.from({ length: hidden[l] }, (__, j) => start + j)))],
  };
};

const depths: [string, number[]][] = [['no hidden layer', []], ['one hidden layer', [2]], ['two hidden layers', [2, 2]]];

describe.each(depths)('zero, linear, nonlinear: %s', (_, hidden) => {
  it.each([1, 2, 3, 4])('against enumeration of all masks, network %i', (seed) => {
    const posterior = thinnedPosterior(fullShape(seed % 2 === 0 ? 'multiclass' : 'regression', hidden), seed);
    const exact = enumerate(posterior);
    const found = inclusion(posterior, { samples: 4000, stream: Stream.fromSeed(seed) });
    compare(found.inputs, found.inputErrors, exact.inputs);
    compare(found.nonlinear!, found.nonlinearErrors!, exact.nonlinear);
    const linear = found.inputs.map((pip, k) => pip - found.nonlinear![k]);
    compare(linear, found.nonlinearErrors!, exact.inputs.map((pip, k) => pip - exact.nonlinear[k]));
    if (hidden.length < 2) expect([...found.nonlinearErrors!, ...found.inputErrors].every((error) => error === 0)).toBe(true);
    if (hidden.length === 0) expect([...found.nonlinear!]).toEqual([0, 0]);
  });
});

describe('a trained network whose outputs also read two inputs', () => {
  const data = skipRows(200);
  const shape = skipShape({ task: 'regression', gates: 'both', activation: 'silu' });
  const settings: FitSettings = {
    shape, epochs: 1500, batch: 200, learningRate: 0.02, gateLearningRate: 5, prior: { inclusion: 'auto', slabScale: 'auto' },
  };

  it('finds its inputs, raises its ELBO, and is pruned to what predicts as it does', async () => {
    const { posterior, state: { history } } = await fit(data, settings, Stream.fromSeed('skip'));
    expect(history.every(({ elbo }) => Number.isFinite(elbo))).toBe(true);
    expect(history[history.length - 1].elbo).toBeGreaterThan(history[0].elbo + 50);
    const assessed = assess(posterior, data, { flips: 1, draws: 16, samples: 500 }, Stream.fromSeed('assess'));
    const pips = [...assessed.inclusion.inputs];
    expect(Math.min(pips[0], pips[1])).toBeGreaterThan(0.9);
    expect(Math.max(pips[2], pips[3])).toBeLessThan(0.5);
    const encoder = encoderFor('regression', SKIP_FEATURES);
    const { model, living } = prune(assessed.posterior, assessed.inclusion, encoder, { threshold: 0.5, level: 'all' });
    const { mean } = predictMean(model, takeColumns(data.x, living.sources[0])) as { mean: Float32Array };
    const { mean: shift, scale } = encoder.target as { mean: number; scale: number };
    const error = data.y.data.reduce((sum, y, n) => sum + (y - (mean[n] - shift) / scale) ** 2, 0) / 200;
    expect(error).toBeLessThan(0.15);
  });
});
