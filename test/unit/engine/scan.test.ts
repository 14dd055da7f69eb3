import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/backend.js';
import { CompiledScan, EagerScan, makeScan, type ScanSpec, type Tensors } from '../../../src/engine/scan.js';
import { makePacking, type PackingKind } from '../../../src/model/packing.js';
import { layoutOf } from '../../../src/model/shape.js';
import { Stream } from '../../../src/random.js';
import { biasCorrection } from '../../../src/train/adam.js';
import { rateParts, toParts } from '../../../src/train/parts.js';
import { firstMoment, rateOf, secondMoment, trainingScan } from '../../../src/train/step.js';
import type { Gates, Task } from '../../../src/types.js';
import { GATES, priorOf, randomBatch, randomTheta, smallShape, TASKS } from '../model/worlds.js';

beforeAll(() => startEngine());

const STEPS = 20;
const ROWS = 24;

/** The training step with its noise given, and everything it reads. */
function trainingWorld(gates: Gates, task: Task, batch: number, kind: PackingKind) {
  const shape = smallShape(gates, task, 'silu', [5, 4]);
  const layout = layoutOf(shape);
  const packing = makePacking(shape, kind);
  const stream = Stream.fromSeed(`${gates} ${task} ${batch}`);
  const minibatches = batch < ROWS;
  const spec = trainingScan(shape, packing, batch, minibatches);
  const given: ScanSpec = { ...spec, normals: {}, slices: [...spec.slices.filter((name) => name !== 'seed'), 'noise'], fuse: kind === 'matrices' };
  const { x, y } = randomBatch(shape, ROWS, stream.split('data'));
  const carry: Tensors = {
    ...toParts(randomTheta(layout, stream.split('theta')), packing, (part) => part),
    ...toParts(new Float32Array(layout.size), packing, firstMoment),
    ...toParts(new Float32Array(layout.size), packing, secondMoment),
    logLikelihood: tf.scalar(0),
  };
  const fixed: Tensors = {
    x: tf.tensor2d(x), y: tf.tensor2d(y), pinned: tf.scalar(0),
    ...rateParts(new Float32Array(layout.size).fill(0.01), packing, rateOf), ...packing.priorTensors(priorOf(shape)),
  };
  const stacks: Tensors = {
    klScale: tf.tensor1d(Array.from({ length: STEPS }, (_, i) => (0.1 + 0.04 * i) / ROWS)),
    correction: tf.tensor1d(Array.from({ length: STEPS }, (_, i) => biasCorrection(i + 1))),
    noise: tf.tensor2d(stream.split('noise').normals(STEPS * batch * layout.units), [STEPS, batch * layout.units]),
  };
  if (minibatches) {
    const rows = Array.from({ length: STEPS }, (_, i) => [...stream.split('rows', i).permutation(ROWS).subarray(0, batch)]);
    stacks.rows = tf.tensor2d(rows, [STEPS, batch], 'int32');
  }
  const example: Tensors = { ...carry, ...fixed };
  for (const name of given.slices) example[name] = tf.gather(stacks[name], tf.scalar(0, 'int32'));
  const dispose = (): void => { tf.dispose([example, stacks]); packing.dispose(); };
  return { spec: given, carry, fixed, stacks, example, dispose };
}

/** Largest difference of two vectors as a share of the largest entry. */
function relativeDifference(a: tf.Tensor, b: tf.Tensor): number {
  const [left, right] = [a.dataSync(), b.dataSync()];
  expect(left.length).toBe(right.length);
  const size = Math.max(...right.map(Math.abs), 1e-6);
  return Math.max(...Array.from(left, (value, k) => Math.abs(value - right[k]))) / size;
}

describe.each(GATES)('the training step, gates %s', (gates) => {
  describe.each(TASKS)('%s', (task) => {
    it.each([
      ['full batch', ROWS, 'flat'], ['minibatches', 7, 'flat'], ['minibatches, fused', 7, 'matrices'],
    ] as const)('compiled and eager agree, %s', (_, batch, kind) => {
      const { spec, carry, fixed, stacks, example, dispose } = trainingWorld(gates, task, batch, kind);
      const compiled = new CompiledScan(spec, example);
      const fast = compiled.run(STEPS, carry, fixed, stacks);
      const slow = new EagerScan(spec).run(STEPS, carry, fixed, stacks);
      expect(Object.keys(fast)).toEqual(spec.carry);
      for (const name of Object.keys(fast)) {
        expect(fast[name].shape).toEqual(carry[name].shape);
        expect(relativeDifference(fast[name], slow[name]), name).toBeLessThan(1e-4);
      }
      // Both moved: 20 steps of 0.01.
      expect(relativeDifference(fast[spec.carry[0]], carry[spec.carry[0]])).toBeGreaterThan(0.02);
      compiled.dispose();
      dispose();
      tf.dispose([fast, slow]);
    });
  });
});

