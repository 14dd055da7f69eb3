/**
 * The network with its gates drawn hard: s ~ Bern(z), gamma ~ Bern(alpha), each gate shared by all its edges and rows
 * (docs/method.md: every reported ELBO, restart choice and prediction draws the gates hard).
 */
import type { Stream } from '../random.js';
import type { LayerPosterior, Posterior } from '../types.js';

/** One draw of a layer: weight [d x k] and bias [k]. */
export interface DrawnLayer {
  weight: Float32Array;
  bias: Float32Array;
}

/** Fills a 0/1 mask [d x k] of living edges of one layer. */
export function drawMask(layer: LayerPosterior, stream: Stream): Float32Array {
  const on = Array.from(layer.z, (z) => stream.uniform() < z);
  const mask = new Float32Array(layer.mu.length);
  for (let i = 0; i < layer.inputs; i++) {
    const open = on[layer.group[i]];
    for (let w = i * layer.outputs; w < (i + 1) * layer.outputs; w++) {
      if (layer.alpha[w] === 1) mask[w] = open ? 1 : 0;
      // The draw is made even for a closed node, so that streams stay aligned between neighbouring posteriors.
      else mask[w] = stream.uniform() < layer.alpha[w] && open ? 1 : 0;
    }
  }
  return mask;
}

/** Draws gates, weights and biases of all layers from q. */
export function drawNetwork(posterior: Posterior, stream: Stream): DrawnLayer[] {
  return posterior.layers.map((layer, l) => {
    const weight = drawMask(layer, stream.split('mask', l));
    const noise = stream.split('weight', l).normals(weight.length);
    for (let w = 0; w < weight.length; w++) if (weight[w]) weight[w] = layer.mu[w] + layer.sigma[w] * noise[w];
    const bias = stream.split('bias', l).normals(layer.outputs);
    for (let j = 0; j < bias.length; j++) bias[j] = layer.biasMu[j] + layer.biasSigma[j] * bias[j];
    return { weight, bias };
  });
}
