/**
 * The drawn networks of a sweep, reduced to their living units, as tensors: what gate flips compute with.
 *
 * Units lie before rows ([S, units, n]), so that picking units copies whole stretches of memory. Draws have different
 * numbers of living units; short lists are filled up with units without edges, which nobody reads.
 */
import * as tf from '@tensorflow/tfjs-core';
import { ACTIVATIONS } from '../model/activation.js';
import { likelihoodPerDraw } from '../model/likelihood.js';
import type { Posterior } from '../types.js';
import { padded } from './flip-candidate.js';
import type { HardDraws } from './flip-draws.js';

export class LivingNetwork {
  readonly count: number;
  readonly layers: number;
  /** Longest list of living units per layer, at least 1. */
  readonly widths: number[];
  /** [S, width below, width], under the gates as they were at the start; nothing for layer 0. */
  readonly weights: (tf.Tensor3D | undefined)[];
  /** [S, width, 1]. */
  private readonly biases: tf.Tensor3D[];

  /** `living[layer][draw]` as {@link HardDraws.livingUnits} gives it. */
  constructor(private readonly posterior: Posterior, private readonly draws: HardDraws, readonly living: Int32Array[][]) {
    this.count = draws.count;
    this.layers = living.length;
    this.widths = living.map((lists) => Math.max(1, ...lists.map(({ length }) => length)));
    this.weights = living.map((_, l) => (l === 0 ? undefined : this.weightsOf(l)));
    this.biases = living.map((_, l) => this.biasesOf(l));
  }

  /** Pre-activations [S, width, n] of layer 0 in all draws by one product; xt [columns, n]. */
  first(xt: tf.Tensor2D): tf.Tensor3D {
    const { inputs, outputs, group } = this.posterior.layers[0];
    const [width] = this.widths;
    const rows = new Float32Array(this.count * width * inputs);
    this.draws.networks.forEach(([{ weight }], s) => this.living[0][s].forEach((unit, u) => {
      const to = (s * width + u) * inputs;
      for (let i = 0; i < inputs; i++) rows[to + i] = this.draws.isOn(0, group[i], s) ? weight[i * outputs + unit] : 0;
    }));
    const product = tf.matMul(tf.tensor2d(rows, [this.count * width, inputs]), xt);
    return tf.add(tf.reshape(product, [this.count, width, xt.shape[1]]), this.biases[0]);
  }

  /** Pre-activations of a layer above from its inputs [draws, width below, n], in some draws (in ascending order) or all. */
  affine(l: number, h: tf.Tensor3D, chosen?: number[]): tf.Tensor3D {
    return tf.add(tf.matMul(this.pick(this.weights[l]!, chosen), h, true, false), this.pick(this.biases[l], chosen));
  }

  activate<T extends tf.Tensor>(a: T): T {
    return ACTIVATIONS[this.posterior.activation].value(a as unknown as tf.Tensor2D) as unknown as T;
  }

  /** log p(D | draw) from the pre-activations [draws, width, n] of layer l; y [n, K]. */
  logLikelihoods(l: number, a: tf.Tensor3D, y: tf.Tensor2D, chosen?: number[]): tf.Tensor1D {
    let f = a;
    for (let above = l + 1; above < this.layers; above++) f = this.affine(above, this.activate(f), chosen);
    const [count, outputs, n] = f.shape;
    const byRow = outputs === 1 ? tf.reshape<tf.Rank.R3>(f, [count, n, 1]) : tf.transpose(f, [0, 2, 1]);
    return likelihoodPerDraw(this.posterior.task, byRow, y, this.posterior.noiseVariance);
  }

  /** The chosen draws of a stack [S, ...]. */
  pick(stack: tf.Tensor3D, chosen?: number[]): tf.Tensor3D {
    return !chosen || chosen.length === this.count ? stack : tf.gather(stack, tf.tensor1d(chosen, 'int32'));
  }

  dispose(): void {
    tf.dispose([...this.weights.flatMap((weights) => weights ?? []), ...this.biases]);
  }

  private weightsOf(l: number): tf.Tensor3D {
    const { outputs } = this.posterior.layers[l];
    const [below, width] = [this.widths[l - 1], this.widths[l]];
    const all = new Float32Array(this.count * below * width);
    this.draws.networks.forEach((network, s) => this.living[l - 1][s].forEach((source, i) => {
      if (!this.draws.isOn(l, source, s)) return;
      const to = (s * below + i) * width;
      this.living[l][s].forEach((unit, j) => { all[to + j] = network[l].weight[source * outputs + unit]; });
    }));
    return tf.tensor3d(all, [this.count, below, width]);
  }

  private biasesOf(l: number): tf.Tensor3D {
    const biases = this.draws.networks.map((network, s) => Array.from(this.living[l][s], (unit) => network[l].bias[unit]));
    return tf.tensor3d(padded(biases, this.widths[l]), [this.count, this.widths[l], 1]);
  }
}
