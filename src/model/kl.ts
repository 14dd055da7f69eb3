/** KL(q || p) of a posterior, term by term, in float64 (docs/method.md, Model). All in nats. */
import type { LayerPosterior, Posterior } from '../types.js';
import { tierGates } from './gates.js';
import { graphOf } from './graph.js';
import { mixtureKl, mixtureOf } from './mixture.js';
import { gatePrior, KEPT, isKept, priorOfRow } from './prior.js';
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
 * What the edges of row `i` of a layer's matrix cost when its source's gate is on: sum_j KL(alpha_ij || rho) + alpha_ij
 * KL(slab), or KL(mixture) under a Gaussian spike.
 * @param share the part of a gate's cost that each of them bears (graph.ts).
 * @param kept whether they are held open
 */
export function edgeCost(layer: LayerPosterior, i: number, edgeGates: boolean, share = 1, kept = false): number {
  const { edge, ...prior } = priorOfRow(layer, i);
  const mixture = mixtureOf({ ...prior, edge });
  const shape = mixture && spikeShape(mixture);
  let cost = 0;
  for (let w = i * layer.outputs; w < (i + 1) * layer.outputs; w++) {
    if (edgeGates) cost += share * bernoulliKl(layer.alpha[w], kept ? KEPT : edge);
    if (mixture) cost += mixtureKl(layer.mu[w], layer.sigma[w], mixture, shape);
    else if (layer.alpha[w] > 0) cost += layer.alpha[w] * gaussianKl(layer.mu[w], layer.sigma[w], prior.tau);
  }
  return cost;
}

/**
 * What the edges of each gate of a tier (graph.ts) cost when it is on, summed over the columns of an input and over all layers
 * that read it; one number per gate.
 */
export function gateCosts(posterior: Posterior, tier: number, graph = graphOf(posterior)): Float64Array {
  const { inputs, layers, gates } = posterior;
  const costs = new Float64Array(tier === 0 ? inputs.z.length : graph.tiers[tier]);
  const edgeGates = hasEdgeGates(gates);
  for (const [l, layer] of layers.entries()) {
    const feed = graph.feedsOf(l).find((own) => own.tier === tier);
    const shares = graph.gateShares(l, inputs.group);
    feed?.units.forEach((unit, i) => {
      const kept = tier === 0 && l === graph.depth - 1 && isKept(inputs.own, inputs.group[unit]);
      costs[tier === 0 ? inputs.group[unit] : unit] += edgeCost(layer, feed.row + i, edgeGates, shares[feed.row + i], kept);
    });
  }
  return costs;
}

/** KL of the whole posterior against its prior, biases (prior N(0, 1)) included. */
export function posteriorKl(posterior: Posterior): number {
  const { layers, gates } = posterior;
  const graph = graphOf(posterior);
  const tiers = tierGates(posterior);
  let total = 0;
  for (const [l, layer] of layers.entries()) {
    const { z } = tiers[l];
    gateCosts(posterior, l, graph).forEach((cost, gate) => {
      if (hasNodeGates(gates)) total += bernoulliKl(z[gate], gatePrior(tiers[l], gate));
      total += z[gate] * cost;
    });
    for (let j = 0; j < layer.outputs; j++) total += gaussianKl(layer.biasMu[j], layer.biasSigma[j], 1);
  }
  return total;
}
