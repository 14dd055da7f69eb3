/** What differs from step to step: the KL's weight, Adam's correction, the seed of the noise, the rows of the minibatch. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/scan.js';
import type { Stream } from '../random.js';
import { biasCorrection } from './adam.js';
import { phaseAt } from './schedule.js';

export interface Course {
  rows: number;
  batch: number;
  /** Steps of an epoch and of the whole fit. */
  perEpoch: number;
  steps: number;
}

export class Slices {
  private order?: { epoch: number; rows: Int32Array };

  constructor(private readonly stream: Stream, private readonly course: Course) {}

  /** Per-step inputs of `count` steps from `first` on, one row per step; the caller disposes them. */
  stacks(first: number, count: number): Tensors {
    const { rows, batch, steps } = this.course;
    const at = Array.from({ length: count }, (_, i) => first + i);
    const seeds = at.flatMap((step) => {
      const stream = this.stream.split('noise', step);
      return [stream.bits() | 0, stream.bits() | 0];
    });
    const stacks: Tensors = {
      klScale: tf.tensor1d(at.map((step) => phaseAt(step, steps).beta / rows)),
      correction: tf.tensor1d(at.map((step) => biasCorrection(step + 1))),
      seed: tf.tensor2d(seeds, [count, 2], 'int32'),
    };
    if (batch < rows) stacks.rows = tf.tensor2d(this.minibatches(at), [count, batch], 'int32');
    return stacks;
  }

  /** Row indices of the minibatches of some steps, one after the other; every epoch has its own order. */
  private minibatches(steps: number[]): Int32Array {
    const { rows, batch, perEpoch } = this.course;
    const chosen = new Int32Array(steps.length * batch);
    steps.forEach((step, i) => {
      const epoch = Math.floor(step / perEpoch);
      if (this.order?.epoch !== epoch) this.order = { epoch, rows: this.stream.split('order', epoch).permutation(rows) };
      const from = (step % perEpoch) * batch;
      chosen.set(this.order.rows.subarray(from, from + batch), i * batch);
    });
    return chosen;
  }
}
