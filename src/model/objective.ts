/**
 * The training objective: minus the surrogate ELBO per training row, and its gradient in closed form.
 *
 *     loss = -(1/B) sum_b log p(y_b | f_b) + (beta / N) KL(q || p)
 *
 * This is equation (1) of docs/method.md, Gradients, where every gradient is derived.
 *
 * Pure: tensors in, tensors out, noise as an argument, so that the same function can run eagerly or be recorded.
 */
import * as tf from '@tensorflow/tfjs-core';
import { likelihoodOf } from '../likelihood/index.js';
import { TENSOR_ACTIVATIONS } from './activation.js';
import { biasGradient } from './biases.js';
import { graphOfShape, type Graph } from './graph.js';
import { layerBackward, layerForward, type LayerGradient, type LayerInput, type LayerTrace } from './layer.js';
import type { Packing } from './packing/types.js';
import { gatherRows, scatterRows, TierSums } from './routes.js';
import type { NetworkShape } from './shape.js';
import { StepGates } from './source-gates.js';
import { mixtureGradient } from './mixture-gradient.js';
import { moments, weightGradient } from './spike-slab.js';

export interface Batch {
  /** [B, d_0] */
  x: tf.Tensor2D;
  /** [B, d_L] */
  y: tf.Tensor2D;
  /** [B, 1]: how much each row counts; absent: 1 each. */
  weights?: tf.Tensor2D | undefined;
  /** [B * K]: standard normal, one block [B, k_l] per layer. */
  noise: tf.Tensor1D;
}

export interface Controls {
  /** beta / N. */
  klScale: tf.Scalar;
  /** 1 holds all gates open, or leaves a Gaussian spike out of the prior; else 0. */
  gatesOpen: tf.Scalar;
  /** As the packing names them. */
  prior: Record<string, tf.Tensor>;
}

export type ObjectiveGradient = {
  /** Mean over the batch of log p(y | f) under the sampled pre-activations. */
  logLikelihood: tf.Scalar;
  /** d loss / d theta, part by part. */
  gradient: Record<string, tf.Tensor>;
};

/** Log-likelihood of the batch and the gradient of the loss in theta, given and returned in the packing's parts. */
export function objective(
  shape: NetworkShape, packing: Packing, theta: Record<string, tf.Tensor>, batch: Batch, controls: Controls,
): ObjectiveGradient {
  const { packs } = packing;
  const { klScale, gatesOpen } = controls;
  const blocks = packing.blocks(theta);
  const gates = blocks.zLogits && new StepGates(blocks.zLogits, packs, gatesOpen);
  const m = packs.map((pack, p) => moments(blocks.packs[p], gatesOpen, pack, gates?.z, packing.kernels));
  const biasSigma = tf.softplus(blocks.biasRho);
  const layers = layerInputs(shape, {
    mean: packs.flatMap((pack, p) => pack.matrices(m[p].mean)),
    variance: packs.flatMap((pack, p) => pack.matrices(m[p].variance)),
    bias: blocks.biasMu, biasVariance: tf.square(biasSigma),
  }, batch);

  const graph = graphOfShape(shape);
  const { steps, output } = forward(shape, graph, layers, batch.x);
  const rows = batch.x.shape[0];
  const terms = likelihoodOf(shape.task).terms(tf, output, batch.y, blocks.logNoise, batch.weights);
  const down = backward(shape, graph, tf.mul(terms.outputGradient, -1 / rows), steps);

  let first = 0;
  const zLogits: tf.Tensor1D[] = [];
  const ofPacks = packs.map((pack, p) => {
    const own = down.slice(first, (first += pack.layers));
    const [dMean, twice] = [pack.join(own.map(({ mean }) => mean)), pack.join(own.map(({ twiceVariance }) => twiceVariance))];
    const prior = packing.priorOf(controls.prior, p);
    if (shape.spike === 'gaussian') return mixtureGradient(blocks.packs[p], m[p], dMean, twice, klScale, prior, gatesOpen);
    const { gradient, cost } = weightGradient(blocks.packs[p], m[p], dMean, twice, klScale, prior, pack.tied);
    if (gates && cost) {
      gates.addCosts(p, cost);
      for (const v of gates.completedBy(p)) {
        zLogits[v] = gates.gradient(v, klScale, packing.priorOf(controls.prior, v).nodeLogit);
      }
    }
    return gradient;
  });
  const [dBias, twiceBias] = [joined(down.map(({ bias }) => bias)), joined(down.map((d) => d.twiceBiasVariance))];
  const gradient = packing.gradient({
    packs: ofPacks, ...(gates && { zLogits }),
    ...biasGradient(blocks, biasSigma, dBias, twiceBias, klScale),
    logNoise: tf.mul(terms.noiseGradient, -1 / rows),
  });
  return { logLikelihood: tf.div(terms.logLikelihood, rows), gradient };
}