describe('a compiled scan', () => {
  /** Sums what it is given, and draws. */
  const spec: ScanSpec = {
    step: ({ total, square, add, noise }) => ({
      total: tf.add(total, add), last: noise, square: tf.add(square, tf.square(noise)),
    }),
    carry: ['total', 'last', 'square'], fixed: [], slices: ['add', 'seed'], normals: { noise: 5000 },
  };
  const seeds = (count: number, from = 0): tf.Tensor2D => tf.tensor2d(Array.from({ length: count }, (_, i) => [7, from + i]), [count, 2], 'int32');
  const start = (): Tensors => ({ total: tf.scalar(0), last: tf.zeros([5000]), square: tf.zeros([5000]) });
  const example = (): Tensors => ({ ...start(), add: tf.scalar(1), seed: tf.tensor1d([0, 0], 'int32') });

  function run(count: number, from = 0) {
    const scan = new CompiledScan(spec, example());
    const { total, last, square } = scan.run(count, start(), {}, { add: tf.range(1, count + 1), seed: seeds(count, from) });
    scan.dispose();
    return { total: total.dataSync()[0], last: last.dataSync() as Float32Array, square: square.dataSync() as Float32Array };
  }

  it('takes every slice once, in order', () => {
    expect(run(10).total).toBe(55);
    expect(run(1).total).toBe(1);
    expect(run(3, 0).last).toEqual(run(1, 2).last);
  });

  it('draws standard normals', () => {
    const { last, square } = run(4);
    const n = last.length;
    const mean = last.reduce((sum, v) => sum + v, 0) / n;
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(n));
    const variance = square.reduce((sum, v) => sum + v, 0) / (4 * n);
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / (4 * n)));
    const fourth = last.reduce((sum, v) => sum + v ** 4, 0) / n;
    expect(Math.abs(fourth - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
  });

  it('draws by its seed alone: the same again, others from another', () => {
    expect(run(2).last).toEqual(run(2).last);
    expect(run(1, 0).last).not.toEqual(run(1, 1).last);
    const [a, b] = [run(1, 0).last, run(1, 1).last];
    const correlation = a.reduce((sum, v, k) => sum + v * b[k], 0) / a.length;
    expect(Math.abs(correlation)).toBeLessThan(5 / Math.sqrt(a.length));
  });

  it('runs as often and as long as asked without being made anew', () => {
    const scan = new CompiledScan(spec, example());
    const once = scan.run(7, start(), {}, { add: tf.range(1, 8), seed: seeds(7) });
    const first = scan.run(3, start(), {}, { add: tf.range(1, 4), seed: seeds(3) });
    const then = scan.run(4, first, {}, { add: tf.range(4, 8), seed: seeds(4, 3) });
    expect(then.square.dataSync()).toEqual(once.square.dataSync());
    expect(then.total.dataSync()[0]).toBe(28);
    scan.dispose();
  });

  it('frees what it makes', () => {
    const [examples, carry, stacks] = [example(), start(), { add: tf.range(1, 4), seed: seeds(3) }];
    const before = tf.memory().numTensors;
    const scan = new CompiledScan(spec, examples);
    tf.dispose(scan.run(3, carry, {}, stacks));
    scan.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('off the native backend', () => {
  it('a scan runs eagerly, draws by its seed, and gives the same training to rounding', async () => {
    const world = trainingWorld('both', 'regression', ROWS, 'flat');
    const compiled = makeScan(world.spec, world.example);
    expect(compiled.nodes).toBeGreaterThan(20);
    const fast = compiled.run(STEPS, world.carry, world.fixed, world.stacks);
    const expected = [...fast.theta.dataSync()];
    compiled.dispose();
    world.dispose();
    // Keeps the backend in plain JavaScript from advertising the native one.
    tf.env().set('IS_TEST', true);
    try {
      expect(await tf.setBackend('cpu')).toBe(true);
      const again = trainingWorld('both', 'regression', ROWS, 'flat');
      const eager = makeScan(again.spec, again.example);
      expect(eager).toBeInstanceOf(EagerScan);
      expect(eager.nodes).toBeUndefined();
      const slow = eager.run(STEPS, again.carry, again.fixed, again.stacks).theta.dataSync();
      expected.forEach((value, k) => expect(Math.abs(slow[k] - value)).toBeLessThan(3e-4));

      const drawing: ScanSpec = { step: ({ sum, noise }) => ({ sum: tf.add(sum, noise) }), carry: ['sum'], fixed: [], slices: ['seed'], normals: { noise: 4 } };
      const draw = (...seeds: number[]): number[] =>
        [...makeScan(drawing, {}).run(seeds.length, { sum: tf.zeros([4]) }, {}, { seed: tf.tensor2d(seeds.map((s) => [1, s]), [seeds.length, 2], 'int32') }).sum.dataSync()];
      expect(draw(3)).toEqual(draw(3));
      expect(draw(3)).not.toEqual(draw(4));
      draw(3, 4).forEach((value, k) => expect(value).toBeCloseTo(draw(3)[k] + draw(4)[k], 5));
    } finally {
      await tf.setBackend('tensorflow');
    }
  });
});
