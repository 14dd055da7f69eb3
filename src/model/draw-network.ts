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
  const { inputs, outputs, alpha, group } = layer;
  const on = Uint8Array.from(layer.z, (z) => Number(stream.uniform() < z));
  const mask = new Float32Array(layer.mu.length);
  for (let i = 0, w = 0; i < inputs; i++) {
    const open = on[group[i]];
    for (let j = 0; j < outputs; j++, w++) {
      // The draw is made even for a closed node, so that streams stay aligned between neighbouring posteriors.
      if (alpha[w] === 1 || stream.uniform() < alpha[w]) mask[w] = open;
    }
  }
  return mask;
}

/** Draws gates, weights and biases of all layers from q. */
export function drawNetwork(posterior: Posterior, stream: Stream): DrawnLayer[] {
  return posterior.layers.map((layer, l) => {
    const weight = drawMask(layer, stream.split('mask', l));
    let open = 0;
    for (let w = 0; w < weight.length; w++) open += weight[w];
    // Most edges are closed once training is done: only the others are worth a number.
    const noise = stream.split('weight', l).normals(open);
    for (let w = 0, at = 0; w < weight.length; w++) if (weight[w]) weight[w] = layer.mu[w] + layer.sigma[w] * noise[at++];
    const bias = stream.split('bias', l).normals(layer.outputs);
    for (let j = 0; j < bias.length; j++) bias[j] = layer.biasMu[j] + layer.biasSigma[j] * bias[j];
    return { weight, bias };
  });
}

/**
 * Per layer the output units from which edges lead on to an output of the network. All others change nothing in what it
 * computes, exactly.
 *
 * @param weights per layer d x k; 0 where there is no edge.
 * @param outputs k of every layer.
 * @param isOpen whether source i of layer l counts at all.
 */
export function livingUnits(
  weights: readonly Float32Array[], outputs: readonly number[], isOpen: (l: number, i: number) => boolean = () => true,
): Int32Array[] {
  const last = outputs.length - 1;
  const living: Int32Array[] = [];
  living[last] = Int32Array.from({ length: outputs[last] }, (_, k) => k);
  for (let l = last; l > 0; l--) {
    const above = living[l];
    const hasEdge = (i: number): boolean => above.some((k) => weights[l][i * outputs[l] + k] !== 0);
    living[l - 1] = Int32Array.from({ length: outputs[l - 1] }, (_, i) => i).filter((i) => isOpen(l, i) && hasEdge(i));
  }
  return living;
}
