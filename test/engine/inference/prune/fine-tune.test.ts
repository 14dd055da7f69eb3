import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import { startEngine } from '../../../../src/engine/backend.js';
import { compressedOutputs } from '../../../../src/inference/predictive/compressed.js';
import { fineTune, type FineTuneOptions } from '../../../../src/inference/prune/fine-tune.js';
import { hardGateElbo } from '../../../../src/model/elbo.js';
import { Stream } from '../../../../src/random.js';
import type { FitData } from '../../../../src/train/types.js';
import type { CompressedModel, Matrix, Posterior, SourceGates, Task } from '../../../../src/types.js';
import { randomCompressed } from '../../../helpers/random-compressed.js';
import { randomRows } from '../../../helpers/random-posterior.js';

beforeAll(() => startEngine());

const options = (layers: number, rest: Partial<FineTuneOptions> = {}): FineTuneOptions =>
  ({ tau: Array<number>(layers).fill(1), batch: 'auto', learningRate: 0.01, steps: 600, ...rest });

const stream = (): Stream => Stream.fromSeed('tune');

/** Targets that the network itself gives, so that it can be tuned: numbers with noise, or classes drawn by its outputs. */
function dataFor(model: CompressedModel, rows: number): FitData {
  const x = randomRows(3, rows, model.layers[0].inputs);
  const f = compressedOutputs(model, x);
  const noise = Stream.fromSeed('data').normals(f.length);
  const width = f.length / rows;
  const data = new Float32Array(f.length);
  if (model.task === 'multiclass') {
    for (let n = 0; n < rows; n++) {
      const row = Array.from(f.subarray(n * width, (n + 1) * width), (value, c) => value + noise[n * width + c]);
      data[n * width + row.indexOf(Math.max(...row))] = 1;
    }
  } else f.forEach((value, at) => (data[at] = model.task === 'binary' ? Number(value + noise[at] > 0) : 0.5 * value + 0.3 * noise[at]));
  return { x, y: { rows, cols: width, data } };
}

/** The model as a posterior whose gates are decided, to compute its ELBO with. */
function decided({ task, activation, layers, noiseVariance }: CompressedModel): Posterior {
  const open = (count: number): SourceGates => ({ z: new Float32Array(count).fill(1), prior: 0.5 });
  return {
    task, activation, gates: 'weight', noiseVariance,
    inputs: { ...open(layers[0].inputs), group: Int32Array.from({ length: layers[0].inputs }, (_, i) => i) },
    units: layers.slice(1).map(({ inputs }) => open(inputs)),
    layers: layers.map(({ inputs, outputs, weight, weightSd, bias, biasSd }) => ({
      inputs, outputs, mu: weight, sigma: weightSd.map((sd) => sd || 1), alpha: weightSd.map((sd) => Number(sd > 0)),
      biasMu: bias, biasSigma: biasSd, prior: { edge: 0.5, tau: 1 },
    })),
  };
}

const tensor = ({ data, rows, cols }: Matrix): tf.Tensor2D => tf.tensor2d(data, [rows, cols]);

function elbo(model: CompressedModel, { x, y }: FitData): { elbo: number; standardError: number } {
  const [rows, targets] = [tensor(x), tensor(y)];
  const estimate = hardGateElbo(decided(model), rows, targets, 40, Stream.fromSeed('elbo'));
  tf.dispose([rows, targets]);
  return estimate;
}

describe.each<Task>(['regression', 'binary', 'multiclass'])('fine-tuning a network for %s', (task) => {
  const model = randomCompressed({ seed: 4, task, hidden: [4, 3] });
  const data = dataFor(model, 80);

  it('raises the ELBO, and leaves what was pruned at 0', async () => {
    const tuned = await fineTune(model, data, options(3), stream());
    const [before, after] = [elbo(model, data), elbo(tuned, data)];
    expect(after.elbo - before.elbo).toBeGreaterThan(20 * (before.standardError + after.standardError));
    let dead = 0;
    tuned.layers.forEach((layer, l) => layer.weight.forEach((weight, at) => {
      const pruned = model.layers[l].weightSd[at] === 0;
      dead += Number(pruned);
      expect([weight === 0, layer.weightSd[at] === 0]).toEqual([pruned, pruned]);
    }));
    expect(dead).toBeGreaterThan(5);
  });

  it('changes weights, biases, spreads and noise alone, and not the model that it was given', async () => {
    const copy = structuredClone(model);
    const tuned = await fineTune(model, data, options(3, { steps: 50 }), stream());
    expect(model).toEqual(copy);
    const bare = ({ layers, noiseVariance: _noise, fineTuned: _steps, ...rest }: CompressedModel): object =>
      ({ ...rest, layers: layers.map(({ inputs, outputs, units }) => ({ inputs, outputs, units })) });
    expect(bare(tuned)).toEqual(bare(model));
    expect(tuned.fineTuned).toBe(50);
    expect(tuned.layers[1].bias).not.toEqual(model.layers[1].bias);
    expect(tuned.layers[1].biasSd).not.toEqual(model.layers[1].biasSd);
    expect(tuned.noiseVariance !== model.noiseVariance).toBe(task === 'regression');
  });
});

