/**
 * Gate flips: the final coordinate step on the node gates (docs/method.md). For each source gate, holding the rest, the
 * mean-field fixed point
 *
 *     logit z_k <- logit pi_l + E_q[ log p(D | s_k = 1) - log p(D | s_k = 0) ] - sum_j ( KL(alpha_kj) + alpha_kj KL(w_kj) )
 *
 * with j over all units that read k, in whatever layer, and the expectation over hard draws of everything else, the same draws
 * on both sides. It closes inputs whose gates stayed open in training because closed nodes above them left them without
 * gradient.
 */
import * as tf from '@tensorflow/tfjs-core';
import { columnsOfInputs, tierGates, withGates } from '../../model/gates.js';
import { gateCosts } from '../../model/kl.js';
import { logit, sigmoid } from '../../maths/scalar.js';
import { gatePrior, isKept } from '../../model/prior.js';
import { hasNodeGates } from '../../model/shape.js';
import type { Stream } from '../../random.js';
import type { Posterior } from '../../types.js';
import { DrawnNetworks } from '../predictive/drawn-networks.js';
import { makeCandidate, type Candidate, type CandidateTier } from './flip-candidate.js';
import { HardDraws } from './flip-draws.js';
import { disposeTurned, FlipState, type Turned } from './flip-state.js';
import { finish } from '../../steps.js';

export interface FlipOptions {
  sweeps: number;
  /** Draws of the other gates and of the weights; at least 8 for a usable standard error. */
  draws: number;
  /** What the log-likelihood counts for: N / n when x, y are a subsample of n of N rows, and 1 / T at temperature T. */
  scale: number;
  /** [n, 1]: how much each row counts; absent: 1 each. */
  weights?: tf.Tensor2D | undefined;
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

/** Numbers that the pre-activations of a layer may have in all draws together (docs/method.md); 16 MB. */
const LARGEST_TENSOR = 1 << 22;
/** Multiplications of one sweep over the gates of a tier: some seconds. Few networks that are trained come near. */
const LARGEST_WORK = 1e11;
const FEWEST_ROWS = 250;

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
  const flipped = withGates(posterior, ({ z }) => z.slice());
  const flips: Flip[] = [];
  for (let sweep = 0; sweep < options.sweeps; sweep++) {
    const draws = new HardDraws(flipped, options.draws, stream.split('sweep', sweep));
    for (const tier of tierGates(flipped).keys()) {
      yield; // a tier whose gates are all closed has no steps of its own
      flips.push(...(yield* sweepTier(flipped, tier, draws, x, y, options, stream.split('rows', sweep, tier))));
    }
  }
  return { posterior: flipped, flips };
}

/** One gate after the other, each decided under the gates as the ones before left them. */
function* sweepTier(
  posterior: Posterior, tier: number, draws: HardDraws, x: tf.Tensor2D, y: tf.Tensor2D, { scale, weights }: FlipOptions,
  stream: Stream,
): Generator<void, Flip[]> {
  const own = tierGates(posterior)[tier];
  const { z: present } = own;
  const costs = gateCosts(posterior, tier);
  const members = tier === 0 ? columnsOfInputs(posterior) : Array.from(present, (_, k) => Int32Array.of(k));
  const asked = present.map((z, k) => Number(z >= CLOSED && !isKept(own.own, k)));
  if (!asked.includes(1)) return [];
  const living = draws.livingUnits(tier, (k) => asked[k] === 1);
  const network = new DrawnNetworks(posterior, draws, living);
  const place: CandidateTier = { graph: network.graph, tier, draws, living };
  const gates = [...asked.keys()].filter((k) => asked[k]);
  // Made twice: all at a time could take more room than the network.
  const candidateOf = (k: number): Candidate => makeCandidate(place, k, members[k]);
  const work = gates.reduce((sum, k) => sum + turnWork(candidateOf(k), network, tier), 1);
  const most = Math.min(LARGEST_TENSOR / (draws.count * Math.max(...network.widths)), LARGEST_WORK / work);
  const sample = sampleRows(x.shape[0], Math.max(FEWEST_ROWS, Math.floor(most)), stream);
  const all = [x, y, ...(weights ? [weights] : [])];
  const [xs, ys, ws] = sample ? tf.tidy(() => all.map((each) => tf.gather(each, tf.tensor1d(sample, 'int32')))) : all;
  const state = new FlipState(network, tier, posterior, xs, ys, ws);
  const perRow = weights ? scale * weightOf(weights) / weightOf(ws) : (scale * x.shape[0]) / xs.shape[0];
  const flips: Flip[] = [];
  try {
    for (const k of gates) {
      const before = present[k];
      const candidate = candidateOf(k);
      const turned = candidate.draws.length > 0 ? state.turn(candidate) : undefined;
      const { mean, standardError } = summary(differences(state, candidate, turned), perRow);
      const logOdds = logit(gatePrior(own, k)) + mean - costs[k];
      present[k] = sigmoid(logOdds);
      if (turned) {
        const changed = [...candidate.draws.keys()].filter((p) => draws.isOn(tier, k, candidate.draws[p]) !== candidate.on[p]);
        if (changed.length > 0) state.keep(candidate, turned, changed);
        disposeTurned(turned);
      }
      flips.push({ layer: tier, gate: k, before, after: present[k], logOdds, standardError });
      yield;
    }
  } finally {
    state.dispose();
    network.dispose();
    if (sample) tf.dispose(ws ? [xs, ys, ws] : [xs, ys]);
  }
  return flips;
}

const weightOf = (weights: tf.Tensor): number => tf.tidy(() => tf.sum(weights).dataSync()[0]);

/** Multiplications per row that turning a candidate takes. */
function turnWork({ units, further, columns }: Candidate, { graph, widths }: DrawnNetworks, tier: number): number {
  const touched = units.reduce((sum, list) => sum + list.length, 0);
  const next = graph.readersOfTier(tier + 1).reduce((sum, l) => sum + widths[l], 0);
  const direct = [...further.keys()].reduce((sum, l) => sum + widths[l] * columns.length, 0);
  const onwards = widths.reduce((sum, width, l) => graph.feedsOf(l).reduce((own, { tier: from }) =>
    (from > tier + 1 ? own + width * widths[from - 1] : own), sum), 0);
  return touched * (1 + next) + units.length * (onwards + direct);
}

/** Random rows that stand for all where there are more than `most`; in ascending order. */
function sampleRows(rows: number, most: number, stream: Stream): Int32Array | undefined {
  return most < rows ? stream.permutation(rows).subarray(0, most).sort() : undefined;
}

/** log p(D | draw, gate on) - log p(D | draw, gate off), per draw: one side is the present state, the other the turned one. */
function differences(state: FlipState, { draws, on }: Candidate, turned?: Turned): Float64Array {
  const all = new Float64Array(state.logLikelihoods.length);
  draws.forEach((s, p) => {
    const gain = turned!.logLikelihoods[p] - state.logLikelihoods[s];
    all[s] = on[p] ? -gain : gain;
  });
  return all;
}

/** Mean over draws and its standard error, both for all rows. */
function summary(values: Float64Array, scale: number): { mean: number; standardError: number } {
  const mean = values.reduce((total, v) => total + v, 0) / values.length;
  const spread = values.reduce((total, v) => total + (v - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return { mean: mean * scale, standardError: Math.sqrt(spread / values.length) * scale };
}
