/** From PIPs and a threshold to the masks of a network, and from masks to what lies on a path from an input to an output. */
import type { LayerPosterior } from '../../types.js';
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
  /** Per layer, its sources (encoded columns, then hidden units) that lie on a path from an input to an output. */
  sources: Uint8Array[];
  /** Likewise, hidden units that no input reaches but that reach an output: constants. */
  constants: Uint8Array[];
}

/** Kept iff PIP >= threshold (at 0.5 the median probability model of Barbieri & Berger 2004). */
export function thresholdMasks(
  layers: readonly LayerPosterior[], pips: Pips, threshold: number, level: PruneLevel,
): Masks {
  const keep = (values: ArrayLike<number>, at: PruneLevel): Uint8Array =>
    Uint8Array.from(values, (pip) => (level !== 'all' && level !== at) || pip >= threshold ? 1 : 0);
  const inputs = keep(pips.inputs, 'input');
  const nodes = pips.nodes.map((values) => keep(values, 'node'));
  const weights = layers.map((layer, l) => {
    const mask = keep(pips.weights[l], 'weight');
    for (let i = 0, at = 0; i < layer.inputs; i++) {
      const source = l === 0 ? inputs[layer.group[i]] : nodes[l - 1][i];
      for (let j = 0; j < layer.outputs; j++, at++) mask[at] &= source & (l < nodes.length ? nodes[l][j] : 1);
    }
    return mask;
  });
  return { weights, nodes, inputs };
}

/** Forward sweep from the inputs, backward sweep from the outputs, over the edges of `masks.weights`. */
export function findLiving(layers: readonly LayerPosterior[], masks: Masks): Living {
  const forward = [Uint8Array.from(layers[0].group, (feature) => masks.inputs[feature])];
  const backward: Uint8Array[] = [];
  for (const [l, layer] of layers.entries()) {
    const reached = new Uint8Array(layer.outputs);
    for (let i = 0, at = 0; i < layer.inputs; i++) {
      for (let j = 0; j < layer.outputs; j++, at++) reached[j] |= forward[l][i] & masks.weights[l][at];
    }
    forward.push(reached);
  }
  let targets = new Uint8Array(layers[layers.length - 1].outputs).fill(1);
  for (let l = layers.length - 1; l >= 0; l--) {
    const { inputs, outputs } = layers[l];
    const useful = new Uint8Array(inputs);
    for (let i = 0, at = 0; i < inputs; i++) {
      for (let j = 0; j < outputs; j++, at++) useful[i] |= masks.weights[l][at] & targets[j];
    }
    backward[l] = targets = useful;
  }
  return {
    sources: backward.map((useful, l) => useful.map((on, i) => on & forward[l][i])),
    constants: backward.map((useful, l) => useful.map((on, i) => (l === 0 ? 0 : on & (1 - forward[l][i])))),
  };
}
