/** Sums over edges per gate: one-hot columns share their feature's gate. */
import * as tf from '@tensorflow/tfjs-core';
import type { Graph } from './graph.js';
import { scatterRows } from './routes.js';
import type { NetworkShape } from './shape.js';

/** 0/1 matrix [d_0, inputGates]; absent when every feature has one column. The caller disposes it. */
export function columnGrouping({ inputGroup, inputGates }: NetworkShape): tf.Tensor2D | undefined {
  if (inputGroup.every((group, column) => group === column)) return undefined;
  const matrix = new Float32Array(inputGroup.length * inputGates);
  inputGroup.forEach((group, column) => { matrix[column * inputGates + group] = 1; });
  return tf.tensor2d(matrix, [inputGroup.length, inputGates]);
}

/** Sums per feature [inputGates] from values per column [d_0]. */
const sumGroups = (perColumn: tf.Tensor1D, grouping?: tf.Tensor2D): tf.Tensor1D =>
  (grouping ? tf.reshape(tf.matMul(tf.reshape(perColumn, [1, -1]), grouping), [-1]) : perColumn);

/** Sums of values per weight of layer l [d, k] over the edges of every gate, for each tier that the layer reads. */
export const gateSums = (
  graph: Graph, l: number, perWeight: tf.Tensor2D, grouping?: tf.Tensor2D,
): { tier: number; part: tf.Tensor1D }[] =>
  scatterRows(graph, l, tf.sum<tf.Tensor1D>(perWeight, 1))
    .map(({ tier, part }) => ({ tier, part: tier === 0 ? sumGroups(part, grouping) : part }));
