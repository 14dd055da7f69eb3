/**
 * Gate flips: the final coordinate step on the node gates (docs/method.md). For each source gate, holding the rest, the
 * mean-field fixed point
 *
 *     logit z_k <- logit pi_l + E_q[ log p(D | s_k = 1) - log p(D | s_k = 0) ] - sum_j ( KL(alpha_kj) + alpha_kj KL(w_kj) )
 *
 * with the expectation over hard draws of everything else, the same draws on both sides. It closes inputs whose gates
 * stayed open in training because closed nodes above them left them without gradient.
 */
import * as tf from '@tensorflow/tfjs-core';
import { ACTIVATIONS } from '../model/activation.js';
import { gateCosts } from '../model/divergence.js';
import { drawNetwork } from '../model/hard.js';
import { likelihoodPerDraw } from '../model/likelihood.js';
import { logit, sigmoid } from '../model/prior.js';
import { hasEdgeGates, hasNodeGates } from '../model/shape.js';
import type { Stream } from '../random.js';
import type { LayerPosterior, Posterior } from '../types.js';
import { finish } from './steps.js';

export interface FlipOptions {
  sweeps: number;
  /** Draws of the other gates and of the weights; at least 8 for a usable standard error. */
  draws: number;
  /** N / n when x, y are a subsample of n of N rows. */
  scale: number;
}

/** What a flip decided, in nats. */
export interface Flip {
  /** 0 for inputs, l for hidden layer l. */
  layer: number;
  gate: number;
  before: number;
  after: number;
  logOdds: number;
  /** Monte-Carlo standard error of logOdds. */
  standardError: number;
}

/** Gates below this were closed by training with the data's consent; they are not asked again. */
const CLOSED = 0.01;

/**
 * Returns the posterior with updated z, and what changed. Posteriors without node gates come back as they are.
 * x [n, d_0], y [n, K] on the likelihood's scale.
 */
export function flipGates(
  posterior: Posterior, x: tf.Tensor2D, y: tf.Tensor2D, options: FlipOptions, stream: Stream,
): { posterior: Posterior; flips: Flip[] } {
  return finish(flipSteps(posterior, x, y, options, stream));
}

/** {@link flipGates} in steps, one per gate, between which the caller may do other things, or stop. */
export function* flipSteps(
  posterior: Posterior, x: tf.Tensor2D, y: tf.Tensor2D, options: FlipOptions, stream: Stream,
): Generator<void, { posterior: Posterior; flips: Flip[] }> {
  if (!hasNodeGates(posterior.gates) || options.sweeps === 0) return { posterior, flips: [] };
  const flipped: Posterior = { ...posterior, layers: posterior.layers.map((layer) => ({ ...layer, z: layer.z.slice() })) };
  const flips: Flip[] = [];
  for (let sweep = 0; sweep < options.sweeps; sweep++) {
    const draws = new HardDraws(flipped, options.draws, stream.split('sweep', sweep));
    try {
      for (let l = 0; l < flipped.layers.length; l++) {
        yield; // a layer whose gates are all closed has no steps of its own
        flips.push(...(yield* sweepLayer(flipped, l, draws, x, y, options)));
      }
    } finally {
      draws.dispose();
    }
  }
  return { posterior: flipped, flips };
}

/** Draws of all weights with the node gates apart, so that a gate can be flipped within a draw. */
class HardDraws {
  /** Per layer [S, d, k], as if every node gate were on. */
  readonly weights: tf.Tensor3D[] = [];
  /** Per layer [S, 1, k]. */
  readonly biases: tf.Tensor3D[] = [];
  /** Per layer S x gates: uniform numbers that decide s_k = [u < z_k]. */
  readonly uniforms: Float32Array[];

  constructor(private readonly posterior: Posterior, readonly count: number, stream: Stream) {
    const open: Posterior = { ...posterior, layers: posterior.layers.map((layer) => ({ ...layer, z: layer.z.map(() => 1) })) };
    const networks = Array.from({ length: count }, (_, s) => drawNetwork(open, stream.split('draw', s)));
    posterior.layers.forEach(({ inputs, outputs }, l) => {
      const stack = (part: 'weight' | 'bias', shape: [number, number]): tf.Tensor3D =>
        tf.tidy(() => tf.stack(networks.map((net) => tf.tensor2d(net[l][part], shape))) as tf.Tensor3D);
      this.weights.push(stack('weight', [inputs, outputs]));
      this.biases.push(stack('bias', [1, outputs]));
    });
    this.uniforms = posterior.layers.map(({ z }, l) => stream.split('gates', l).uniforms(count * z.length));
  }

  /** Whether gate k of layer l is on in each draw; [S, 1, 1]. */
  gate(l: number, k: number): tf.Tensor3D {
    const { z } = this.posterior.layers[l];
    const on = Array.from({ length: this.count }, (_, s) => Number(this.uniforms[l][s * z.length + k] < z[k]));
    return tf.tensor3d(on, [this.count, 1, 1]);
  }

