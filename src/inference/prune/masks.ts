/** From PIPs and a threshold to the masks of a network, and from masks to what lies on a path from an input to an output. */
import { graphOf, type WiredPosterior } from '../../model/graph.js';
import type { Posterior } from '../../types.js';
import type { Inclusion } from '../inclusion/inclusion.js';

/** Which PIPs are thresholded: those of weights, of hidden nodes, of inputs, or all three. */
export type PruneLevel = 'weight' | 'node' | 'input' | 'all';

/** The part of an {@link Inclusion} that pruning needs. */
export type Pips = Pick<Inclusion, 'weights' | 'nodes' | 'inputs'>;

/** 1 = kept. */
export interface Masks {
  /** Per layer d x k: the weight's own PIP, its source and its target all passed. */
  weights: Uint8Array[];
  /** Per hidden layer. */
  nodes: Uint8Array[];
  /** Per feature. */
  inputs: Uint8Array;
}

/** 1 = the unit matters in this way. */
export interface Living {
  /** Per tier of sources (encoded columns, then hidden units by layer) those that lie on a path from an input to an output. */
  sources: Uint8Array[];
  /** Likewise, hidden units that no input reaches but that reach an output: constants. */
  constants: Uint8Array[];
}

/** Kept iff PIP >= threshold (at 0.5 the median probability model of Barbieri & Berger 2004). */
export function thresholdMasks(posterior: Posterior, pips: Pips, threshold: number, level: PruneLevel): Masks {
  const graph = graphOf(posterior);
  const keep = (values: ArrayLike<number>, at: PruneLevel): Uint8Array =>
    Uint8Array.from(values, (pip) => (level !== 'all' && level !== at) || pip >= threshold ? 1 : 0);
  const inputs = keep(pips.inputs, 'input');
  const nodes = pips.nodes.map((values) => keep(values, 'node'));
  const sources = [...Array.from(posterior.inputs.group, (input) => inputs[input]), ...nodes.flatMap((layer) => [...layer])];
  const weights = posterior.layers.map((layer, l) => {
    const mask = keep(pips.weights[l], 'weight');
    const list = graph.sourcesOf(l);
    for (let i = 0, at = 0; i < layer.inputs; i++) {
      const source = sources[list[i]];
      for (let j = 0; j < layer.outputs; j++, at++) mask[at] &= source & (l < nodes.length ? nodes[l][j] : 1);
    }
    return mask;
  });
  return { weights, nodes, inputs };
}

/** Forward sweep from the inputs, backward sweep from the outputs, over the edges of `masks.weights`. */
export function findLiving(posterior: WiredPosterior, masks: Masks): Living {
  const graph = graphOf(posterior);
  const hasEdge = (l: number, w: number): boolean => masks.weights[l][w] === 1;
  const forward = graph.reached(Uint8Array.from(posterior.inputs.group, (feature) => masks.inputs[feature]), hasEdge);
  const backward = graph.useful(hasEdge);
  const perTier = (flags: Uint8Array): Uint8Array[] => graph.tiers.map((_, tier) => graph.tierPart(flags, tier));
  return {
    sources: perTier(backward.map((on, source) => on & forward[source])),
    constants: perTier(backward.map((on, source) => (source < graph.columns ? 0 : on & (1 - forward[source])))),
  };
}
