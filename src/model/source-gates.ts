/**
 * The gates of inputs and hidden units in a training step. A gate acts on every edge of its source, in whatever layer, so that
 * its gradient gathers what those edges cost.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Pack } from './packing/types.js';

export class StepGates {
  private readonly open: tf.Tensor1D[] = [];
  private readonly costs: (tf.Tensor | undefined)[] = [];
  private readonly sums: tf.Tensor1D[][] = [];

  /** `logits` by vector; `gatesOpen` (scalar 0 or 1) holds every gate open. */
  constructor(
    private readonly logits: tf.Tensor1D[], private readonly packs: readonly Pack[], private readonly gatesOpen: tf.Scalar,
  ) {}

  /** z of a vector of gates. */
  readonly z = (vector: number): tf.Tensor1D => {
    this.open[vector] ??= tf.maximum<tf.Tensor1D>(tf.sigmoid(this.logits[vector]), this.gatesOpen);
    return this.open[vector];
  };

  /** Takes down what every edge of a pack costs while its source's gate is on, over weights. */
  addCosts(pack: number, cost: tf.Tensor): void {
    this.costs[pack] = cost;
  }

  /** The vectors whose edges are all in the packs up to this one, and not all before. */
  completedBy(pack: number): number[] {
    const lastOf = (vector: number): number => Math.max(0, this.packs.findLastIndex(({ gates }) => gates.includes(vector)));
    return [...this.logits.keys()].filter((vector) => lastOf(vector) === pack);
  }

  /** Gradient of (loss + kl * KL) in a vector's logits, equation (20), once all its edges' costs are there. */
  gradient(vector: number, klScale: tf.Scalar, nodeLogit: tf.Tensor): tf.Tensor1D {
    const own = tf.mul<tf.Tensor1D>(klScale, tf.sub(this.logits[vector], nodeLogit));
    const z = this.z(vector);
    const all = this.edgeSums(vector).reduce((sum, part) => tf.add<tf.Tensor1D>(sum, part));
    return tf.mul(tf.add(all, own), tf.mul(z, tf.sub(1, z)));
  }

  /** Of each pack that has edges of these gates. */
  private edgeSums(vector: number): tf.Tensor1D[] {
    const sums = this.packs.flatMap(({ gates }, p) => (gates.includes(vector) ? [this.sumsOf(p)[gates.indexOf(vector)]] : []));
    return sums.length > 0 ? sums : [tf.zerosLike(this.logits[vector])];
  }

  private sumsOf(pack: number): tf.Tensor1D[] {
    this.sums[pack] ??= this.packs[pack].sumOverEdges(this.costs[pack]!);
    return this.sums[pack];
  }
}
