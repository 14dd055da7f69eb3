/**
 * Posterior inclusion probabilities (PIPs), docs/method.md "What the probabilities mean":
 *
 *     weight   z_i alpha_ij; under a Gaussian spike the expected responsibility of the slab
 *     node     P(gate on, reachable from an input, able to reach an output)
 *     input    P(gate on, able to reach an output), per feature: its encoded columns share one gate
 *     nonlinear input    P(gate on, able to reach an output through a hidden unit)
 *
 * What leads to a node, its own gate and what leads on from it are independent under q, by whatever routes: no edge and no other
 * gate lies on both sides. So a node's PIP is the product z * P(reached from below) * P(reaches the top) and the two sides are
 * swept apart. Nor do an input's direct edges to the outputs share anything with its ways through hidden units: h being
 * the probability of these and d that of an open direct edge, z h is nonlinear and z d (1 - h) linear.
 */
import { fail } from '../../errors.js';
import { sourceGates, tierGates } from '../../model/gates.js';
import { graphOf, type Graph } from '../../model/graph.js';
import { edgeProbabilities } from '../../model/mixture.js';
import type { Stream } from '../../random.js';
import type { Posterior } from '../../types.js';
import { missLogs, sweep, transposeMiss, type MissLogs, type Reach, type SweepStep } from './reachability.js';

/** PIPs of one posterior with Monte-Carlo standard errors (over masks; 0 where exact). */
export interface Inclusion {
  /** Per layer d x k. */
  weights: Float32Array[];
  /** Per hidden layer, one per unit. */
  nodes: Float64Array[];
  nodeErrors: Float64Array[];
  /** One per feature. */
  inputs: Float64Array;
  inputErrors: Float64Array;
  /**
   * Of reaching an output through a hidden unit, one per feature. The rest of an input's PIP is that of direct edges alone,
   * which is linear. Absent where the network has hidden layers and no direct edges: there a way through hidden units may be
   * as good as linear, and nothing tells.
   */
  nonlinear?: Float64Array;
  nonlinearErrors?: Float64Array;
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
  const graph = graphOf(posterior);
  const last = graph.depth - 1;
  const miss = posterior.layers.map((_, l) => missLogs(posterior, l, graph));
  const gates = tierGates(posterior).map(({ z }) => z);

  // Upwards unit groups are tiers; downwards they are the outputs, then the hidden layers from the last on, then the inputs.
  const up = miss.slice(0, -1).map((feeds, h): SweepStep =>
    ({ from: feeds.map(({ tier, miss: logs }) => ({ group: tier, miss: logs })), gate: gates[h + 1] }));
  // The inputs' direct edges to the outputs are kept apart.
  const down = gates.map((gate, tier): SweepStep => {
    const readers = miss.flatMap((feeds, l) => feeds.filter((feed) => feed.tier === tier && (tier > 0 || l < last))
      .map((feed) => ({ group: last - l, miss: transposeMiss(feed.miss) })));
    return { from: readers, gate };
  }).reverse();
  const below = sweep(gates[0], up, samples, stream.split('from-inputs'));
  const outputs = new Float64Array(graph.outputs[last]).fill(1);
  const above = sweep(outputs, down, samples, stream.split('from-outputs')).reverse();

  const nonlinear = gated(gates[0], above[0]);
  const direct = directReach(miss[last].find(({ tier }) => tier === 0)?.miss, gates[0].length);
  const nodes = below.map((reach, h) => gated(gates[h + 1], reach, above[h + 1]));
  return {
    weights: weightPips(posterior),
    nodes: nodes.map((node) => node.mean),
    nodeErrors: nodes.map((node) => node.error),
    inputs: nonlinear.mean.map((p, k) => p + gates[0][k] * direct[k] * (1 - above[0].mean[k])),
    inputErrors: nonlinear.error.map((e, k) => (1 - direct[k]) * e),
    ...(isSplitTold(graph, posterior) && { nonlinear: nonlinear.mean, nonlinearErrors: nonlinear.error }),
    samples,
  };
}

/** Per layer d x k: z_i alpha_ij, i's gate being that of its input; under a Gaussian spike the responsibility of the slab. */
export function weightPips(posterior: Posterior): Float32Array[] {
  const z = sourceGates(posterior);
  const graph = graphOf(posterior);
  return posterior.layers.map((layer, l) => {
    const { inputs, outputs } = layer;
    const sources = graph.sourcesOf(l);
    const alpha = edgeProbabilities(layer);
    const pips = new Float32Array(inputs * outputs);
    for (let i = 0, at = 0; i < inputs; i++) for (let j = 0; j < outputs; j++, at++) pips[at] = z[sources[i]] * alpha[at];
    return pips;
  });
}

/** Per feature the probability that one of its direct edges to the outputs is open. */
function directReach(miss: MissLogs | undefined, features: number): Float64Array {
  const logs = new Float64Array(features);
  miss?.data.forEach((log, at) => { logs[Math.floor(at / miss.cols)] += log; });
  return logs.map((log) => 0 - Math.expm1(log));
}

/** Whether every input could do without hidden units: there are none, or the outputs read a column of it. */
function isSplitTold(graph: Graph, { inputs: { group, z } }: Posterior): boolean {
  if (graph.depth === 1) return true;
  const direct = new Set<number>();
  graph.rowsOfTier(graph.depth - 1, 0).forEach((row, column) => { if (row >= 0) direct.add(group[column]); });
  return direct.size === z.length;
}

/** Product of a gate and one or two independent estimates; standard error of the product to first order. */
function gated(gate: Float32Array, one: Reach, other?: Reach): Reach {
  const mean = one.mean.map((p, k) => gate[k] * p * (other ? other.mean[k] : 1));
  const error = one.error.map((e, k) => gate[k] * (other ? Math.hypot(e * other.mean[k], one.mean[k] * other.error[k]) : e));
  return { mean, error };
}
