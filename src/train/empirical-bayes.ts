/**
 * Empirical-Bayes updates of the prior from the posterior (docs/method.md, Schedule): the mode under a Beta(2, m + 1)
 * hyperprior for the inclusion probabilities, the second moment of open weights for the slab. Under a Gaussian spike the
 * slab's responsibilities stand for the gates.
 */
import { sourceGates, tierGates } from '../model/gates.js';
import { graphOf } from '../model/graph.js';
import { edgeProbabilities, mixtureOf, spikeExpectations } from '../model/mixture.js';
import { hasEdgeGates, hasNodeGates, type NetworkShape } from '../model/shape.js';
import { spikeShape } from '../model/spike-shape.js';
import type { Prior } from '../model/prior.js';
import type { LayerPosterior, Posterior } from '../types.js';

/** What the user fixed instead of leaving it to the data. */
export interface PriorChoice {
  inclusion: 'auto' | number;
  slabScale: 'auto' | number;
  /** Standard deviation of a Gaussian spike as a share of the slab's. */
  spikeScale?: number;
}

/** Inclusion probability before the data have spoken. */
const INITIAL_INCLUSION = 0.1;
/** The slab never gets narrower than this: a collapsed slab would make closed and open weights alike. */
const SMALLEST_SLAB = 0.05;

/** Where the config does not say otherwise. */
const SPIKE_SCALE = 0.05;

export function initialPrior(shape: NetworkShape, choice: PriorChoice): Prior {
  const layers = shape.widths.length - 1;
  const inclusion = choice.inclusion === 'auto' ? INITIAL_INCLUSION : choice.inclusion;
  const tau = choice.slabScale === 'auto' ? 1 : choice.slabScale;
  const all = (value: number): number[] => Array<number>(layers).fill(value);
  const spike = shape.spike === 'gaussian' ? { spike: all(tau * (choice.spikeScale ?? SPIKE_SCALE)) } : {};
  return { node: all(inclusion), edge: all(inclusion), tau: all(tau), ...spike };
}

/** Mode of Beta(2, m + 1) after `on` expected successes among m, clipped to [1/m, 0.5]. */
export function sparseBetaMode(on: number, m: number): number {
  return Math.max(1 / Math.max(m, 2), cappedMode(on, m));
}

/** Mode of Beta(2, m + 1) after `on` successes among m, at most 0.5. */
const cappedMode = (on: number, m: number): number => Math.min(0.5, (1 + on) / (1 + 2 * m));

/** The prior that the posterior asks for; what the user fixed stays. */
export function empiricalBayes(posterior: Posterior, current: Prior, choice: PriorChoice): Prior {
  const auto = choice.inclusion === 'auto';
  const hasEdges = (layer: LayerPosterior): boolean => hasEdgeGates(posterior.gates) || mixtureOf(layer) !== undefined;
  const nodeGates = auto && hasNodeGates(posterior.gates);
  const gated = gatedLayers(posterior);
  const tau = gated.map((own, l) => (choice.slabScale === 'auto' ? slabScale(own) : current.tau[l]));
  return {
    node: tierGates(posterior).map(({ z }, t) => (nodeGates ? sparseBetaMode(sum(z), z.length) : current.node[t])),
    edge: gated.map((own, l) => (auto && hasEdges(own.layer) ? edgeInclusion(own) : current.edge[l])),
    tau,
    ...(current.spike && { spike: current.spike.map((spike, l) => (spike * tau[l]) / current.tau[l]) }),
  };
}

/** A layer with the gates of its rows, and those of its own units, which outputs do not have. */
interface GatedLayer {
  layer: LayerPosterior;
  rows: Float32Array;
  units: Float32Array | undefined;
}

function gatedLayers(posterior: Posterior): GatedLayer[] {
  const z = sourceGates(posterior);
  const graph = graphOf(posterior);
  return posterior.layers.map((layer, l) =>
    ({ layer, rows: Float32Array.from(graph.sourcesOf(l), (source) => z[source]), units: posterior.units.at(l)?.z }));
}

const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);

/** Fewer edges between open nodes say nothing: with none at all rho is 1/9. */
const MIN_EDGES = 4;

/**
 * rho_l from the expected living edges, among those that lead from an open source to an open target: an edge of a closed node
 * costs nothing where its gate is at the prior, and tells nothing of it.
 */
function edgeInclusion({ layer, rows, units }: GatedLayer): number {
  const alpha = edgeProbabilities(layer);
  let on = 0;
  let among = 0;
  for (let w = 0; w < alpha.length; w++) {
    const both = rows[Math.floor(w / layer.outputs)] * (units ? units[w % layer.outputs] : 1);
    on += both * alpha[w];
    among += both;
  }
  return cappedMode(on, Math.max(MIN_EDGES, among));
}

/** tau_l = sqrt( sum g (mu^2 + sigma^2) / sum g ), under a Gaussian spike sqrt( sum E r(w) w^2 / sum E r(w) ). */
function slabScale({ layer, rows }: GatedLayer): number {
  const mixture = mixtureOf(layer);
  const shape = mixture && spikeShape(mixture);
  let open = 0;
  let square = 0;
  for (let w = 0; w < layer.mu.length; w++) {
    const second = layer.mu[w] ** 2 + layer.sigma[w] ** 2;
    if (shape) {
      const { off, offSquare } = spikeExpectations(layer.mu[w], layer.sigma[w], shape);
      open += 1 - off;
      square += second - offSquare;
    } else {
      const g = rows[Math.floor(w / layer.outputs)] * layer.alpha[w];
      open += g;
      square += g * second;
    }
  }
  return Math.max(SMALLEST_SLAB, Math.sqrt(square / Math.max(open, 1e-6)));
}
