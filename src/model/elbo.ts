/**
 * The evidence lower bound with hard gates: an unbiased Monte-Carlo estimate, on all rows given.
 *
 *     ELBO = sum_n E_q log p(y_n | x_n, w) - KL(q || p)
 *
 * Gates are drawn hard; given the gates, each row's pre-activations are drawn by local reparameterisation, which leaves
 * every row's expectation as it is and lowers the variance.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Stream } from '../random.js';
import type { Posterior } from '../types.js';
import { ACTIVATIONS } from './activation.js';
import { posteriorKl } from './divergence.js';
import { drawMask, livingUnits } from './hard.js';
import { layerForward } from './layer.js';
import { likelihood } from './likelihood.js';

export interface ElboEstimate {
  /** In nats, over all rows. */
  elbo: number;
  logLikelihood: number;
  kl: number;
  /** Monte-Carlo standard error of the log-likelihood. */
  standardError: number;
}

/** Hard-gate ELBO from `draws` draws on x [n, d], y [n, K]. */
export function hardGateElbo(posterior: Posterior, x: tf.Tensor2D, y: tf.Tensor2D, draws: number, stream: Stream): ElboEstimate {
  const values = Array.from({ length: draws }, (_, s) => hardLogLikelihood(posterior, x, y, stream.split('draw', s)));
  const logLikelihood = values.reduce((sum, v) => sum + v, 0) / draws;
  const spread = values.reduce((sum, v) => sum + (v - logLikelihood) ** 2, 0) / Math.max(1, draws - 1);
  const kl = posteriorKl(posterior);
  return { elbo: logLikelihood - kl, logLikelihood, kl, standardError: Math.sqrt(spread / draws) };
}

/** One draw, without the units that lead nowhere: they change nothing and would cost as much as the others. */
function hardLogLikelihood(posterior: Posterior, x: tf.Tensor2D, y: tf.Tensor2D, stream: Stream): number {
  const { layers, activation, task, noiseVariance } = posterior;
  const masks = layers.map((layer, l) => drawMask(layer, stream.split('mask', l)));
  const living = livingUnits(masks, layers.map(({ outputs }) => outputs));
  // A matrix has at least one column; any unit will do, since no edge leads on from it.
  const units = living.map((list) => (list.length > 0 ? list : Int32Array.of(0)));
  return tf.tidy(() => {
    let h = x;
    layers.forEach((layer, l) => {
      const shape: [number, number] = [h.shape[1], units[l].length];
      const sources = l === 0 ? allUnits(layer.inputs) : units[l - 1];
      const edges = (values: (w: number) => number): tf.Tensor2D =>
        tf.tensor2d(pickEdges(masks[l], layer.outputs, sources, units[l], values), shape);
      const perUnit = (values: (k: number) => number): tf.Tensor1D => tf.tensor1d(Float32Array.from(units[l], values));
      const rows = h.shape[0];
      const { a } = layerForward({
        h,
        mean: edges((w) => layer.mu[w]),
        variance: edges((w) => layer.sigma[w] ** 2),
        bias: perUnit((k) => layer.biasMu[k]),
        biasVariance: perUnit((k) => layer.biasSigma[k] ** 2),
        epsilon: tf.tensor2d(stream.split('epsilon', l).normals(rows * shape[1]), [rows, shape[1]]),
      });
      h = l + 1 < layers.length ? ACTIVATIONS[activation].value(a) : a;
    });
    const logNoise = tf.tensor1d([Math.log(noiseVariance)]);
    return likelihood(task, h, y, logNoise).logLikelihood.dataSync()[0];
  });
}

const allUnits = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i);

/** Values of the open edges from `sources` to `units`, 0 for the closed ones; sources x units. */
function pickEdges(
  mask: Float32Array, outputs: number, sources: Int32Array, units: Int32Array, value: (w: number) => number,
): Float32Array {
  const picked = new Float32Array(sources.length * units.length);
  let at = 0;
  for (const i of sources) {
    for (const k of units) {
      const w = i * outputs + k;
      if (mask[w] !== 0) picked[at] = value(w);
      at++;
    }
  }
  return picked;
}
