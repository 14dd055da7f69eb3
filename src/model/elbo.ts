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
import { drawMask } from './hard.js';
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

function hardLogLikelihood(posterior: Posterior, x: tf.Tensor2D, y: tf.Tensor2D, stream: Stream): number {
  return tf.tidy(() => {
    let h = x;
    posterior.layers.forEach((layer, l) => {
      const mask = drawMask(layer, stream.split('mask', l));
      const shape: [number, number] = [layer.inputs, layer.outputs];
      const { a } = layerForward({
        h,
        mean: tf.tensor2d(mask.map((on, w) => on * layer.mu[w]), shape),
        variance: tf.tensor2d(mask.map((on, w) => on * layer.sigma[w] * layer.sigma[w]), shape),
        bias: tf.tensor1d(layer.biasMu),
        biasVariance: tf.tensor1d(layer.biasSigma.map((s) => s * s)),
        epsilon: tf.tensor2d(stream.split('epsilon', l).normals(h.shape[0] * layer.outputs), [h.shape[0], layer.outputs]),
      });
      h = l + 1 < posterior.layers.length ? ACTIVATIONS[posterior.activation].value(a) : a;
    });
    const logNoise = tf.tensor1d([Math.log(posterior.noiseVariance)]);
    return likelihood(posterior.task, h, y, logNoise).logLikelihood.dataSync()[0];
  });
}
