/**
 * Drawn networks as tensors, side by side and reduced to their living units: what gate flips and predictions compute with.
 *
 * Units lie before rows ([S, units, n]), so that picking units copies whole stretches of memory. Draws have different
 * numbers of living units; short lists are filled up with units without edges, which nobody reads.
 */
import * as tf from '@tensorflow/tfjs-core';
import { TENSOR_ACTIVATIONS } from '../../model/activation.js';
import type { DrawnLayer } from '../../model/draw-network.js';
import type { Posterior } from '../../types.js';

/** Draws of all layers. */
export interface Draws {
  networks: readonly DrawnLayer[][];
  /** Whether source gate k of layer l is on in draw s, if the weights do not say so. */
  isOn?(l: number, k: number, s: number): boolean;
}

export class DrawnNetworks {
  readonly count: number;
  readonly layers: number;
  /** Longest list of living units per layer, at least 1. */
  readonly widths: number[];
  /** [S, width below, width], under the gates as they were; nothing for layer 0. */
  readonly weights: (tf.Tensor3D | undefined)[];
  /** [S, width, 1]. */
  private readonly biases: tf.Tensor3D[];

  /** Weights of layer 0 in all draws, [S * width, columns]. */
  private readonly firstWeights: tf.Tensor2D;

  /** `living[draw][layer]` lists units as `livingUnits` does. The draws are not kept. */
  constructor(private readonly posterior: Posterior, draws: Draws, readonly living: readonly Int32Array[][]) {
    this.count = living.length;
    this.layers = posterior.layers.length;
    this.widths = posterior.layers.map((_, l) => Math.max(1, ...living.map((lists) => lists[l].length)));
    this.firstWeights = this.firstOf(draws);
    this.weights = posterior.layers.map((_, l) => (l === 0 ? undefined : this.weightsOf(l, draws)));
    this.biases = posterior.layers.map((_, l) => this.biasesOf(l, draws));
  }

  /** Pre-activations [S, width, n] of layer 0 in all draws by one product; xt [columns, n]. */
  first(xt: tf.Tensor2D): tf.Tensor3D {
    const product = tf.matMul(this.firstWeights, xt);
    return tf.add(tf.reshape(product, [this.count, this.widths[0], xt.shape[1]]), this.biases[0]);
  }

  /** Pre-activations of a layer above from its inputs [draws, width below, n], in some draws (in ascending order) or all. */
  affine(l: number, h: tf.Tensor3D, chosen?: number[]): tf.Tensor3D {
    return tf.add(tf.matMul(this.pick(this.weights[l]!, chosen), h, true, false), this.pick(this.biases[l], chosen));
  }

  activate<T extends tf.Tensor>(a: T): T {
    return TENSOR_ACTIVATIONS[this.posterior.activation].value(a as unknown as tf.Tensor2D) as unknown as T;
  }

  /** Network outputs f [draws, K, n] from the pre-activations [draws, width, n] of layer l. */
  outputs(l: number, a: tf.Tensor3D, chosen?: number[]): tf.Tensor3D {
    let f = a;
    for (let above = l + 1; above < this.layers; above++) f = this.affine(above, this.activate(f), chosen);
    return f;
  }

  /** The chosen draws of a stack [S, ...]. */
  pick(stack: tf.Tensor3D, chosen?: number[]): tf.Tensor3D {
    return !chosen || chosen.length === this.count ? stack : tf.gather(stack, tf.tensor1d(chosen, 'int32'));
  }

  dispose(): void {
    tf.dispose([this.firstWeights, ...this.weights.flatMap((weights) => weights ?? []), ...this.biases]);
  }

  private firstOf(draws: Draws): tf.Tensor2D {
    const { inputs, outputs, group } = this.posterior.layers[0];
    const [width] = this.widths;
    const rows = new Float32Array(this.count * width * inputs);
    draws.networks.forEach(([{ weight }], s) => {
      const open = Array.from(group, (gate) => draws.isOn?.(0, gate, s) ?? true);
      this.living[s][0].forEach((unit, u) => {
        const to = (s * width + u) * inputs;
        for (let i = 0; i < inputs; i++) if (open[i]) rows[to + i] = weight[i * outputs + unit];
      });
    });
    return tf.tensor2d(rows, [this.count * width, inputs]);
  }

  private weightsOf(l: number, draws: Draws): tf.Tensor3D {
    const { outputs } = this.posterior.layers[l];
    const [below, width] = [this.widths[l - 1], this.widths[l]];
    const all = new Float32Array(this.count * below * width);
    draws.networks.forEach((network, s) => this.living[s][l - 1].forEach((source, i) => {
      if (draws.isOn?.(l, source, s) === false) return;
      const to = (s * below + i) * width;
      this.living[s][l].forEach((unit, j) => { all[to + j] = network[l].weight[source * outputs + unit]; });
    }));
    return tf.tensor3d(all, [this.count, below, width]);
  }

  private biasesOf(l: number, { networks }: Draws): tf.Tensor3D {
    const width = this.widths[l];
    const all = new Float32Array(this.count * width);
    networks.forEach((network, s) => this.living[s][l].forEach((unit, j) => { all[s * width + j] = network[l].bias[unit]; }));
    return tf.tensor3d(all, [this.count, width, 1]);
  }
}
