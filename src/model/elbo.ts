/**
 * The evidence lower bound with hard gates: an unbiased Monte-Carlo estimate, on all rows given.
 *
 *     ELBO = (1/T) sum_n E_q log p(y_n | x_n, w) - KL(q || p)
 *
 * T is the temperature, 1 but where a run is tempered (docs/method.md, Temperature).
 *
 * Gates are drawn hard; given the gates, each row's pre-activations are drawn by local reparameterisation, which leaves
 * every row's expectation as it is and lowers the variance.
 */
import * as tf from '@tensorflow/tfjs-core';
import { likelihoodOf } from '../likelihood/index.js';
import type { Stream } from '../random.js';
import type { Posterior } from '../types.js';
import { TENSOR_ACTIVATIONS } from './activation.js';
import { posteriorKl } from './kl.js';
import { drawMask, livingUnits } from './draw-network.js';
import { layerForward, type LayerInput } from './layer.js';

export interface ElboEstimate {
  /** In nats, over all rows; tempered. */
  elbo: number;
  logLikelihood: number;
  kl: number;
  /** Monte-Carlo standard error of the ELBO. */
  standardError: number;
}

/** Hard-gate ELBO from `draws` draws on x [n, d], y [n, K]. */
export function hardGateElbo(
  posterior: Posterior, x: tf.Tensor2D, y: tf.Tensor2D, draws: number, stream: Stream, temperature = 1,
): ElboEstimate {
  const values = Array.from({ length: draws }, (_, s) => hardLogLikelihood(posterior, x, y, stream.split('draw', s)));
  const logLikelihood = values.reduce((sum, v) => sum + v, 0) / draws;
  const spread = values.reduce((sum, v) => sum + (v - logLikelihood) ** 2, 0) / Math.max(1, draws - 1);
  const kl = posteriorKl(posterior);
  return { elbo: logLikelihood / temperature - kl, logLikelihood, kl, standardError: Math.sqrt(spread / draws) / temperature };
}

/** Numbers in the widest tensor of a forward pass, which bounds the rows that go through at a time; 4 MB. */
const LARGEST_TENSOR = 1 << 20;

/** One draw, without the units that lead nowhere: they change nothing and would cost as much as the others. */
function hardLogLikelihood(posterior: Posterior, x: tf.Tensor2D, y: tf.Tensor2D, stream: Stream): number {
  const { layers, activation, task, noiseVariance } = posterior;
  const [n, columns] = x.shape;
  return tf.tidy(() => {
    const drawn = drawMoments(posterior, stream);
    const rows = Math.max(1, Math.floor(LARGEST_TENSOR / Math.max(columns, ...drawn.map(({ bias }) => bias.shape[0]))));
    const logNoise = tf.tensor1d([Math.log(noiseVariance)]);
    let total = 0;
    for (let from = 0; from < n; from += rows) {
      const count = Math.min(rows, n - from);
      total += tf.tidy(() => {
        let h = tf.slice(x, [from, 0], [count, columns]);
        drawn.forEach((layer, l) => {
          const shape: [number, number] = [count, layer.bias.shape[0]];
          const epsilon = tf.tensor2d(stream.split('epsilon', l, from).normals(shape[0] * shape[1]), shape);
          const { a } = layerForward({ ...layer, h, epsilon });
          h = l + 1 < layers.length ? TENSOR_ACTIVATIONS[activation].value(a) : a;
        });
        return likelihoodOf(task).terms(tf, h, tf.slice(y, [from, 0], [count, y.shape[1]]), logNoise).logLikelihood.dataSync()[0];
      });
    }
    return total;
  });
}

type DrawnMoments = Pick<LayerInput, 'mean' | 'variance' | 'bias' | 'biasVariance'>;

/** Draws the gates and gives what is left of each layer: moments of its weights and biases between living units. */
function drawMoments({ layers }: Posterior, stream: Stream): DrawnMoments[] {
  const masks = layers.map((layer, l) => drawMask(layer, stream.split('mask', l)));
  const living = livingUnits(masks, layers.map(({ outputs }) => outputs));
  // A matrix has at least one column; any unit will do, since no edge leads on from it.
  const units = living.map((list) => (list.length > 0 ? list : Int32Array.of(0)));
  return layers.map((layer, l) => {
    const sources = l === 0 ? allUnits(layer.inputs) : units[l - 1];
    const edges = (value: (w: number) => number): tf.Tensor2D =>
      tf.tensor2d(pickEdges(masks[l], layer.outputs, sources, units[l], value), [sources.length, units[l].length]);
    const perUnit = (value: (k: number) => number): tf.Tensor1D => tf.tensor1d(Float32Array.from(units[l], value));
    return {
      mean: edges((w) => layer.mu[w]),
      variance: edges((w) => layer.sigma[w] ** 2),
      bias: perUnit((k) => layer.biasMu[k]),
      biasVariance: perUnit((k) => layer.biasSigma[k] ** 2),
    };
  });
}

const allUnits = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i);

/** Values of the open edges from `sources` to `units`, 0 for the closed ones; sources x units. */
function pickEdges(
  mask: Float32Array, outputs: number, sources: Int32Array, units: Int32Array, value: (w: number) => number,
): Float32Array {
  const picked = new Float32Array(sources.length * units.length);
  let at = 0;
  for (const i of sources) {
    for (const k of units) {
      const w = i * outputs + k;
      if (mask[w] !== 0) picked[at] = value(w);
      at++;
    }
  }
  return picked;
}
