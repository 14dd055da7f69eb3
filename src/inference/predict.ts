/**
 * Prediction by posterior draws: networks with hard gates and sampled weights, drawn once and run on any number of rows.
 */
import * as tf from '@tensorflow/tfjs-core';
import { ACTIVATIONS } from '../model/activation.js';
import { drawNetwork } from '../model/hard.js';
import type { Stream } from '../random.js';
import type { Matrix, Posterior } from '../types.js';
import type { OutputDraws } from './predictive.js';

/** Holds `draws` drawn networks as tensors until disposed. */
export class PosteriorPredictor {
  private readonly networks: { weight: tf.Tensor2D; bias: tf.Tensor1D }[][];

  constructor(private readonly posterior: Posterior, draws: number, stream: Stream) {
    this.networks = Array.from({ length: draws }, (_, s) =>
      drawNetwork(posterior, stream.split('draw', s)).map(({ weight, bias }, l) => {
        const { inputs, outputs } = posterior.layers[l];
        return { weight: tf.tensor2d(weight, [inputs, outputs]), bias: tf.tensor1d(bias) };
      }));
  }

  /** Network outputs of every draw on x [n, d_0]. */
  outputs(x: Matrix): OutputDraws {
    const { task, layers, noiseVariance, activation } = this.posterior;
    const outputs = layers[layers.length - 1].outputs;
    const values = new Float32Array(this.networks.length * x.rows * outputs);
    this.networks.forEach((network, s) => {
      const f = tf.tidy(() => {
        let h = tf.tensor2d(x.data, [x.rows, x.cols]);
        network.forEach(({ weight, bias }, l) => {
          const a = tf.add<tf.Tensor2D>(tf.matMul(h, weight), bias);
          h = l + 1 < network.length ? ACTIVATIONS[activation].value(a) : a;
        });
        return h.dataSync();
      });
      values.set(f, s * x.rows * outputs);
    });
    return { task, draws: this.networks.length, rows: x.rows, outputs, values, noiseVariance };
  }

  dispose(): void {
    for (const { weight, bias } of this.networks.flat()) tf.dispose([weight, bias]);
  }
}
