/**
 * Prediction by posterior draws: networks with hard gates and sampled weights, drawn once and run on any number of rows.
 */
import * as tf from '@tensorflow/tfjs-core';
import { drawNetwork, livingUnits } from '../model/hard.js';
import type { Stream } from '../random.js';
import type { Matrix, Posterior } from '../types.js';
import { DrawnNetworks } from './drawn-networks.js';
import type { OutputDraws } from './predictive.js';

/** Weights that are drawn before they are reduced and become tensors; 16 MB. */
const WEIGHTS_AT_ONCE = 1 << 22;
/** Numbers in the widest tensor of a forward pass, which bounds the rows that go through at a time; 16 MB. */
const LARGEST_TENSOR = 1 << 22;

/** Holds `draws` drawn networks as tensors until disposed. */
export class PosteriorPredictor {
  /** Some draws each: what is not alive in them takes no room. */
  private readonly groups: DrawnNetworks[] = [];

  constructor(private readonly posterior: Posterior, private readonly draws: number, stream: Stream) {
    const { layers } = posterior;
    const weights = layers.reduce((sum, { mu }) => sum + mu.length, 0);
    const outputs = layers.map((layer) => layer.outputs);
    const each = Math.max(1, Math.floor(WEIGHTS_AT_ONCE / weights));
    for (let from = 0; from < draws; from += each) {
      const count = Math.min(each, draws - from);
      const networks = Array.from({ length: count }, (_, s) => drawNetwork(posterior, stream.split('draw', from + s)));
      const living = networks.map((network) => livingUnits(network.map(({ weight }) => weight), outputs));
      this.groups.push(new DrawnNetworks(posterior, { networks }, living));
    }
  }

  /** Network outputs of every draw on x [n, d_0]. */
  outputs(x: Matrix): OutputDraws {
    const { task, layers, noiseVariance } = this.posterior;
    const { draws } = this;
    const outputs = layers[layers.length - 1].outputs;
    const values = new Float32Array(draws * x.rows * outputs);
    const widest = Math.max(...this.groups.map(({ count, widths }) => count * Math.max(...widths)), x.cols);
    const rows = Math.max(1, Math.floor(LARGEST_TENSOR / widest));
    for (let from = 0; from < x.rows; from += rows) {
      const to = Math.min(x.rows, from + rows);
      const xt = tf.tidy(() => tf.transpose(tf.tensor2d(x.data.subarray(from * x.cols, to * x.cols), [to - from, x.cols])));
      let first = 0;
      for (const group of this.groups) {
        const f = tf.tidy(() => tf.transpose(group.outputs(0, group.first(xt)), [0, 2, 1]).dataSync() as Float32Array);
        for (let s = 0; s < group.count; s++) {
          const part = f.subarray(s * (to - from) * outputs, (s + 1) * (to - from) * outputs);
          values.set(part, ((first + s) * x.rows + from) * outputs);
        }
        first += group.count;
      }
      xt.dispose();
    }
    return { task, draws, rows: x.rows, outputs, values, noiseVariance };
  }

  dispose(): void {
    for (const group of this.groups) group.dispose();
  }
}
