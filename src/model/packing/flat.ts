/** The whole network as one pack: theta is one vector, every kind of parameter a stretch of it. */
import * as tf from '@tensorflow/tfjs-core';
import { FEW_OPERATIONS } from '../kernels.js';
import { columnGrouping, gateSums } from '../grouping.js';
import { graphOfShape, type Graph } from '../graph.js';
import type { Pack, Packing, PackPrior } from './types.js';
import { nodeLogits, priorRoles, type PriorRole } from '../prior.js';
import { rowValues } from './rows.js';
import { TierSums } from '../routes.js';
import { tiedRows, tiedVector } from './tied.js';
import { weightIndices, type BlockName, type Layout, type NetworkShape } from '../shape.js';

export function flatPacking(shape: NetworkShape, layout: Layout): Packing {
  const graph = graphOfShape(shape);
  const gateOfWeight = tf.tensor1d(weightIndices(shape, layout).gate, 'int32');
  const grouping = columnGrouping(shape);
  const rows = tiedRows(graph, shape.inputGroup);
  const last = layout.layers[layout.layers.length - 1];
  const tied = rows.any ? tiedVector(rows, last.weight, last.outputs) : undefined;
  const pack = { ...flatPack(layout, graph, gateOfWeight, grouping), tied };
  const roles = priorRoles(shape);
  const names = [...layout.blocks.keys()];
  const lengths = names.map((name) => layout.blocks.get(name)!.length);
  return {
    layout,
    kernels: FEW_OPERATIONS,
    parts: [{ name: 'theta', offset: 0, shape: [layout.size], mixed: true }],
    packs: [pack],
    blocks: ({ theta }) => {
      const cut = tf.split<tf.Tensor1D>(theta, lengths);
      const of = (name: BlockName): tf.Tensor1D => cut[names.indexOf(name)];
      const pack = { mu: of('mu'), rho: of('rho'), ...(layout.blocks.has('alphaLogit') && { alphaLogit: of('alphaLogit') }) };
      return {
        packs: [pack], ...(layout.blocks.has('zLogit') && { zLogits: [of('zLogit')] }),
        biasMu: of('biasMu'), biasRho: of('biasRho'), logNoise: of('logNoise'),
      };
    },
    gradient: ({ packs: [own], zLogits, ...rest }) => {
      const blocks = { ...own, zLogit: zLogits?.[0], ...rest };
      return { theta: tf.concat1d(names.map((name) => blocks[name] as tf.Tensor1D)) };
    },
    priorNames: [...roles],
    priorTensors: (prior) => {
      const perGate = (): number[] => layout.tiers.flatMap(({ gates }, t) => nodeLogits(prior, t, gates));
      const perWeight = (role: PriorRole): number[] => graph.outputs.flatMap((outputs, l) =>
        rowValues(graph, shape.inputGroup, prior, l, role).flatMap((value) => Array<number>(outputs).fill(value)));
      return Object.fromEntries(roles.map((role) => [role, tf.tensor1d(role === 'nodeLogit' ? perGate() : perWeight(role))]));
    },
    priorOf: (tensors) => Object.fromEntries(roles.map((role) => [role, tensors[role]])) as unknown as PackPrior,
    dispose: () => {
      tf.dispose([gateOfWeight, ...(grouping ? [grouping] : [])]);
      tied?.dispose();
      rows.dispose();
    },
  };
}

function flatPack({ layers, tiers }: Layout, graph: Graph, gateOfWeight: tf.Tensor1D, grouping?: tf.Tensor2D): Pack {
  const sizes = layers.map(({ inputs, outputs }) => inputs * outputs);
  const join = (vectors: tf.Tensor1D[]): tf.Tensor1D => (vectors.length === 1 ? vectors[0] : tf.concat1d(vectors));
  const cut = (vector: tf.Tensor1D, lengths: number[]): tf.Tensor1D[] =>
    (lengths.length === 1 ? [vector] : tf.split(vector, lengths));
  const matrices = (perWeight: tf.Tensor): tf.Tensor2D[] => cut(perWeight as tf.Tensor1D, sizes)
    .map((vector, l) => tf.reshape(vector, [layers[l].inputs, layers[l].outputs]));
  return {
    layers: layers.length,
    gates: [0],
    spread: (gate) => tf.gather(gate(0), gateOfWeight),
    sumOverEdges: (perWeight) => {
      const sums = new TierSums<tf.Tensor1D>();
      matrices(perWeight).forEach((matrix, l) => sums.add(gateSums(graph, l, matrix, grouping)));
      return [join(tiers.map(({ gates }, t) => sums.of(t, () => tf.zeros([gates]))))];
    },
    matrices,
    join: (list) => join(list.map((matrix) => tf.reshape(matrix, [-1]))),
  };
}