describe('fine-tuning', () => {
  const model = randomCompressed({ seed: 5, task: 'regression', hidden: [3] });
  const data = dataFor(model, 40);
  const short = options(2, { steps: 60 });

  it('is the same for the same stream, and differs for another', async () => {
    const [one, again] = [await fineTune(model, data, short, stream()), await fineTune(model, data, short, stream())];
    expect(again).toEqual(one);
    expect(await fineTune(model, data, short, Stream.fromSeed('other'))).not.toEqual(one);
  });

  it('takes minibatches, and tells the steps that these make', async () => {
    const { fineTuned } = await fineTune(model, data, { ...short, batch: 12, steps: 10 }, stream());
    // Three batches of 12 are an epoch of 40 rows; four epochs are the fewest with 10 steps.
    expect(fineTuned).toBe(12);
  });

  it('gives back a model without inputs as it is', async () => {
    const constant: CompressedModel = {
      ...model, encoder: { ...model.encoder, features: [] }, inputPips: [],
      layers: [{ ...model.layers[1], inputs: 0, weight: new Float32Array(0), weightSd: new Float32Array(0) }],
    };
    const nothing = { rows: 40, cols: 0, data: new Float32Array(0) };
    expect(await fineTune(constant, { x: nothing, y: data.y }, short, stream())).toBe(constant);
  });

  it('gives back the model as it is when it is stopped', async () => {
    expect(await fineTune(model, data, { ...short, signal: AbortSignal.abort() }, stream())).toBe(model);
    const control = new AbortController();
    const stopped = fineTune(model, data, { ...short, steps: 5000, signal: control.signal }, stream());
    setImmediate(() => control.abort());
    expect(await stopped).toBe(model);
  });

  it('leaves no tensors behind', async () => {
    const before = tf.memory().numTensors;
    await fineTune(model, data, short, stream());
    expect(tf.memory().numTensors).toBe(before);
  });

  it('holds a folded bias without spread within reach', async () => {
    const certain = { ...model, layers: model.layers.map((layer) => ({ ...layer, biasSd: new Float32Array(layer.outputs) })) };
    const tuned = await fineTune(certain, data, options(2, { steps: 200 }), stream());
    for (const { bias, biasSd } of tuned.layers) expect([...bias, ...biasSd].every(Number.isFinite)).toBe(true);
  });
});

describe('fine-tuning a linear model', () => {
  const [rows, tau] = [200, 0.7];
  const shape = { seed: 6, task: 'regression' as const, features: [1, 1, 1, 1], hidden: [], zero: 0 };
  const linear = (): CompressedModel => {
    const model = randomCompressed(shape);
    const [layer] = model.layers;
    // The third weight is pruned; the data would want it.
    const keep = (values: Float32Array): Float32Array => values.map((value, at) => (at === 2 ? 0 : value));
    return { ...model, noiseVariance: 0.5, layers: [{ ...layer, weight: keep(layer.weight), weightSd: keep(layer.weightSd) }] };
  };
  const x = randomRows(7, rows, 4);
  const truth = [1, -0.5, 0.2, 0];
  const noise = Stream.fromSeed('linear').normals(rows);
  const y = Float32Array.from({ length: rows }, (_, n) =>
    0.3 + truth.reduce((sum, w, i) => sum + w * x.data[4 * n + i], 0) + 0.4 * noise[n]);

  /**
   * The mean-field optimum for y ~ Normal(X w, s2), w_i ~ Normal(0, tau_i^2), by its fixed point. Its means are the exact
   * posterior means, its variances 1 / diag(precision), s2 = E |y - X w|^2 / n.
   */
  function optimum(columns: number[][], scales: number[]): { mean: number[]; sd: number[]; s2: number } {
    let s2 = 0.5;
    let [mean, sd] = [scales, scales];
    const product = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
      Array.from(a).reduce((sum, v, n) => sum + v * b[n], 0);
    for (let round = 0; round < 200; round++) {
      const precision = columns.map((a, i) => columns.map((b, j) => product(a, b) / s2 + (i === j ? 1 / scales[i] ** 2 : 0)));
      mean = solve(precision, columns.map((a) => product(a, y) / s2));
      sd = precision.map((row, i) => 1 / Math.sqrt(row[i]));
      const left = Array.from(y, (value, n) => value - columns.reduce((sum, column, i) => sum + column[n] * mean[i], 0));
      s2 = (product(left, left) + columns.reduce((sum, column, i) => sum + sd[i] ** 2 * product(column, column), 0)) / rows;
    }
    return { mean, sd, s2 };
  }

  /** Gauss-Jordan elimination of a positive definite matrix. */
  function solve(matrix: number[][], right: number[]): number[] {
    const work = matrix.map((row, i) => [...row, right[i]]);
    work.forEach((pivot, i) => {
      const lead = pivot[i];
      pivot.forEach((value, j) => (pivot[j] = value / lead));
      work.forEach((row, k) => {
        const factor = row[i];
        if (k !== i) row.forEach((value, j) => (row[j] = value - factor * pivot[j]));
      });
    });
    return work.map((row) => row[row.length - 1]);
  }

  it('comes to the posterior of Bayesian linear regression', async () => {
    const data = { x, y: { rows, cols: 1, data: y } };
    const { layers: [layer], noiseVariance } = await fineTune(linear(), data, { tau: [tau], batch: 'auto', learningRate: 0.01 }, stream());
    const column = (i: number): number[] => Array.from({ length: rows }, (_, n) => (i < 0 ? 1 : x.data[4 * n + i]));
    // The biases' prior is Normal(0, 1).
    const expected = optimum([0, 1, 3, -1].map(column), [tau, tau, tau, 1]);
    const found = [layer.weight[0], layer.weight[1], layer.weight[3], layer.bias[0]];
    const spreads = [layer.weightSd[0], layer.weightSd[1], layer.weightSd[3], layer.biasSd[0]];
    found.forEach((value, i) => {
      expect(Math.abs(value - expected.mean[i])).toBeLessThan(0.25 * expected.sd[i]);
      expect(spreads[i] / expected.sd[i]).toBeCloseTo(1, 1);
    });
    expect(noiseVariance / expected.s2).toBeCloseTo(1, 1);
    expect([layer.weight[2], layer.weightSd[2]]).toEqual([0, 0]);
  });
});
