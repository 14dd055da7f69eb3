/** Every layer as a pack of its own: theta lies in one tensor per layer and kind of parameter. */
import * as tf from '@tensorflow/tfjs-core';
import { columnGrouping, sumGroups } from './grouping.js';
import type { Pack, Packing, PackPrior, Part } from './packing.js';
import { PRIOR_ROLES, priorValues } from './prior.js';
import type { BlockName, LayerPlace, Layout, NetworkShape } from './shape.js';
import type { PackBlocks } from './spike-slab.js';

export function matrixPacking(shape: NetworkShape, layout: Layout): Packing {
  const grouping = columnGrouping(shape);
  const groups = tf.tensor1d(shape.inputGroup, 'int32');
  const names = [...layout.blocks.keys()].filter((name) => name !== 'logNoise');
  const noise: Part = { name: 'logNoise', offset: layout.blocks.get('logNoise')!.offset, shape: [1] };
  const ofLayer = (name: BlockName, l: number): string => `${name}_${l}`;
  return {
    layout,
    parts: [
      ...layout.layers.flatMap((place, l) => names.map((name) => ({ name: ofLayer(name, l), ...partOf(layout, name, place) }))),
      noise,
    ],
    packs: layout.layers.map((_, l) => matrixPack(l === 0 && grouping ? { groups, grouping } : undefined)),
    blocks: (parts) => ({
      packs: layout.layers.map((_, l) =>
        Object.fromEntries(names.map((name) => [name, parts[ofLayer(name, l)]])) as unknown as PackBlocks),
      logNoise: parts.logNoise as tf.Tensor1D,
    }),
    gradient: (packs, logNoise) => Object.fromEntries([
      ...packs.flatMap((blocks, l) => names.map((name) => [ofLayer(name, l), blocks[name as keyof PackBlocks]!] as const)),
      ['logNoise', logNoise] as const,
    ]),
    priorNames: layout.layers.flatMap((_, l) => PRIOR_ROLES.map((role) => `${role}_${l}`)),
    priorTensors: (prior) => Object.fromEntries(layout.layers.flatMap((_, l) => {
      const values = priorValues(prior, l);
      return PRIOR_ROLES.map((role) => [`${role}_${l}`, tf.scalar(values[role])]);
    })),
    priorOf: (tensors, l) => Object.fromEntries(PRIOR_ROLES.map((role) => [role, tensors[`${role}_${l}`]])) as unknown as PackPrior,
    dispose: () => tf.dispose([groups, ...(grouping ? [grouping] : [])]),
  };
}

function partOf(layout: Layout, name: BlockName, { inputs, outputs, weight, gate, gates, unit }: LayerPlace): Omit<Part, 'name'> {
  const { offset } = layout.blocks.get(name)!;
  if (name === 'zLogit') return { offset: offset + gate, shape: [gates] };
  if (name === 'biasMu' || name === 'biasRho') return { offset: offset + unit, shape: [outputs] };
  return { offset: offset + weight, shape: [inputs, outputs] };
}

/** Odd numbers 1, 3, ...: with these terms the series below is exact to float32 rounding. */
const SERIES = [15, 13, 11, 9, 7, 5, 3, 1];

/**
 * softplus(x) = max(x, 0) + log(1 + e), e = exp(-|x|), with log(1 + e) = 2 artanh s = 2 (s + s^3/3 + ...), s = e / (2 + e).
 * As s <= 1/3, eight terms do. Relatively exact for very negative x as well, and cheaper than log1p where operations are fused.
 */
function softplusSeries<T extends tf.Tensor>(x: T): T {
  const e = tf.exp(tf.neg(tf.abs(x)));
  const s = tf.div(e, tf.add(e, 2));
  const square = tf.square(s);
  const [last, ...rest] = SERIES;
  let sum: tf.Tensor = tf.mul(square, 1 / last);
  for (const odd of rest) sum = odd === 1 ? tf.add(sum, 1) : tf.mul(tf.add(sum, 1 / odd), square);
  return tf.add(tf.maximum(x, 0), tf.mul(tf.mul(s, 2), sum));
}

function matrixPack(grouped?: { groups: tf.Tensor1D; grouping: tf.Tensor2D }): Pack {
  return {
    layers: 1,
    softplus: softplusSeries,
    spread: (perGate) => tf.reshape(grouped ? tf.gather(perGate, grouped.groups) : perGate, [-1, 1]),
    sumOverEdges: (perWeight) => sumGroups(tf.sum<tf.Tensor1D>(perWeight, 1), grouped?.grouping),
    matrices: (perWeight) => [perWeight as tf.Tensor2D],
    vectors: (perUnit) => [perUnit],
    joinMatrices: ([matrix]) => matrix,
    joinVectors: ([vector]) => vector,
  };
}
