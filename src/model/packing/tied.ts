/** The shared gates of the direct edges (see graph.ts and types.ts), as tensors. */
import * as tf from '@tensorflow/tfjs-core';
import type { Graph } from '../graph.js';
import type { TiedGates } from './types.js';

/** Of the last layer's matrix, whose direct rows come first. */
export interface TiedRows {
  /** Whether any gate has more than one edge. */
  any: boolean;
  /** [d, 1]. */
  share: tf.Tensor2D;
  /** Sums over the edges of each gate, for a matrix [d, k] and again [d, k]. */
  sum(perWeight: tf.Tensor2D): tf.Tensor2D;
  dispose(): void;
}

/** @param group d_0: the input that a column belongs to. */
export function tiedRows(graph: Graph, group: Int32Array): TiedRows {
  const last = graph.depth - 1;
  const [rows, direct, outputs] = [graph.sourcesOf(last).length, graph.directRows, graph.outputs[last]];
  const shares = graph.gateShares(last, group);
  const share = tf.tensor2d(Float32Array.from(shares), [rows, 1]);
  const inputs = Array.from(graph.sourcesOf(last).subarray(0, direct), (source) => group[source]);
  const names = [...new Set(inputs)];
  const places = tf.tensor1d(inputs.map((input) => names.indexOf(input)), 'int32');
  const several = names.length < direct;
  const grouping = several ? tf.cast(tf.oneHot(places, names.length) as tf.Tensor2D, 'float32') : undefined;
  const sum = (perWeight: tf.Tensor2D): tf.Tensor2D => {
    const [own, others] = tf.split<tf.Tensor2D>(perWeight, [direct, rows - direct], 0);
    let sums = tf.sum<tf.Tensor1D>(own, 1);
    if (grouping) sums = tf.gather(tf.reshape<tf.Rank.R1>(tf.matMul(tf.reshape(sums, [1, -1]), grouping), [-1]), places);
    return tf.concat2d([tf.tile<tf.Tensor2D>(tf.reshape(sums, [-1, 1]), [1, outputs]), others], 0);
  };
  return {
    any: direct > 0 && (outputs > 1 || several), share, sum,
    dispose: () => tf.dispose([share, places, ...(grouping ? [grouping] : [])]),
  };
}

/** For a pack that is the matrix itself. */
export const tiedMatrix = ({ share, sum }: TiedRows): TiedGates =>
  ({ share, sum: (perWeight) => sum(perWeight as tf.Tensor2D) });

/** For weights one after the other, those of the last layer last; `before` counts those of the other layers. */
export function tiedVector({ share, sum }: TiedRows, before: number, outputs: number): TiedGates & { dispose(): void } {
  const rows = share.shape[0];
  const all = tf.tidy(() => tf.concat1d([tf.ones([before]), tf.reshape<tf.Rank.R1>(tf.tile(share, [1, outputs]), [-1])]));
  return {
    share: all,
    sum: (perWeight) => {
      const [first, own] = tf.split(perWeight, [before, rows * outputs]);
      return tf.concat1d([first as tf.Tensor1D, tf.reshape<tf.Rank.R1>(sum(tf.reshape(own, [rows, outputs])), [-1])]);
    },
    dispose: () => all.dispose(),
  };
}
