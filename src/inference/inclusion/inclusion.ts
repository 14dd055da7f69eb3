/**
 * Posterior inclusion probabilities (PIPs), docs/method.md "What the probabilities mean":
 *
 *     weight   z_i alpha_ij; under a Gaussian spike the expected responsibility of the slab
 *     node     P(gate on, reachable from an input, able to reach an output)
 *     input    P(gate on, able to reach an output), per feature: its encoded columns share one gate
 *
 * The edges below a node, its own gate and the edges above it are independent under q, so a node's PIP is the product
 * z * P(reached from below) * P(reaches the top) and the two sides are swept apart.
 */
import { fail } from '../../errors.js';
import { edgeProbabilities } from '../../model/mixture.js';
import type { Stream } from '../../random.js';
import type { LayerPosterior, Posterior } from '../../types.js';
import { missLogs, sweep, transposeMiss, type Reach } from './reachability.js';

/** PIPs of one posterior with Monte-Carlo standard errors (over masks; 0 where exact). */
export interface Inclusion {
  /** Per layer d x k. */
  weights: Float32Array[];
  /** Per hidden layer, one per unit. */
  nodes: Float64Array[];
  nodeErrors: Float64Array[];
  /** One per feature (source gate of layer 1). */
  inputs: Float64Array;
  inputErrors: Float64Array;
  /** Number of masks. */
  samples: number;
}

export interface InclusionOptions {
  /** Masks drawn from q; 1000 when left out. */
  samples?: number;
  /** Source of the masks' random numbers. */
  stream: Stream;
}

/**
 * All PIPs of a posterior. Time is proportional to samples x weights; no edges are drawn (see reachability.ts).
 *
 * @throws `usage.samples` when samples is not a positive whole number.
 */
export function inclusion(posterior: Posterior, { samples = 1000, stream }: InclusionOptions): Inclusion {
  if (!Number.isInteger(samples) || samples < 1) {
    throw fail('usage.samples', `the number of sampled masks must be a whole number of at least 1, not ${samples}`);
  }
  const layers = posterior.layers.map((layer) => ({ ...layer, alpha: edgeProbabilities(layer) }));
  const miss = layers.map(missLogs);
  const gates = layers.map((layer) => layer.z);

  // Hidden layer h (counted from 0) holds the outputs of layer h and the sources of layer h + 1.
  const up = miss.slice(0, -1).map((logs, h) => ({ miss: logs, gate: gates[h + 1] }));
  const down = miss.map((logs, l) => ({ miss: transposeMiss(logs), gate: gates[l] })).reverse();
  const below = sweep(gates[0], up, samples, stream.split('from-inputs'));
  const outputs = new Float64Array(layers[layers.length - 1].outputs).fill(1);
  const above = sweep(outputs, down, samples, stream.split('from-outputs')).reverse();

  const inputs = gated(gates[0], above[0]);
  const nodes = below.map((reach, h) => gated(gates[h + 1], reach, above[h + 1]));
  return {
    weights: posterior.layers.map(weightPips),
    nodes: nodes.map((node) => node.mean),
    nodeErrors: nodes.map((node) => node.error),
    inputs: inputs.mean,
    inputErrors: inputs.error,
    samples,
  };
}

/** d x k: z_i alpha_ij, i's gate being that of its group; under a Gaussian spike the responsibility of the slab. */
export function weightPips(layer: LayerPosterior): Float32Array {
  const { inputs, outputs, z, group } = layer;
  const alpha = edgeProbabilities(layer);
  const pips = new Float32Array(inputs * outputs);
  for (let i = 0, at = 0; i < inputs; i++) for (let j = 0; j < outputs; j++, at++) pips[at] = z[group[i]] * alpha[at];
  return pips;
}

/** Product of a gate and one or two independent estimates; standard error of the product to first order. */
function gated(gate: Float32Array, one: Reach, other?: Reach): Reach {
  const mean = one.mean.map((p, k) => gate[k] * p * (other ? other.mean[k] : 1));
  const error = one.error.map((e, k) => gate[k] * (other ? Math.hypot(e * other.mean[k], one.mean[k] * other.error[k]) : e));
  return { mean, error };
}
