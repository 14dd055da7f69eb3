/**
 * The training objective: minus the surrogate ELBO per training row, and its gradient in closed form.
 *
 *     loss = -(1/B) sum_b log p(y_b | f_b) + (beta / N) KL(q || p)
 *
 * Pure: tensors in, tensors out, noise as an argument, so that the same function can run eagerly or be recorded.
 */
import * as tf from '@tensorflow/tfjs-core';
import { ACTIVATIONS } from './activation.js';
import type { Constants, PriorTensors } from './constants.js';
import { layerBackward, layerForward, type LayerInput, type LayerTrace } from './layer.js';
import { likelihood } from './likelihood.js';
import type { BlockName, Layout, NetworkShape } from './shape.js';
import { moments, weightGradient, type Blocks, type Moments } from './spike-slab.js';

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
  prior: PriorTensors;
}

export type ObjectiveGradient = {
  /** Mean over the batch of log p(y | f) under the sampled pre-activations. */
  logLikelihood: tf.Scalar;
  /** d loss / d theta [P]. */
  gradient: tf.Tensor1D;
};

/** Cuts theta [P] into its named blocks. */
export function splitTheta(theta: tf.Tensor1D, layout: Layout): Blocks {
  const cut = (name: BlockName): tf.Tensor1D | undefined => {
    const place = layout.blocks.get(name);
    return place && tf.slice(theta, place.offset, place.length);
  };
  return {
    mu: cut('mu')!, rho: cut('rho')!, alphaLogit: cut('alphaLogit'), zLogit: cut('zLogit'),
    biasMu: cut('biasMu')!, biasRho: cut('biasRho')!, logNoise: cut('logNoise')!,
  };
}

/** Log-likelihood of the batch and the gradient of the loss in theta [P]. */
export function objective(
  shape: NetworkShape, constants: Constants, theta: tf.Tensor1D, batch: Batch, controls: Controls,
): ObjectiveGradient {
  const blocks = splitTheta(theta, constants.layout);
  const m = moments(blocks, controls.pinned, constants);
  const biasSigma = tf.softplus(blocks.biasRho);
  const { inputs, traces, activations, output } = forward(shape, constants.layout, blocks, m, tf.square(biasSigma), batch);

  const rows = batch.x.shape[0];
  const terms = likelihood(shape.task, output, batch.y, blocks.logNoise);
  const down = backward(shape, tf.mul(terms.outputGradient, -1 / rows), inputs, traces, activations);

  // KL(N(b, s^2) || N(0, 1)) has gradient b and s - 1/s.
  const dBiasMu = tf.add<tf.Tensor1D>(down.bias, tf.mul(controls.klScale, blocks.biasMu));
  const dBiasSigma = tf.add<tf.Tensor1D>(
    tf.mul(tf.mul(down.biasVariance, biasSigma), 2),
    tf.mul(controls.klScale, tf.sub(biasSigma, tf.reciprocal(biasSigma))),
  );
  const gradient = tf.concat1d([
    ...weightGradient(blocks, m, down.mean, down.variance, controls.klScale, controls.prior, constants),
    dBiasMu,
    tf.mul<tf.Tensor1D>(dBiasSigma, tf.sigmoid(blocks.biasRho)),
    tf.mul<tf.Tensor1D>(terms.noiseGradient, -1 / rows),
  ]);
  return { logLikelihood: tf.div(terms.logLikelihood, rows), gradient };
}

interface Activations { a: tf.Tensor2D; h: tf.Tensor2D }

function forward(
  shape: NetworkShape, layout: Layout, blocks: Blocks, m: Moments, biasVariance: tf.Tensor1D, batch: Batch,
): { inputs: LayerInput[]; traces: LayerTrace[]; activations: Activations[]; output: tf.Tensor2D } {
  const rows = batch.x.shape[0];
  const inputs: LayerInput[] = [];
  const traces: LayerTrace[] = [];
  const activations: Activations[] = [];
  let h = batch.x;
  layout.layers.forEach((place, l) => {
    const size = place.inputs * place.outputs;
    const matrix = (flat: tf.Tensor1D): tf.Tensor2D =>
      tf.reshape(tf.slice(flat, place.weight, size), [place.inputs, place.outputs]);
    const input: LayerInput = {
      h, mean: matrix(m.mean), variance: matrix(m.variance),
      bias: tf.slice(blocks.biasMu, place.unit, place.outputs),
      biasVariance: tf.slice(biasVariance, place.unit, place.outputs),
      epsilon: tf.reshape(tf.slice(batch.noise, place.unit * rows, place.outputs * rows), [rows, place.outputs]),
    };
    const { a, trace } = layerForward(input);
    inputs.push(input);
    traces.push(trace);
    h = l + 1 < layout.layers.length ? ACTIVATIONS[shape.activation].value(a) : a;
    activations.push({ a, h });
  });
  return { inputs, traces, activations, output: h };
}

interface FlatGradient { mean: tf.Tensor1D; variance: tf.Tensor1D; bias: tf.Tensor1D; biasVariance: tf.Tensor1D }

/** Backpropagates the gradient in the outputs through all layers, into flat vectors over weights and units. */
function backward(
  shape: NetworkShape, outputGradient: tf.Tensor2D, inputs: LayerInput[], traces: LayerTrace[], activations: Activations[],
): FlatGradient {
  const parts: FlatGradient[] = [];
  const flat = (matrix: tf.Tensor2D): tf.Tensor1D => tf.reshape(matrix, [-1]);
  let da = outputGradient;
  for (let l = inputs.length - 1; l >= 0; l--) {
    const d = layerBackward(da, inputs[l], traces[l], l > 0);
    parts.unshift({ ...d, mean: flat(d.mean), variance: flat(d.variance) });
    if (l > 0) da = tf.mul(d.h!, ACTIVATIONS[shape.activation].slope(activations[l - 1].a, activations[l - 1].h));
  }
  const join = (name: keyof FlatGradient): tf.Tensor1D =>
    (parts.length === 1 ? parts[0][name] : tf.concat1d(parts.map((part) => part[name])));
  return { mean: join('mean'), variance: join('variance'), bias: join('bias'), biasVariance: join('biasVariance') };
}
