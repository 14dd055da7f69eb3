/** What differs from step to step: the KL's weight, Adam's correction, the noise, the rows of the minibatch. */
import * as tf from '@tensorflow/tfjs-core';
import { uniformsFor } from '../model/kernels.js';
import type { Tensors } from '../engine/scan.js';
import { drawUniforms } from '../engine/uniforms.js';
import type { Stream } from '../random.js';
import { biasCorrection } from './adam.js';
import { phaseAt, type Course } from './schedule.js';

export interface Steps {
  rows: number;
  batch: number;
  /** Steps of an epoch and of the whole fit. */
  perEpoch: number;
  steps: number;
  /** Standard normals that a step uses. */
  noise: number;
  course: Course;
  temperature: number;
}

/** Steps of one run are so few that their noise stays this small, and at most so many that Ctrl-C is heard soon. */
const NOISE = 2 ** 20;
const MAX_STEPS = 100;

export class Slices {
  private order?: { epoch: number; rows: Int32Array };

  /** The most steps that one run should have. */
  readonly longest: number;

  constructor(private readonly stream: Stream, private readonly plan: Steps) {
    this.longest = Math.max(1, Math.min(MAX_STEPS, Math.floor(NOISE / uniformsFor(plan.noise))));
  }

  /** Per-step inputs of `count` steps from `first` on, one row per step; the caller disposes them. */
  stacks(first: number, count: number): Tensors {
    const { rows, batch, steps, noise, course, temperature } = this.plan;
    const at = Array.from({ length: count }, (_, i) => first + i);
    const stacks: Tensors = {
      klScale: tf.tensor1d(at.map((step) => (phaseAt(step, steps, course).beta * temperature) / rows)),
      correction: tf.tensor1d(at.map((step) => biasCorrection(step + 1))),
      uniforms: drawUniforms(this.stream.split('noise', first), count, uniformsFor(noise)),
    };
    if (batch < rows) stacks.rows = tf.tensor2d(this.minibatches(at), [count, batch], 'int32');
    return stacks;
  }

  /** Row indices of the minibatches of some steps, one after the other; every epoch has its own order. */
  private minibatches(steps: number[]): Int32Array {
    const { rows, batch, perEpoch } = this.plan;
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
