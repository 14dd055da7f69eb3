/**
 * Every layer as a pack of its own: theta lies in one matrix per layer and kind of parameter, and one vector for all that is
 * not a weight's.
 */
import * as tf from '@tensorflow/tfjs-core';
import { SERIES } from '../kernels.js';
import { columnGrouping, gateSums } from '../grouping.js';
import { graphOfShape, type Graph } from '../graph.js';
import type { Pack, PackBlocks, Packing, PackPrior, Part } from './types.js';
import { KEPT, nodeLogits, priorRoles, type Prior, type PriorRole } from '../prior.js';
import { rowValues } from './rows.js';
import { gatherRows } from '../routes.js';
import { tiedMatrix, tiedRows } from './tied.js';
import type { BlockName, Layout, NetworkShape } from '../shape.js';

const OF_WEIGHTS = ['mu', 'rho', 'alphaLogit'] as const;

export function matrixPacking(shape: NetworkShape, layout: Layout): Packing {
  const graph = graphOfShape(shape);
  const grouping = columnGrouping(shape);
  const groups = tf.tensor1d(shape.inputGroup, 'int32');
  const tied = tiedRows(graph, shape.inputGroup);
  const kinds = OF_WEIGHTS.filter((name) => layout.blocks.has(name));
  const ofLayer = (name: string, l: number): string => `${name}_${l}`;
  const matrices = layout.layers.flatMap(({ inputs, outputs, weight }, l) => kinds.map((name): Part =>
    ({
      name: ofLayer(name, l), offset: layout.blocks.get(name)!.offset + weight, shape: [inputs, outputs],
      mixed: name === 'alphaLogit' && layout.direct > 0 && l === layout.layers.length - 1,
    })));
  const roles = priorRoles(shape);
  const rest = restOf(layout);
  return {
    layout,
    kernels: SERIES,
    parts: [...matrices, rest.part],
    packs: layout.layers.map((_, l) => ({
      ...matrixPack(graph, l, grouping && { groups, grouping }),
      ...(tied.any && l === graph.depth - 1 && { tied: tiedMatrix(tied) }),
    })),
    blocks: (parts) => {
      const packs = layout.layers.map((_, l) =>
        Object.fromEntries(kinds.map((name) => [name, parts[ofLayer(name, l)]])) as unknown as PackBlocks);
      return { packs, ...rest.cut(parts.rest as tf.Tensor1D) };
    },
    gradient: ({ packs, zLogits = [], ...others }) => Object.fromEntries([
      ...packs.flatMap((blocks, l) => kinds.map((name) => [ofLayer(name, l), blocks[name]!] as const)),
      ['rest', tf.concat1d([...zLogits, others.biasMu, others.biasRho, others.logNoise])] as const,
    ]),
    priorNames: layout.layers.flatMap((_, l) => roles.map((role) => ofLayer(role, l))),
    priorTensors: (prior) => Object.fromEntries(layout.layers.flatMap((_, l) => roles.map((role) =>
      [ofLayer(role, l), role === 'nodeLogit' ? perGate(prior, l, layout.tiers[l].gates) : perRow(graph, shape, prior, l, role)]))),
    priorOf: (tensors, l) =>
      Object.fromEntries(roles.map((role) => [role, tensors[ofLayer(role, l)]])) as unknown as PackPrior,
    dispose: () => {
      tf.dispose([groups, ...(grouping ? [grouping] : [])]);
      tied.dispose();
    },
  };
}

/** What broadcasts against a layer's weights: a scalar where all have one prior, else [d, 1]. */
function perRow(graph: Graph, { inputGroup }: NetworkShape, prior: Prior, l: number, role: PriorRole): tf.Tensor {
  const rows = rowValues(graph, inputGroup, prior, l, role);
  const one = graph.blocks.filter(({ layer }) => layer === l).length === 1 && !prior.own?.includes(KEPT);
  return one ? tf.scalar(rows[0]) : tf.tensor2d(rows, [rows.length, 1]);
}

/** What broadcasts against the gates of a tier. */
const perGate = (prior: Prior, tier: number, gates: number): tf.Tensor =>
  (tier === 0 && prior.own ? tf.tensor1d(nodeLogits(prior, tier, gates)) : tf.scalar(nodeLogits(prior, tier, 1)[0]));

/** The last blocks of theta, zLogit | biasMu | biasRho | logNoise, as one part: short vectors are cheapest together. */
function restOf({ tiers, blocks, units, size }: Layout) {
  const gated = blocks.has('zLogit');
  const { offset } = blocks.get((gated ? 'zLogit' : 'biasMu') satisfies BlockName)!;
  const gates = gated ? tiers.map((tier) => tier.gates) : [];
  return {
    part: { name: 'rest', offset, shape: [size - offset], mixed: true },
    cut: (vector: tf.Tensor1D) => {
      const pieces = tf.split<tf.Tensor1D>(vector, [...gates, units, units, 1]);
      const [biasMu, biasRho, logNoise] = pieces.slice(gates.length);
      return { ...(gated && { zLogits: pieces.slice(0, gates.length) }), biasMu, biasRho, logNoise };
    },
  };
}

function matrixPack(graph: Graph, l: number, grouped?: { groups: tf.Tensor1D; grouping: tf.Tensor2D }): Pack {
  return {
    layers: 1,
    gates: graph.feedsOf(l).map(({ tier }) => tier),
    spread: (gate) => {
      const ofTier = (t: number): tf.Tensor1D => (t === 0 && grouped ? tf.gather(gate(0), grouped.groups) : gate(t));
      return tf.reshape(gatherRows(graph, l, ofTier), [-1, 1]);
    },
    sumOverEdges: (perWeight) => gateSums(graph, l, perWeight as tf.Tensor2D, grouped?.grouping).map(({ part }) => part),
    matrices: (perWeight) => [perWeight as tf.Tensor2D],
    join: ([matrix]) => matrix,
  };
}
