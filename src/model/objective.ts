/**
 * The training objective: minus the surrogate ELBO per training row, and its gradient in closed form.
 *
 *     loss = -(1/B) sum_b log p(y_b | f_b) + (beta / N) KL(q || p)
 *
 * Pure: tensors in, tensors out, noise as an argument, so that the same function can run eagerly or be recorded.
 */
import * as tf from '@tensorflow/tfjs-core';
import { ACTIVATIONS } from './activation.js';
import { layerBackward, layerForward, type LayerGradient, type LayerInput, type LayerTrace } from './layer.js';
import { likelihood } from './likelihood.js';
import type { Packing } from './packing.js';
import type { NetworkShape } from './shape.js';
import { biasGradient, moments, weightGradient } from './spike-slab.js';

export interface Batch {
  /** [B, d_0] */
  x: tf.Tensor2D;
  /** [B, d_L] */
  y: tf.Tensor2D;
  /** [B * K]: standard normal, one block [B, k_l] per layer. */
  noise: tf.Tensor1D;
}

export interface Controls {
  /** beta / N. */
  klScale: tf.Scalar;
  /** 1 holds all gates open, else 0. */
  pinned: tf.Scalar;
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
  const { klScale, pinned } = controls;
  const { packs: blocks, logNoise } = packing.blocks(theta);
  const m = packs.map((pack, p) => moments(blocks[p], pinned, pack));
  const biasSigma = packs.map((pack, p) => pack.softplus(blocks[p].biasRho));
  const rows = batch.x.shape[0];
  const epsilon = layerNoise(batch.noise, rows, shape.widths.slice(1));
  const layers = packs.flatMap((pack, p) => {
    const [means, variances] = [pack.matrices(m[p].mean), pack.matrices(m[p].variance)];
    const [biases, biasVariances] = [pack.vectors(blocks[p].biasMu), pack.vectors(tf.square(biasSigma[p]))];
    return means.map((mean, l) => ({ mean, variance: variances[l], bias: biases[l], biasVariance: biasVariances[l] }));
  }).map((layer, l) => ({ ...layer, epsilon: epsilon[l] }));

  const { steps, output } = forward(shape, layers, batch.x);
  const terms = likelihood(shape.task, output, batch.y, logNoise);
  const down = backward(shape, tf.mul(terms.outputGradient, -1 / rows), steps);

  let first = 0;
  const gradients = packs.map((pack, p) => {
    const own = down.slice(first, (first += pack.layers));
    const matrices = (name: 'mean' | 'twiceVariance'): tf.Tensor => pack.joinMatrices(own.map((d) => d[name]));
    const vectors = (name: 'bias' | 'twiceBiasVariance'): tf.Tensor1D => pack.joinVectors(own.map((d) => d[name]));
    return {
      ...weightGradient(
        blocks[p], m[p], matrices('mean'), matrices('twiceVariance'), klScale, packing.priorOf(controls.prior, p), pack,
      ),
      ...biasGradient(blocks[p], biasSigma[p], vectors('bias'), vectors('twiceBiasVariance'), klScale),
    };
  });
  const gradient = packing.gradient(gradients, tf.mul(terms.noiseGradient, -1 / rows));
  return { logLikelihood: tf.div(terms.logLikelihood, rows), gradient };
}

/** The noise [B * K] as one matrix [B, k_l] per layer. */
function layerNoise(noise: tf.Tensor1D, rows: number, units: number[]): tf.Tensor2D[] {
  const parts = units.length === 1 ? [noise] : tf.split(noise, units.map((k) => k * rows));
  return parts.map((part, l) => tf.reshape(part, [rows, units[l]]));
}

/** What a layer's backward pass needs again. */
interface LayerStep {
  input: LayerInput;
  trace: LayerTrace;
  a: tf.Tensor2D;
  /** phi(a), the input of the next layer. */
  value: tf.Tensor2D;
}

function forward(
  shape: NetworkShape, layers: Omit<LayerInput, 'h'>[], x: tf.Tensor2D,
): { steps: LayerStep[]; output: tf.Tensor2D } {
  let h = x;
  const steps = layers.map((layer, l): LayerStep => {
    const input = { ...layer, h };
    const { a, trace } = layerForward(input);
    h = l + 1 < layers.length ? ACTIVATIONS[shape.activation].value(a) : a;
    return { input, trace, a, value: h };
  });
  return { steps, output: h };
}

/** Backpropagates the gradient in the outputs through all layers. */
function backward(shape: NetworkShape, outputGradient: tf.Tensor2D, steps: LayerStep[]): LayerGradient[] {
  const gradients: LayerGradient[] = [];
  let da = outputGradient;
  for (let l = steps.length - 1; l >= 0; l--) {
    const gradient = layerBackward(da, steps[l].input, steps[l].trace, l > 0);
    gradients.unshift(gradient);
    if (l > 0) da = tf.mul(gradient.h!, ACTIVATIONS[shape.activation].slope(steps[l - 1].a, steps[l - 1].value));
  }
  return gradients;
}