  /** Row scale [S, d, 1] that puts layer l's current node gates on its weights. */
  rowGates(l: number): tf.Tensor3D {
    const { z, group, inputs } = this.posterior.layers[l];
    const rows = new Float32Array(this.count * inputs);
    for (let s = 0; s < this.count; s++) {
      for (let i = 0; i < inputs; i++) rows[s * inputs + i] = Number(this.uniforms[l][s * z.length + group[i]] < z[group[i]]);
    }
    return tf.tensor3d(rows, [this.count, inputs, 1]);
  }

  gatedWeights(l: number): tf.Tensor3D {
    return tf.mul(this.weights[l], this.rowGates(l));
  }

  dispose(): void {
    tf.dispose([...this.weights, ...this.biases]);
  }
}

function* sweepLayer(
  posterior: Posterior, l: number, draws: HardDraws, x: tf.Tensor2D, y: tf.Tensor2D, { scale }: FlipOptions,
): Generator<void, Flip[]> {
  const layer = posterior.layers[l];
  const costs = gateCosts(layer, hasEdgeGates(posterior.gates));
  const members = columnsOfGates(layer);
  const above = posterior.layers.map((_, upper) => (upper > l ? tf.tidy(() => draws.gatedWeights(upper)) : undefined));
  const h = tf.tidy(() => hiddenInputs(posterior, l, draws, x));
  let a = tf.tidy(() => tf.add<tf.Tensor3D>(tf.matMul(h, draws.gatedWeights(l)), draws.biases[l]));
  const flips: Flip[] = [];
  try {
    for (let k = 0; k < layer.z.length; k++) {
      if (layer.z[k] < CLOSED) continue;
      const before = layer.z[k];
      const { differences, off, part } = tf.tidy(() => {
        const contribution = gateContribution(h, draws.weights[l], members[k]);
        const without = tf.sub<tf.Tensor3D>(a, tf.mul(contribution, draws.gate(l, k)));
        const on = logLikelihoods(posterior, l, tf.add(without, contribution), above, draws, y);
        const closed = logLikelihoods(posterior, l, without, above, draws, y);
        return { differences: tf.sub(on, closed), off: without, part: contribution };
      });
      const { mean, standardError } = summary(differences.dataSync() as Float32Array, scale);
      const logOdds = logit(layer.prior.node) + mean - costs[k];
      layer.z[k] = sigmoid(logOdds);
      const next = tf.tidy(() => tf.add<tf.Tensor3D>(off, tf.mul(part, draws.gate(l, k))));
      tf.dispose([a, differences, off, part]);
      a = next;
      flips.push({ layer: l, gate: k, before, after: layer.z[k], logOdds, standardError });
      yield;
    }
  } finally {
    tf.dispose([a, h, ...above.filter((w) => w !== undefined)]);
  }
  return flips;
}

/** Inputs of layer l in every draw, [S, n, d_l], under the current gates below. */
function hiddenInputs(posterior: Posterior, l: number, draws: HardDraws, x: tf.Tensor2D): tf.Tensor3D {
  let h: tf.Tensor3D = tf.tile(tf.expandDims<tf.Tensor3D>(x, 0), [draws.count, 1, 1]);
  for (let below = 0; below < l; below++) {
    const a = tf.add<tf.Tensor3D>(tf.matMul(h, draws.gatedWeights(below)), draws.biases[below]);
    h = activate(posterior, a);
  }
  return h;
}

const activate = (posterior: Posterior, a: tf.Tensor3D): tf.Tensor3D =>
  ACTIVATIONS[posterior.activation].value(a as unknown as tf.Tensor2D) as unknown as tf.Tensor3D;

/** What an open gate adds to the pre-activations: h_C W_C summed over its columns C; [S, n, k]. */
function gateContribution(h: tf.Tensor3D, weights: tf.Tensor3D, columns: Int32Array): tf.Tensor3D {
  const chosen = tf.tensor1d(columns, 'int32');
  return tf.matMul<tf.Tensor3D>(tf.gather(h, chosen, 2), tf.gather(weights, chosen, 1));
}

/** log p(D | draw) from layer l's pre-activations on; [S]. */
function logLikelihoods(
  posterior: Posterior, l: number, a: tf.Tensor3D, above: (tf.Tensor3D | undefined)[], draws: HardDraws, y: tf.Tensor2D,
): tf.Tensor1D {
  let f = a;
  for (let upper = l + 1; upper < posterior.layers.length; upper++) {
    f = tf.add<tf.Tensor3D>(tf.matMul(activate(posterior, f), above[upper]!), draws.biases[upper]);
  }
  return likelihoodPerDraw(posterior.task, f, y, posterior.noiseVariance);
}

/** Encoded columns of each source gate. */
function columnsOfGates({ group, z }: LayerPosterior): Int32Array[] {
  const lists: number[][] = Array.from(z, () => []);
  group.forEach((gate, column) => lists[gate].push(column));
  return lists.map((list) => Int32Array.from(list));
}

/** Mean over draws and its standard error, both for all rows. */
function summary(values: Float32Array, scale: number): { mean: number; standardError: number } {
  const mean = values.reduce((total, v) => total + v, 0) / values.length;
  const spread = values.reduce((total, v) => total + (v - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return { mean: mean * scale, standardError: Math.sqrt(spread / values.length) * scale };
}
