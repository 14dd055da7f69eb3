import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { startEngine } from '../../src/engine/backend.js';
import { uniformsFor } from '../../src/model/kernels.js';
import { CompiledScan, EagerScan, makeScan, type ScanSpec, type Tensors } from '../../src/engine/scan.js';
import { makePacking } from '../../src/model/packing/packing.js';
import type { PackingKind } from '../../src/model/packing/types.js';
import { layoutOf } from '../../src/model/shape.js';
import { Stream } from '../../src/random.js';
import { biasCorrection } from '../../src/train/adam.js';
import { rateParts, toParts } from '../../src/train/tensors.js';
import { firstMoment, rateOf, secondMoment, trainingScan } from '../../src/train/step.js';
import type { Gates, Task } from '../../src/types.js';
import { GATES, priorOf, randomBatch, randomTheta, smallShape, TASKS } from '../helpers/worlds.js';

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
  const spec = trainingScan(shape, packing, { minibatches: minibatches });
  // More rows than steps, so that a fused loop's stacks are filled up.
  const given: ScanSpec = { ...spec, fuse: kind === 'matrices' ? STEPS + 3 : undefined };
  const { x, y } = randomBatch(shape, ROWS, stream.split('data'));
  const carry: Tensors = {
    ...toParts(randomTheta(layout, stream.split('theta')), packing, (part) => part),
    ...toParts(new Float32Array(layout.size), packing, firstMoment),
    ...toParts(new Float32Array(layout.size), packing, secondMoment),
    logLikelihood: tf.scalar(0),
  };
  const fixed: Tensors = {
    x: tf.tensor2d(x), y: tf.tensor2d(y), gatesOpen: tf.scalar(0),
    ...rateParts(new Float32Array(layout.size).fill(0.01), packing, rateOf), ...packing.priorTensors(priorOf(shape)),
  };
  const width = uniformsFor(batch * layout.units);
  const stacks: Tensors = {
    klScale: tf.tensor1d(Array.from({ length: STEPS }, (_, i) => (0.1 + 0.04 * i) / ROWS)),
    correction: tf.tensor1d(Array.from({ length: STEPS }, (_, i) => biasCorrection(i + 1))),
    uniforms: tf.tensor2d(stream.split('noise').uniforms(STEPS * width), [STEPS, width]),
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
  /** Sums what it is given, and keeps the last. */
  const step = ({ total, add, row }: Tensors): Tensors => ({ total: tf.add(total, add), last: tf.add(row, 0) });
  const spec = (fuse?: number): ScanSpec => ({ step, carry: ['total', 'last'], fixed: [], slices: ['add', 'row'], fuse });
  const rows = (count: number): tf.Tensor2D => tf.tensor2d(Array.from({ length: count }, (_, i) => [i, 10 * i]));
  const start = (): Tensors => ({ total: tf.scalar(0), last: tf.zeros([2]) });
  const example = (): Tensors => ({ ...start(), add: tf.scalar(1), row: tf.zeros([2]) });

  describe.each([['operation by operation', undefined], ['fused', 10]])('%s', (_, fuse) => {
    it('takes every slice once, in order, as often and as long as asked', () => {
      const scan = new CompiledScan(spec(fuse), example());
      for (const count of [10, 1, 4]) {
        const { total, last } = scan.run(count, start(), {}, { add: tf.range(1, count + 1), row: rows(count) });
        expect(total.dataSync()[0]).toBe((count * (count + 1)) / 2);
        expect([...last.dataSync()]).toEqual([count - 1, 10 * (count - 1)]);
      }
      scan.dispose();
    });

    it('frees what it makes', () => {
      const [examples, carry, stacks] = [example(), start(), { add: tf.range(1, 4), row: rows(3) }];
      const before = tf.memory().numTensors;
      const scan = new CompiledScan(spec(fuse), examples);
      tf.dispose(scan.run(3, carry, {}, stacks));
      scan.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  });

  it('that TensorFlow cannot fuse runs operation by operation, and later failures are told', () => {
    const backend = tf.backend() as unknown as { runSavedModel: (...given: unknown[]) => tf.Tensor[] };
    const stacks = (): Tensors => ({ add: tf.range(1, 4), row: rows(3) });
    const scan = new CompiledScan(spec(10), example());
    const failing = vi.spyOn(backend, 'runSavedModel').mockImplementationOnce(() => { throw new Error('no XLA'); });
    try {
      expect(scan.run(3, start(), {}, stacks()).total.dataSync()[0]).toBe(6);
      expect(failing).toHaveBeenCalledTimes(2);
      failing.mockImplementationOnce(() => { throw new Error('out of memory'); });
      expect(() => scan.run(3, start(), {}, stacks())).toThrow('out of memory');
    } finally {
      failing.mockRestore();
      scan.dispose();
    }
  });
});

describe('off the native backend', () => {
  it('a scan runs eagerly and gives the same training to rounding', async () => {
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
    } finally {
      await tf.setBackend('tensorflow');
    }
  });
});
