/**
 * Every layer as a pack of its own: theta lies in one matrix per layer and kind of parameter, and one vector for all that is
 * not a weight's.
 */
import * as tf from '@tensorflow/tfjs-core';
import { SERIES } from '../kernels.js';
import { columnGrouping, sumGroups } from '../grouping.js';
import type { Pack, Packing, PackPrior, Part } from './types.js';
import { priorRoles, priorValues } from '../prior.js';
import type { BlockName, Layout, NetworkShape } from '../shape.js';

const OF_WEIGHTS = ['mu', 'rho', 'alphaLogit'] as const;

export function matrixPacking(shape: NetworkShape, layout: Layout): Packing {
  const grouping = columnGrouping(shape);
  const groups = tf.tensor1d(shape.inputGroup, 'int32');
  const kinds = OF_WEIGHTS.filter((name) => layout.blocks.has(name));
  const ofLayer = (name: string, l: number): string => `${name}_${l}`;
  const matrices = layout.layers.flatMap(({ inputs, outputs, weight }, l) => kinds.map((name): Part =>
    ({ name: ofLayer(name, l), offset: layout.blocks.get(name)!.offset + weight, shape: [inputs, outputs] })));
  const roles = priorRoles(shape);
  const rest = restOf(layout);
  return {
    layout,
    functions: SERIES,
    parts: [...matrices, rest.part],
    packs: layout.layers.map((_, l) => matrixPack(l === 0 && grouping ? { groups, grouping } : undefined)),
    blocks: (parts) => {
      const { zLogit, ...others } = rest.cut(parts.rest as tf.Tensor1D);
      const packs = layout.layers.map((_, l) => ({
        mu: parts[ofLayer('mu', l)], rho: parts[ofLayer('rho', l)], alphaLogit: parts[ofLayer('alphaLogit', l)], zLogit: zLogit?.[l],
      }));
      return { packs, ...others };
    },
    gradient: ({ packs, ...others }) => Object.fromEntries([
      ...packs.flatMap((blocks, l) => kinds.map((name) => [ofLayer(name, l), blocks[name]!] as const)),
      ['rest', tf.concat1d([...packs.flatMap(({ zLogit }) => zLogit ?? []), others.biasMu, others.biasRho, others.logNoise])] as const,
    ]),
    priorNames: layout.layers.flatMap((_, l) => roles.map((role) => ofLayer(role, l))),
    priorTensors: (prior) => Object.fromEntries(layout.layers.flatMap((_, l) => {
      const values = priorValues(prior, l);
      return roles.map((role) => [ofLayer(role, l), tf.scalar(values[role]!)]);
    })),
    priorOf: (tensors, l) =>
      Object.fromEntries(roles.map((role) => [role, tensors[ofLayer(role, l)]])) as unknown as PackPrior,
    dispose: () => tf.dispose([groups, ...(grouping ? [grouping] : [])]),
  };
}

/** The last blocks of theta, zLogit | biasMu | biasRho | logNoise, as one part: short vectors are cheapest together. */
function restOf({ layers, blocks, units, size }: Layout) {
  const gated = blocks.has('zLogit');
  const { offset } = blocks.get((gated ? 'zLogit' : 'biasMu') satisfies BlockName)!;
  const gates = gated ? layers.map((layer) => layer.gates) : [];
  return {
    part: { name: 'rest', offset, shape: [size - offset], mixed: true },
    cut: (vector: tf.Tensor1D) => {
      const pieces = tf.split<tf.Tensor1D>(vector, [...gates, units, units, 1]);
      const [biasMu, biasRho, logNoise] = pieces.slice(gates.length);
      return { zLogit: gated ? pieces.slice(0, gates.length) : undefined, biasMu, biasRho, logNoise };
    },
  };
}

function matrixPack(grouped?: { groups: tf.Tensor1D; grouping: tf.Tensor2D }): Pack {
  return {
    layers: 1,
    spread: (perGate) => tf.reshape(grouped ? tf.gather(perGate, grouped.groups) : perGate, [-1, 1]),
    sumOverEdges: (perWeight) => sumGroups(tf.sum<tf.Tensor1D>(perWeight, 1), grouped?.grouping),
    matrices: (perWeight) => [perWeight as tf.Tensor2D],
    join: ([matrix]) => matrix,
  };
}
