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
import { drawMasks, livingUnits } from './draw-network.js';
import { Graph, graphOf } from './graph.js';
import { layerForward, type LayerInput } from './layer.js';
import { gatherRows } from './routes.js';

export interface ElboEstimate {
  /** In nats, over all rows; tempered. */
  elbo: number;
  logLikelihood: number;
  kl: number;
  /** Monte-Carlo standard error of the ELBO. */
  standardError: number;
}

/** Hard-gate ELBO from `draws` draws on x [n, d], y [n, K]. @param weights [n, 1]: how much each row counts */
export function hardGateElbo(
  posterior: Posterior, x: tf.Tensor2D, y: tf.Tensor2D, draws: number, stream: Stream, temperature = 1, weights?: tf.Tensor2D,
): ElboEstimate {
  const values = Array.from({ length: draws }, (_, s) => hardLogLikelihood(posterior, { x, y, weights }, stream.split('draw', s)));
  const logLikelihood = values.reduce((sum, v) => sum + v, 0) / draws;
  const spread = values.reduce((sum, v) => sum + (v - logLikelihood) ** 2, 0) / Math.max(1, draws - 1);
  const kl = posteriorKl(posterior);
  return { elbo: logLikelihood / temperature - kl, logLikelihood, kl, standardError: Math.sqrt(spread / draws) / temperature };
}

/** Numbers in the widest tensor of a forward pass, which bounds the rows that go through at a time; 4 MB. */
const LARGEST_TENSOR = 1 << 20;

/** One draw, without the units that lead nowhere: they change nothing and would cost as much as the others. */
function hardLogLikelihood(
  posterior: Posterior, { x, y, weights }: { x: tf.Tensor2D; y: tf.Tensor2D; weights: tf.Tensor2D | undefined }, stream: Stream,
): number {
  const { layers, activation, task, noiseVariance } = posterior;
  const [n, columns] = x.shape;
  return tf.tidy(() => {
    const { graph, drawn } = drawMoments(posterior, stream);
    const rows = Math.max(1, Math.floor(LARGEST_TENSOR / Math.max(columns, ...drawn.map(({ bias }) => bias.shape[0]))));
    const logNoise = tf.tensor1d([Math.log(noiseVariance)]);
    let total = 0;
    for (let from = 0; from < n; from += rows) {
      const count = Math.min(rows, n - from);
      total += tf.tidy(() => {
        const values = [tf.slice(x, [from, 0], [count, columns])];
        drawn.forEach((layer, l) => {
          const shape: [number, number] = [count, layer.bias.shape[0]];
          const epsilon = tf.tensor2d(stream.split('epsilon', l, from).normals(shape[0] * shape[1]), shape);
          const { a } = layerForward({ ...layer, h: gatherRows(graph, l, (tier) => values[tier]), epsilon });
          values.push(l + 1 < layers.length ? TENSOR_ACTIVATIONS[activation].value(a) : a);
        });
        const targets = tf.slice(y, [from, 0], [count, y.shape[1]]);
        const own = weights && tf.slice(weights, [from, 0], [count, 1]);
        return likelihoodOf(task).terms(tf, values[layers.length], targets, logNoise, own).logLikelihood.dataSync()[0];
      });
    }
    return total;
  });
}

type DrawnMoments = Pick<LayerInput, 'mean' | 'variance' | 'bias' | 'biasVariance'>;

/**
 * Draws the gates and gives what is left of each layer: moments of its weights and biases between living units, and the graph
 * of these.
 */
function drawMoments(posterior: Posterior, stream: Stream): { graph: Graph; drawn: DrawnMoments[] } {
  const { layers } = posterior;
  const whole = graphOf(posterior);
  const masks = drawMasks(posterior, stream);
  const { units, left } = withoutDeadUnits(whole, livingUnits(whole, masks));
  const drawn = layers.map((layer, l) => {
    const { rows } = left[l];
    const edges = (value: (w: number) => number): tf.Tensor2D =>
      tf.tensor2d(pickEdges(masks[l], layer.outputs, rows, units[l], value), [rows.length, units[l].length]);
    const perUnit = (value: (k: number) => number): tf.Tensor1D => tf.tensor1d(Float32Array.from(units[l], value));
    return {
      mean: edges((w) => layer.mu[w]),
      variance: edges((w) => layer.sigma[w] ** 2),
      bias: perUnit((k) => layer.biasMu[k]),
      biasVariance: perUnit((k) => layer.biasSigma[k] ** 2),
    };
  });
  const wired = left.map(({ rows, sources }, l) => ({ inputs: rows.length, outputs: units[l].length, sources }));
  return { graph: new Graph(whole.columns, wired), drawn };
}

/** All columns and the living units, per layer; and what each layer then reads. No matrix is left without rows or columns. */
function withoutDeadUnits(graph: Graph, living: readonly Int32Array[]) {
  const kept = [Int32Array.from({ length: graph.columns }, (_, i) => i), ...living];
  // Any unit will do, since no edge leads on from it.
  const add = (tier: number, unit: number): void => { kept[tier] = Int32Array.from([...kept[tier], unit]).sort(); };
  graph.outputs.forEach((_, l) => {
    const feeds = graph.feedsOf(l);
    if (!feeds.some(({ tier, units }) => units.some((unit) => kept[tier].includes(unit)))) add(feeds[0].tier, feeds[0].units[0]);
    if (living[l].length === 0) add(l + 1, 0);
  });
  return { units: kept.slice(1), left: graph.restricted(kept) };
}

/** Values of the open edges from `rows` to `units`, 0 for the closed ones; rows x units. */
function pickEdges(
  mask: Float32Array, outputs: number, rows: Int32Array, units: Int32Array, value: (w: number) => number,
): Float32Array {
  const picked = new Float32Array(rows.length * units.length);
  let at = 0;
  for (const i of rows) {
    for (const k of units) {
      const w = i * outputs + k;
      if (mask[w] !== 0) picked[at] = value(w);
      at++;
    }
  }
  return picked;
}