const joined = (vectors: tf.Tensor1D[]): tf.Tensor1D => (vectors.length === 1 ? vectors[0] : tf.concat1d(vectors));

/** Weights' moments by layer, biases' over all units [K]. */
interface AllLayers {
  mean: tf.Tensor2D[];
  variance: tf.Tensor2D[];
  bias: tf.Tensor1D;
  biasVariance: tf.Tensor1D;
}

/** Cuts what lies over all units, and the noise [B * K], into layers. */
function layerInputs(shape: NetworkShape, all: AllLayers, batch: Batch): Omit<LayerInput, 'h'>[] {
  const rows = batch.x.shape[0];
  const units = shape.widths.slice(1);
  const cut = (vector: tf.Tensor1D, size: number): tf.Tensor1D[] =>
    (units.length === 1 ? [vector] : tf.split(vector, units.map((k) => k * size)));
  const [biases, variances, noises] = [cut(all.bias, 1), cut(all.biasVariance, 1), cut(batch.noise, rows)];
  return units.map((k, l) => ({
    mean: all.mean[l], variance: all.variance[l], bias: biases[l], biasVariance: variances[l],
    epsilon: tf.reshape(noises[l], [rows, k]),
  }));
}

/** What a layer's backward pass needs again. */
interface LayerStep {
  input: LayerInput;
  trace: LayerTrace;
  a: tf.Tensor2D;
  /** phi(a), of the last layer a: what layers further on read. */
  value: tf.Tensor2D;
}

function forward(
  shape: NetworkShape, graph: Graph, layers: Omit<LayerInput, 'h'>[], x: tf.Tensor2D,
): { steps: LayerStep[]; output: tf.Tensor2D } {
  // By tier, and last the outputs.
  const values = [x];
  const steps = layers.map((layer, l): LayerStep => {
    const input = { ...layer, h: gatherRows(graph, l, (tier) => values[tier]) };
    const { a, trace } = layerForward(input);
    const value = l + 1 < layers.length ? TENSOR_ACTIVATIONS[shape.activation].value(a) : a;
    values.push(value);
    return { input, trace, a, value };
  });
  return { steps, output: values[layers.length] };
}

/** Backpropagates the gradient in the outputs through all layers. */
function backward(shape: NetworkShape, graph: Graph, outputGradient: tf.Tensor2D, steps: LayerStep[]): LayerGradient[] {
  const gradients: LayerGradient[] = [];
  const ofTiers = new TierSums<tf.Tensor2D>();
  let da = outputGradient;
  for (let l = steps.length - 1; l >= 0; l--) {
    const readsUnits = graph.feedsOf(l).some(({ tier }) => tier > 0);
    const gradient = layerBackward(da, steps[l].input, steps[l].trace, readsUnits);
    gradients.unshift(gradient);
    if (gradient.h) ofTiers.add(scatterRows(graph, l, gradient.h));
    if (l === 0) break;
    const { a, value } = steps[l - 1];
    da = tf.mul(ofTiers.of(l, () => tf.zerosLike(value)), TENSOR_ACTIVATIONS[shape.activation].slope(a, value));
  }
  return gradients;
}
