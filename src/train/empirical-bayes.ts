/**
 * Empirical-Bayes updates of the prior from the posterior (docs/method.md, Schedule): the mode under a Beta(2, m + 1)
 * hyperprior for the inclusion probabilities, the second moment of open weights for the slab.
 */
import { hasEdgeGates, hasNodeGates, type NetworkShape } from '../model/shape.js';
import type { Prior } from '../model/prior.js';
import type { LayerPosterior, Posterior } from '../types.js';

/** What the user fixed instead of leaving it to the data. */
export interface PriorChoice {
  inclusion: 'auto' | number;
  slabScale: 'auto' | number;
}

/** Inclusion probability before the data have spoken. */
const INITIAL_INCLUSION = 0.1;
/** The slab never gets narrower than this: a collapsed slab would make closed and open weights alike. */
const SMALLEST_SLAB = 0.05;

export function initialPrior(shape: NetworkShape, choice: PriorChoice): Prior {
  const layers = shape.widths.length - 1;
  const inclusion = choice.inclusion === 'auto' ? INITIAL_INCLUSION : choice.inclusion;
  const tau = choice.slabScale === 'auto' ? 1 : choice.slabScale;
  return { node: Array(layers).fill(inclusion), edge: Array(layers).fill(inclusion), tau: Array(layers).fill(tau) };
}

/** Mode of Beta(2, m + 1) after `on` expected successes among m, clipped to [1/m, 0.5]. */
export function sparseBetaMode(on: number, m: number): number {
  return Math.min(0.5, Math.max(1 / Math.max(m, 2), (1 + on) / (1 + 2 * m)));
}

/** The prior that the posterior asks for; what the user fixed stays. */
export function empiricalBayes(posterior: Posterior, current: Prior, choice: PriorChoice): Prior {
  const auto = choice.inclusion === 'auto';
  const nodeGates = auto && hasNodeGates(posterior.gates);
  const edgeGates = auto && hasEdgeGates(posterior.gates);
  return {
    node: posterior.layers.map((layer, l) => (nodeGates ? sparseBetaMode(sum(layer.z), layer.z.length) : current.node[l])),
    edge: posterior.layers.map((layer, l) => (edgeGates ? edgeInclusion(layer) : current.edge[l])),
    tau: posterior.layers.map((layer, l) => (choice.slabScale === 'auto' ? slabScale(layer) : current.tau[l])),
  };
}

const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);

/** rho_l from the expected living edges z alpha. */
function edgeInclusion(layer: LayerPosterior): number {
  let on = 0;
  for (let w = 0; w < layer.alpha.length; w++) on += layer.z[layer.group[Math.floor(w / layer.outputs)]] * layer.alpha[w];
  return sparseBetaMode(on, layer.alpha.length);
}

/** tau_l = sqrt( sum g (mu^2 + sigma^2) / sum g ). */
function slabScale(layer: LayerPosterior): number {
  let open = 0;
  let square = 0;
  for (let w = 0; w < layer.mu.length; w++) {
    const g = layer.z[layer.group[Math.floor(w / layer.outputs)]] * layer.alpha[w];
    open += g;
    square += g * (layer.mu[w] ** 2 + layer.sigma[w] ** 2);
  }
  return Math.max(SMALLEST_SLAB, Math.sqrt(square / Math.max(open, 1e-6)));
}
