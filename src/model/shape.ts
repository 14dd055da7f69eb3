/**
 * The network's shape and the places of its variational parameters in one flat vector theta of length P.
 *
 * All weights of all layers lie one after the other (W = sum of d_l * k_l), so that everything that is elementwise in the
 * weights is one operation for the whole network. The blocks of theta, in order:
 *
 *     mu [W] | rho [W] | alphaLogit [W]? | zLogit [G]? | biasMu [K] | biasRho [K] | logNoise [1]
 *
 * with sigma = softplus(rho); G counts the gates of all inputs and hidden units, one each, K the units of all layers.
 */
import type { Activation, Gates, OwnPriors, Spike, Task } from '../types.js';
import { gatesOfSources, graphOfShape } from './graph.js';

export interface NetworkShape {
  /** d_0 (encoded input columns), hidden widths, d_L (outputs). */
  widths: number[];
  /** Per layer what it reads, if not all units of the layer before; read by graph.ts alone. */
  sources?: (Int32Array | undefined)[];
  activation: Activation;
  gates: Gates;
  /** Form of the spike; `dirac` when left out. A Gaussian spike goes without gates. */
  spike?: Spike | undefined;
  task: Task;
  /** d_0: the gate (feature) that an encoded input column belongs to. */
  inputGroup: Int32Array;
  /** Number of input features. */
  inputGates: number;
  /** Prior probabilities of inputs that have one of their own; 1: the gate is held open. */
  inputPriors?: OwnPriors | undefined;
}

export interface LayerPlace {
  /** Rows of its matrix: the sources that it reads. */
  inputs: number;
  outputs: number;
  /** Rows that are input columns; they come first. */
  columns: number;
  /** First weight and first unit of the layer in the flat blocks. */
  weight: number;
  unit: number;
}

/** The gates of a tier of sources (see graph.ts). */
export interface GatePlace {
  /** First of them in the flat block. */
  gate: number;
  gates: number;
}

export type BlockName = 'mu' | 'rho' | 'alphaLogit' | 'zLogit' | 'biasMu' | 'biasRho' | 'logNoise';

export interface Layout {
  layers: LayerPlace[];
  /** Of the inputs, then of each hidden layer. */
  tiers: GatePlace[];
  weights: number;
  gates: number;
  units: number;
  /** Rows of the last layer whose edges lead directly from inputs to outputs (graph.ts); they come first. */
  direct: number;
  /** Length P of theta. */
  size: number;
  /** Offset and length of each block that this shape has. */
  blocks: Map<BlockName, { offset: number; length: number }>;
}

export const hasEdgeGates = (gates: Gates): boolean => gates === 'both' || gates === 'weight';
export const hasGates = (gates: Gates): boolean => gates !== 'none';
export const hasNodeGates = (gates: Gates): boolean => gates === 'both' || gates === 'node';

/** Where everything lies for a given shape. */
export function layoutOf(shape: NetworkShape): Layout {
  const graph = graphOfShape(shape);
  const layers: LayerPlace[] = [];
  const tiers: GatePlace[] = [];
  let weight = 0;
  let gate = 0;
  let unit = 0;
  for (const [l, outputs] of graph.outputs.entries()) {
    const inputs = graph.sourcesOf(l).length;
    const gates = l === 0 ? shape.inputGates : graph.tiers[l];
    const [first] = graph.feedsOf(l);
    const columns = first?.tier === 0 ? first.units.length : 0;
    layers.push({ inputs, outputs, columns, weight, unit });
    tiers.push({ gate, gates });
    weight += inputs * outputs;
    gate += gates;
    unit += outputs;
  }
  const lengths: [BlockName, number][] = [['mu', weight], ['rho', weight]];
  if (hasEdgeGates(shape.gates)) lengths.push(['alphaLogit', weight]);
  if (hasNodeGates(shape.gates)) lengths.push(['zLogit', gate]);
  lengths.push(['biasMu', unit], ['biasRho', unit], ['logNoise', 1]);
  const blocks: Layout['blocks'] = new Map();
  let size = 0;
  for (const [name, length] of lengths) {
    blocks.set(name, { offset: size, length });
    size += length;
  }
  return { layers, tiers, weights: weight, gates: gate, units: unit, direct: graph.directRows, size, blocks };
}

/** The part of a flat vector that holds one block; undefined when the shape has no such gates. A view, not a copy. */
export function block(theta: Float32Array, layout: Layout, name: BlockName): Float32Array | undefined {
  const place = layout.blocks.get(name);
  return place && theta.subarray(place.offset, place.offset + place.length);
}

/** The source gate of every weight [W] and the layer of every weight [W], as indices into the flat gates and layers. */
export function weightIndices(shape: NetworkShape, layout: Layout): { gate: Int32Array; layer: Int32Array } {
  const gate = new Int32Array(layout.weights);
  const layer = new Int32Array(layout.weights);
  const graph = graphOfShape(shape);
  const gateOf = gatesOfSources(graph, shape.inputGroup, shape.inputGates);
  layout.layers.forEach((place, l) => {
    graph.sourcesOf(l).forEach((source, i) => {
      gate.fill(gateOf[source], place.weight + i * place.outputs, place.weight + (i + 1) * place.outputs);
    });
    layer.fill(l, place.weight, place.weight + place.inputs * place.outputs);
  });
  return { gate, layer };
}
