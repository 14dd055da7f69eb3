/**
 * Drawn networks as tensors, side by side and reduced to their living units: what gate flips and predictions compute with.
 *
 * Units lie before rows ([S, units, n]), so that picking units copies whole stretches of memory. Draws have different
 * numbers of living units; short lists are filled up with units without edges, which nobody reads.
 */
import * as tf from '@tensorflow/tfjs-core';
import { TENSOR_ACTIVATIONS } from '../../model/activation.js';
import type { DrawnLayer } from '../../model/draw-network.js';
import { graphOf, type Graph } from '../../model/graph.js';
import type { Posterior } from '../../types.js';

/** Draws of all layers. */
export interface Draws {
  networks: readonly DrawnLayer[][];
  /** Whether gate k of a tier (model/graph.ts) is on in draw s, if the weights do not say so. */
  isOn?(tier: number, k: number, s: number): boolean;
}

/** What a tier gives in all draws: its columns [columns, n], the same in all, or its living units [draws, width, n]. */
export type TierValues = (tier: number) => tf.Tensor;

export class DrawnNetworks {
  readonly count: number;
  readonly graph: Graph;
  /** Longest list of living units per layer, at least 1. */
  readonly widths: number[];
  /** By layer and tier: [S, width of the tier, width], under the gates as they were; none for tiers that are not read. */
  readonly weights: (tf.Tensor3D | undefined)[][];
  /** By layer: those of the input columns in all draws, [S * width, columns]. */
  private readonly columnWeights: (tf.Tensor2D | undefined)[];
  /** [S, width, 1]. */
  private readonly biases: tf.Tensor3D[];

  /** `living[draw][layer]` lists units as `livingUnits` does. The draws are not kept. */
  constructor(private readonly posterior: Posterior, draws: Draws, readonly living: readonly Int32Array[][]) {
    this.count = living.length;
    this.graph = graphOf(posterior);
    const { layers } = posterior;
    this.widths = layers.map((_, l) => Math.max(1, ...living.map((lists) => lists[l].length)));
    this.columnWeights = layers.map((_, l) => (this.graph.reads(l, 0) ? this.columnWeightsOf(l, draws) : undefined));
    this.weights = layers.map((_, l) => this.graph.tiers.map((__, tier) =>
      (tier > 0 && this.graph.reads(l, tier) ? this.weightsOf(l, tier, draws) : undefined)));
    this.biases = layers.map((_, l) => this.biasesOf(l, draws));
  }

  /**
   * Pre-activations [draws, width, n] of a layer, in some draws (in ascending order) or all; without the tiers that `counts`
   * leaves out.
   */
  affine(l: number, values: TierValues, chosen?: number[], counts: (tier: number) => boolean = () => true): tf.Tensor3D {
    return tf.add(this.products(l, values, counts, chosen)!, this.pick(this.biases[l], chosen));
  }

  /** What the tiers that count give to the pre-activations of a layer; undefined where it reads none of them. */
  products(l: number, values: TierValues, counts: (tier: number) => boolean, chosen?: number[]): tf.Tensor3D | undefined {
    const tiers = this.graph.feedsOf(l).map(({ tier }) => tier).filter(counts);
    const product = (tier: number): tf.Tensor3D => (tier === 0
      ? this.columnProduct(l, values(0) as tf.Tensor2D, chosen)
      : tf.matMul(this.pick(this.weights[l][tier]!, chosen), values(tier), true, false));
    const [first, ...others] = tiers.map(product);
    return others.reduce((sum, part) => tf.add<tf.Tensor3D>(sum, part), first);
  }

  activate<T extends tf.Tensor>(a: T): T {
    return TENSOR_ACTIVATIONS[this.posterior.activation].value(a as unknown as tf.Tensor2D) as unknown as T;
  }

  /** Network outputs f [S, K, n] of all draws; xt [columns, n]. */
  outputs(xt: tf.Tensor2D): tf.Tensor3D {
    const values: tf.Tensor[] = [xt];
    let f = this.affine(0, () => xt);
    for (let l = 1; l < this.graph.depth; l++) {
      values.push(this.activate(f));
      f = this.affine(l, (tier) => values[tier]);
    }
    return f;
  }

  /** The chosen draws of a stack [S, ...]. */
  pick(stack: tf.Tensor3D, chosen?: number[]): tf.Tensor3D {
    return !chosen || chosen.length === this.count ? stack : tf.gather(stack, tf.tensor1d(chosen, 'int32'));
  }

  dispose(): void {
    const all = [...this.columnWeights, ...this.weights.flat(), ...this.biases];
    tf.dispose(all.flatMap((tensor) => tensor ?? []));
  }

  /** All draws by one product. */
  private columnProduct(l: number, xt: tf.Tensor2D, chosen?: number[]): tf.Tensor3D {
    const [own, width] = [this.columnWeights[l]!, this.widths[l]];
    const apart = (): tf.Tensor3D => tf.reshape(own, [this.count, width, own.shape[1]]);
    const rows = chosen ? tf.reshape(this.pick(apart(), chosen), [-1, own.shape[1]]) : own;
    return tf.reshape(tf.matMul(rows as tf.Tensor2D, xt), [chosen?.length ?? this.count, width, xt.shape[1]]);
  }

  private columnWeightsOf(l: number, draws: Draws): tf.Tensor2D {
    const { outputs } = this.posterior.layers[l];
    const { group } = this.posterior.inputs;
    const [columns, width] = [group.length, this.widths[l]];
    const rowOf = this.graph.rowsOfTier(l, 0);
    const all = new Float32Array(this.count * width * columns);
    draws.networks.forEach((network, s) => {
      const { weight } = network[l];
      const open = Array.from(group, (gate, i) => rowOf[i] >= 0 && (draws.isOn?.(0, gate, s) ?? true));
      this.living[s][l].forEach((unit, u) => {
        const to = (s * width + u) * columns;
        for (let i = 0; i < columns; i++) if (open[i]) all[to + i] = weight[rowOf[i] * outputs + unit];
      });
    });
    return tf.tensor2d(all, [this.count * width, columns]);
  }

  private weightsOf(l: number, tier: number, draws: Draws): tf.Tensor3D {
    const { outputs } = this.posterior.layers[l];
    const [below, width] = [this.widths[tier - 1], this.widths[l]];
    const rowOf = this.graph.rowsOfTier(l, tier);
    const all = new Float32Array(this.count * below * width);
    draws.networks.forEach((network, s) => this.living[s][tier - 1].forEach((source, i) => {
      if (rowOf[source] < 0 || draws.isOn?.(tier, source, s) === false) return;
      const [from, to] = [rowOf[source] * outputs, (s * below + i) * width];
      this.living[s][l].forEach((unit, j) => { all[to + j] = network[l].weight[from + unit]; });
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
