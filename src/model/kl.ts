/** KL(q || p) of a posterior, term by term, in float64 (docs/method.md, Model). All in nats. */
import type { LayerPosterior, Posterior } from '../types.js';
import { mixtureKl, mixtureOf } from './mixture.js';
import { hasEdgeGates, hasNodeGates } from './shape.js';
import { spikeShape } from './spike-shape.js';

/** KL(Bern(q) || Bern(p)); 0 log 0 = 0. */
export function bernoulliKl(q: number, p: number): number {
  const on = q > 0 ? q * Math.log(q / p) : 0;
  const off = q < 1 ? (1 - q) * Math.log((1 - q) / (1 - p)) : 0;
  return on + off;
}

/** KL(N(mu, sigma^2) || N(0, tau^2)). */
export function gaussianKl(mu: number, sigma: number, tau: number): number {
  const ratio = (sigma * sigma) / (tau * tau);
  return 0.5 * (ratio + (mu * mu) / (tau * tau) - 1 - Math.log(ratio));
}

/**
 * What source node `i`'s edges cost when its gate is on: sum_j KL(alpha_ij || rho) + alpha_ij KL(slab), or KL(mixture) under a
 * Gaussian spike.
 */
export function edgeCost(layer: LayerPosterior, i: number, edgeGates: boolean): number {
  const mixture = mixtureOf(layer);
  const shape = mixture && spikeShape(mixture);
  let cost = 0;
  for (let w = i * layer.outputs; w < (i + 1) * layer.outputs; w++) {
    if (edgeGates) cost += bernoulliKl(layer.alpha[w], layer.prior.edge);
    if (mixture) cost += mixtureKl(layer.mu[w], layer.sigma[w], mixture, shape);
    else if (layer.alpha[w] > 0) cost += layer.alpha[w] * gaussianKl(layer.mu[w], layer.sigma[w], layer.prior.tau);
  }
  return cost;
}

/** What each source gate's edges cost when it is on, summed over its columns; one number per gate. */
export function gateCosts(layer: LayerPosterior, edgeGates: boolean): Float64Array {
  const costs = new Float64Array(layer.z.length);
  layer.group.forEach((gate, i) => { costs[gate] += edgeCost(layer, i, edgeGates); });
  return costs;
}

/** KL of the whole posterior against its prior, biases (prior N(0, 1)) included. */
export function posteriorKl({ layers, gates }: Posterior): number {
  let total = 0;
  for (const layer of layers) {
    gateCosts(layer, hasEdgeGates(gates)).forEach((cost, gate) => {
      if (hasNodeGates(gates)) total += bernoulliKl(layer.z[gate], layer.prior.node);
      total += layer.z[gate] * cost;
    });
    for (let j = 0; j < layer.outputs; j++) total += gaussianKl(layer.biasMu[j], layer.biasSigma[j], 1);
  }
  return total;
}
