/** Tensors that stay the same for a whole fit (index vectors, grouping of input columns) or change with the prior only. */
import * as tf from '@tensorflow/tfjs-core';
import { logit, type Prior } from './prior.js';
import { layoutOf, weightIndices, type Layout, type NetworkShape } from './shape.js';

export interface Constants {
  layout: Layout;
  gateOfWeight: tf.Tensor1D;
  layerOfWeight: tf.Tensor1D;
  layerOfGate: tf.Tensor1D;
  /** Sums a vector over weights [W] into one over source gates [G]. */
  sumOverEdges(perWeight: tf.Tensor1D): tf.Tensor1D;
  dispose(): void;
}

/** Index tensors of a shape. The caller disposes them. */
export function makeConstants(shape: NetworkShape): Constants {
  const layout = layoutOf(shape);
  const { gate, layer } = weightIndices(shape, layout);
  const gateOfWeight = tf.tensor1d(gate, 'int32');
  const layerOfWeight = tf.tensor1d(layer, 'int32');
  const layerOfGate = tf.tensor1d(layout.layers.flatMap(({ gates }, l) => Array<number>(gates).fill(l)), 'int32');
  const grouping = groupingMatrix(shape);
  return {
    layout, gateOfWeight, layerOfWeight, layerOfGate,
    sumOverEdges: (perWeight) => {
      const sums = layout.layers.map(({ weight, inputs, outputs }, l) => {
        const rows = tf.sum<tf.Tensor1D>(tf.reshape(tf.slice(perWeight, weight, inputs * outputs), [inputs, outputs]), 1);
        return l === 0 && grouping ? tf.reshape<tf.Rank.R1>(tf.matMul(tf.reshape(rows, [1, inputs]), grouping), [-1]) : rows;
      });
      return sums.length === 1 ? sums[0] : tf.concat1d(sums);
    },
    dispose: () => tf.dispose([gateOfWeight, layerOfWeight, layerOfGate, ...(grouping ? [grouping] : [])]),
  };
}

/** 0/1 matrix [d_0, inputGates] that sums columns of one feature; absent when every feature has one column. */
function groupingMatrix({ inputGroup, inputGates }: NetworkShape): tf.Tensor2D | undefined {
  if (inputGroup.every((group, column) => group === column)) return undefined;
  const matrix = new Float32Array(inputGroup.length * inputGates);
  inputGroup.forEach((group, column) => { matrix[column * inputGates + group] = 1; });
  return tf.tensor2d(matrix, [inputGroup.length, inputGates]);
}

/** The prior as the step function takes it, one entry per layer. */
export type PriorTensors = {
  nodeLogit: tf.Tensor1D;
  edgeLogit: tf.Tensor1D;
  /** log(1 - rho_l). */
  edgeLogOff: tf.Tensor1D;
  invTau2: tf.Tensor1D;
};

export const priorTensors = ({ node, edge, tau }: Prior): PriorTensors => ({
  nodeLogit: tf.tensor1d(node.map(logit)),
  edgeLogit: tf.tensor1d(edge.map(logit)),
  edgeLogOff: tf.tensor1d(edge.map((rho) => Math.log1p(-rho))),
  invTau2: tf.tensor1d(tau.map((t) => 1 / (t * t))),
});
