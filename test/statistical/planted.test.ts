import { describe, expect, it } from 'vitest';
import { PosteriorPredictor } from '../../src/inference/predictive/predict.js';
import { classProbabilities } from '../../src/inference/predictive/predictive.js';
import { regressionMoments } from '../../src/likelihood/gaussian-draws.js';
import { Stream } from '../../src/random.js';
import { plant, train, type Fitted, type Planted } from './planted.js';

const HIDDEN = [32, 16];

function testOutputs({ best }: Fitted, { test }: Planted) {
  const predictor = new PosteriorPredictor(best.posterior, 64, Stream.fromSeed('test'));
  const outputs = predictor.outputs(test.x);
  predictor.dispose();
  return outputs;
}

const friedman = (x: Float32Array): number =>
  10 * Math.sin(Math.PI * x[0] * x[1]) + 20 * (x[2] - 0.5) ** 2 + 10 * x[3] + 5 * x[4];

describe('planted inputs', () => {
  it('Friedman-1, 20 inputs, 300 rows: all five, no other', async () => {
    const stream = Stream.fromSeed(2).split('data');
    const world = plant('regression', 300, 500, () => {
      const x = stream.uniforms(20);
      return { x: Array.from(x), y: friedman(x) + stream.normals(1)[0] };
    });
    const fitted = await train(world, { hidden: HIDDEN, restarts: 2, seed: 2 });
    expect(fitted.kept).toEqual([1, 2, 3, 4, 5]);
    const { mean } = regressionMoments(testOutputs(fitted, world));
    // The inputs explain all but 4 % of the variance; a linear fit leaves about 25 %.
    const mse = mean.reduce((sum, value, n) => sum + (value - world.test.y.data[n]) ** 2, 0) / mean.length;
    expect(mse).toBeLessThan(0.12);
  });

  it('a Gaussian spike, Friedman-1, 20 inputs, 300 rows: all five, no other, and the others far below', async () => {
    const stream = Stream.fromSeed(4).split('data');
    const world = plant('regression', 300, 0, () => {
      const x = stream.uniforms(20);
      const y = 10 * Math.sin(Math.PI * x[0] * x[1]) + 20 * (x[2] - 0.5) ** 2 + 10 * x[3] + 5 * x[4] + stream.normals(1)[0];
      return { x: Array.from(x), y };
    });
    const { kept, best } = await train(world, { hidden: HIDDEN, restarts: 1, seed: 4, spike: 'gaussian' });
    expect(kept).toEqual([1, 2, 3, 4, 5]);
    expect(Math.max(...best.inclusion.inputs.subarray(5))).toBeLessThan(0.25);
  });

  it('Friedman-1, 100 inputs, 300 rows: all five, no other, by a single restart', async () => {
    const stream = Stream.fromSeed(5).split('data');
    const world = plant('regression', 300, 0, () => {
      const x = stream.uniforms(100);
      return { x: Array.from(x), y: friedman(x) + stream.normals(1)[0] };
    });
    const { kept } = await train(world, { hidden: HIDDEN, restarts: 1, seed: 5 });
    expect(kept).toEqual([1, 2, 3, 4, 5]);
  });

  it('XOR of two inputs among ten, 800 rows: exactly the two', async () => {
    const stream = Stream.fromSeed(1).split('data');
    const world = plant('binary', 800, 1000, () => {
      const x = Array.from(stream.normals(10));
      return { x, y: Number((x[0] > 0) !== (x[1] > 0)) };
    });
    const fitted = await train(world, { hidden: HIDDEN, restarts: 2, seed: 1 });
    expect(fitted.kept).toEqual([1, 2]);
    const { data } = classProbabilities(testOutputs(fitted, world));
    const hits = world.test.y.data.filter((label, n) => Number(data[2 * n + 1] > 0.5) === label).length;
    expect(hits / world.test.y.data.length).toBeGreaterThan(0.95);
  });

  it('pure noise, 20 inputs, 400 rows: none, in any restart', async () => {
    const stream = Stream.fromSeed(3).split('data');
    const world = plant('regression', 400, 0, () => ({ x: Array.from(stream.normals(20)), y: stream.normals(1)[0] }));
    const { assessed, kept } = await train(world, { hidden: HIDDEN, restarts: 2, seed: 3 });
    expect(kept).toEqual([]);
    for (const { inclusion } of assessed) expect(Math.max(...inclusion.inputs)).toBeLessThan(0.5);
  });

  it('an input and its twin (correlation .96), 480 rows: the input, not the twin', async () => {
    const stream = Stream.fromSeed(3).split('data');
    const world = plant('regression', 480, 0, () => {
      const x = Array.from(stream.normals(10));
      x[1] = x[0] + 0.29 * x[1];
      return { x, y: 2 * x[0] + 1.5 * x[3] + stream.normals(1)[0] };
    });
    const { kept } = await train(world, { hidden: HIDDEN, restarts: 2, seed: 3 });
    expect(kept).toEqual([1, 4]);
  });
});
