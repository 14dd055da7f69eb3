/**
 * Empirical-Bayes updates of the prior from the posterior (docs/method.md, Schedule): the mode under a Beta(2, m + 1)
 * hyperprior for the inclusion probabilities, the second moment of open weights for the slab. Under a Gaussian spike the
 * slab's responsibilities stand for the gates.
 */
import { sourceGates, tierGates } from '../model/gates.js';
import { graphOf, graphOfShape } from '../model/graph.js';
import { edgeProbabilities, mixtureOf, spikeExpectations } from '../model/mixture.js';
import { hasEdgeGates, hasNodeGates, type NetworkShape } from '../model/shape.js';
import { spikeShape } from '../model/spike-shape.js';
import { isKept, rowBlocks, type Prior } from '../model/prior.js';
import type { BlockPrior, LayerPosterior, Posterior } from '../types.js';

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
  const { blocks } = graphOfShape(shape);
  const inclusion = choice.inclusion === 'auto' ? INITIAL_INCLUSION : choice.inclusion;
  const tau = choice.slabScale === 'auto' ? 1 : choice.slabScale;
  const all = (value: number): number[] => blocks.map(() => value);
  const spike = shape.spike === 'gaussian' ? { spike: all(tau * (choice.spikeScale ?? SPIKE_SCALE)) } : {};
  const own = shape.inputPriors && { own: shape.inputPriors };
  return { node: Array<number>(layers).fill(inclusion), edge: all(inclusion), tau: all(tau), ...spike, ...own };
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
  const nodeGates = auto && hasNodeGates(posterior.gates);
  const blocks = gatedBlocks(posterior);
  const hasEdges = hasEdgeGates(posterior.gates) || mixtureOf(posterior.layers[0].prior) !== undefined;
  const tau = blocks.map((own, b) => (choice.slabScale === 'auto' ? slabScale(own) : current.tau[b]));
  return {
    node: tierGates(posterior).map(({ z, own }, t) => {
      // What has a prior of its own says nothing of the others.
      const free = own ? z.filter((_, gate) => own[gate] === null) : z;
      return nodeGates && free.length > 0 ? sparseBetaMode(sum(free), free.length) : current.node[t];
    }),
    edge: blocks.map((own, b) => (auto && hasEdges ? edgeInclusion(own) : current.edge[b])),
    tau,
    ...(current.own && { own: current.own }),
    ...(current.spike && { spike: current.spike.map((spike, l) => (spike * tau[l]) / current.tau[l]) }),
  };
}

/** The edges of a block, with the gates of their sources, and those of the layer's own units, which outputs do not have. */
interface GatedBlock {
  layer: LayerPosterior;
  alpha: Float32Array;
  /** Rows of the layer's matrix, up to `to`. */
  from: number;
  to: number;
  rows: Float32Array;
  /** The same, and 0 where edges are held open. */
  free: Float32Array;
  /** The part of a gate that each edge of a row bears. */
  shares: Float64Array;
  units: Float32Array | undefined;
  prior: BlockPrior;
}

function gatedBlocks(posterior: Posterior): GatedBlock[] {
  const z = sourceGates(posterior);
  const graph = graphOf(posterior);
  const tied = hasEdgeGates(posterior.gates);
  return posterior.layers.flatMap((layer, l) => {
    const { group, own } = posterior.inputs;
    const held = (source: number): boolean => l === graph.depth - 1 && source < graph.columns && isKept(own, group[source]);
    const rows = Float32Array.from(graph.sourcesOf(l), (source) => z[source]);
    const free = Float32Array.from(graph.sourcesOf(l), (source) => (held(source) ? 0 : z[source]));
    const shares = tied ? graph.gateShares(l, posterior.inputs.group) : new Float64Array(rows.length).fill(1);
    const common = { layer, alpha: edgeProbabilities(layer), rows, free, shares, units: posterior.units.at(l)?.z };
    let to = 0;
    return rowBlocks(layer).map(({ rows: count, ...prior }): GatedBlock => ({ ...common, prior, from: to, to: (to += count) }));
  });
}

const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);

/** Fewer edges between open nodes say nothing: with none at all rho is 1/9. */
const MIN_EDGES = 4;

/**
 * rho_l from the expected living edges, among those that lead from an open source to an open target: an edge of a closed node
 * costs nothing where its gate is at the prior, and tells nothing of it.
 */
function edgeInclusion({ layer: { outputs }, alpha, from, to, free, shares, units }: GatedBlock): number {
  let on = 0;
  let among = 0;
  for (let w = from * outputs; w < to * outputs; w++) {
    const row = Math.floor(w / outputs);
    const both = free[row] * shares[row] * (units ? units[w % outputs] : 1);
    on += both * alpha[w];
    among += both;
  }
  return cappedMode(on, Math.max(MIN_EDGES, among));
}

/** tau_l = sqrt( sum g (mu^2 + sigma^2) / sum g ), under a Gaussian spike sqrt( sum E r(w) w^2 / sum E r(w) ). */
function slabScale({ layer, from, to, rows, prior }: GatedBlock): number {
  const mixture = mixtureOf(prior);
  const shape = mixture && spikeShape(mixture);
  let open = 0;
  let square = 0;
  for (let w = from * layer.outputs; w < to * layer.outputs; w++) {
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
