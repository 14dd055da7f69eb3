/**
 * How the flat parameter vector theta lies in tensors while it is trained, and how the weights of all layers are computed
 * with: as one vector for the whole network (few operations, best where calling them costs more than computing), or as
 * one matrix per layer (nothing is cut and joined, best where weights are many and a compiler fuses operations).
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { BiasBlocks } from '../biases.js';
import type { Kernels } from '../kernels.js';
import type { Prior, PriorRole } from '../prior.js';
import type { Layout } from '../shape.js';

/** A tensor that holds a stretch of theta. */
export interface Part {
  name: string;
  offset: number;
  shape: number[];
  /** Whether it holds parameters of several kinds, which have learning rates of their own. */
  mixed?: boolean;
}

/**
 * Layers whose weights are handled in one go. Weights are [W] or one layer's [d, k]. The gates of inputs and hidden units are
 * one vector for the whole network, or one for each tier of sources.
 */
export interface Pack {
  /** How many. */
  layers: number;
  /** The vectors of gates that its weights have, ascending. */
  gates: readonly number[];
  /** Gates as factors of the weights, to be multiplied with them; `gate` gives the vectors that are asked for. */
  spread(gate: (vector: number) => tf.Tensor1D): tf.Tensor;
  /** Sums over the pack's edges of every source, one per gate of the vectors in {@link gates}. */
  sumOverEdges(perWeight: tf.Tensor): tf.Tensor1D[];
  /** Absent where every edge has a gate of its own. */
  tied?: TiedGates | undefined;
  /** The layers' matrices [d, k]. */
  matrices(perWeight: tf.Tensor): tf.Tensor2D[];
  /** Undoes {@link matrices}. */
  join(matrices: tf.Tensor2D[]): tf.Tensor;
}

/**
 * Edges that share a gate: those that lead directly from the columns of one input to all outputs (graph.ts). Each of them has
 * the gate's logit, all the same, so that each has to get the gradient of the whole.
 */
export interface TiedGates {
  /** The part of a gate that each edge bears, against weights. */
  share: tf.Tensor;
  /** Over weights: to each edge the sum over all edges of its gate. */
  sum(perWeight: tf.Tensor): tf.Tensor;
}

/** Variational parameters of a pack's weights and of their own gates, which are absent when the model has no such gates. */
export interface PackBlocks {
  mu: tf.Tensor;
  rho: tf.Tensor;
  alphaLogit?: tf.Tensor;
}

/** Theta, or its gradient, by meaning. */
export interface ThetaBlocks extends BiasBlocks {
  packs: PackBlocks[];
  /** Logits of the gates of sources, by vector; absent when the model has no such gates. */
  zLogits?: tf.Tensor1D[];
  logNoise: tf.Tensor1D;
}

export interface Packing {
  layout: Layout;
  /** In the form that suits how such a step is run. */
  kernels: Kernels;
  parts: Part[];
  /** In the order of the layers. */
  packs: Pack[];
  /** Theta's blocks from its parts. */
  blocks(parts: Record<string, tf.Tensor>): ThetaBlocks;
  /** The gradient's parts from its blocks. */
  gradient(blocks: ThetaBlocks): Record<string, tf.Tensor>;
  /** The prior as named tensors, and those of one pack by role. The caller disposes the tensors. */
  priorTensors(prior: Prior): Record<string, tf.Tensor>;
  priorNames: string[];
  /** As many packs as vectors of gates: the logit of pi is that of the vector of the same number. */
  priorOf(tensors: Record<string, tf.Tensor>, pack: number): PackPrior;
  dispose(): void;
}

/** The prior of a pack, in the roles that its shape has; each broadcasts against what it is named for. */
export interface PackPrior extends Record<PriorRole, tf.Tensor> {
  /** logit pi, against a vector of gates. */
  nodeLogit: tf.Tensor;
  /** logit rho, log(1 - rho) and 1 / tau^2, against weights. */
  edgeLogit: tf.Tensor;
  edgeLogOff: tf.Tensor;
  invTau2: tf.Tensor;
  /** (1 + log 1 / tau^2) / 2, the constant of the slab's divergence. */
  slabConstant: tf.Tensor;
  /** Of a Gaussian spike (see mixture.ts), against weights. */
  spikeOffset: tf.Tensor;
  spikeHalfCurvature: tf.Tensor;
  spikeWidth2: tf.Tensor;
}

export type PackingKind = 'flat' | 'matrices';
