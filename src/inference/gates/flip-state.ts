/**
 * Where all draws stand while the gates of one tier (model/graph.ts) are flipped: pre-activations of the layer after it, its
 * own layer, and of those further on as far as they come from no later tier than that layer's units. A flip adds or removes
 * one source, which changes few units of its own layer; the layers further on get the change of those units' activations and,
 * where they read the source themselves, what it gives them; only what comes from later tiers is computed anew.
 */
import * as tf from '@tensorflow/tfjs-core';
import { likelihoodOf } from '../../likelihood/index.js';
import type { Posterior } from '../../types.js';
import type { DrawnNetworks } from '../predictive/drawn-networks.js';
import { padded, part, type Candidate } from './flip-candidate.js';

/** A candidate's draws with its gate the other way round. */
export interface Turned {
  /** log p(D | draw), one per draw of the candidate. */
  logLikelihoods: Float64Array;
  /** Pre-activations of the units it touches [draws * width, n]. */
  touched: tf.Tensor2D;
  /** Of the layers further on, one for each of the state's: [draws, width of the layer, n]. */
  further: tf.Tensor3D[];
}

export type Likelihood = Pick<Posterior, 'task' | 'noiseVariance'>;

/** Numbers in one tensor of a turn, if it can be helped: what fits a processor's cache is done faster. */
const CHUNK = 1 << 20;

export class FlipState {
  /** log p(D | draw) at present; S. */
  readonly logLikelihoods: Float64Array;
  /** The tier's values: columns x n of inputs, else those of all draws one after the other, S * width x n. */
  private readonly sources: tf.Tensor2D;
  /** Pre-activations of its own layer, S * width x n. */
  private own: tf.Tensor2D;
  /** The layers further on that read the tier, the own layer's units, or an earlier tier. */
  private readonly layers: number[];
  /** Their pre-activations without what comes from later tiers; S x width x n each. */
  private further: tf.Tensor3D[];

  /** x [n, columns], y [n, K], weights [n, 1]. The network is the caller's to dispose, after this. */
  constructor(
    private readonly network: DrawnNetworks, private readonly tier: number, private readonly likelihood: Likelihood,
    x: tf.Tensor2D, private readonly y: tf.Tensor2D, private readonly weights?: tf.Tensor2D,
  ) {
    const { graph } = network;
    this.layers = [...graph.outputs.keys()].filter((l) => l > tier && graph.feedsOf(l).some((feed) => this.isKept(feed.tier)));
    const [sources, own, ...further] = tf.tidy((): [tf.Tensor2D, tf.Tensor2D, ...tf.Tensor3D[]] => {
      const values: tf.Tensor[] = [tf.transpose(x)];
      const valueOf = (t: number): tf.Tensor => values[t];
      let a = network.affine(0, valueOf);
      for (let l = 1; l <= tier; l++) {
        values.push(network.activate(a));
        a = network.affine(l, valueOf);
      }
      if (this.layers.length > 0) values.push(network.activate(a));
      const kept = this.layers.map((l) => network.affine(l, valueOf, undefined, (t) => this.isKept(t)));
      return [flat(values[tier]), flat(a), ...kept];
    });
    this.sources = sources;
    this.own = own;
    this.further = further;
    this.logLikelihoods = Float64Array.from(tf.tidy(() => this.onwards(own, further).dataSync() as Float32Array));
  }

  /** Turns the candidate's gate in each of its draws. The caller disposes what comes back. */
  turn(candidate: Candidate): Turned {
    const { draws, width } = candidate;
    const widest = Math.max(width, ...this.network.widths.slice(this.tier + 1));
    const each = Math.max(1, Math.floor(CHUNK / (widest * this.y.shape[0])));
    if (draws.length <= each) return this.turnTogether(candidate);
    const turns: Turned[] = [];
    for (let from = 0; from < draws.length; from += each) turns.push(this.turnTogether(part(candidate, from, from + each)));
    const joined: Turned = {
      logLikelihoods: Float64Array.from(turns.flatMap(({ logLikelihoods }) => Array.from(logLikelihoods))),
      touched: tf.concat(turns.map(({ touched }) => touched)),
      further: this.layers.map((_, at) => tf.concat(turns.map(({ further }) => further[at]))),
    };
    turns.forEach(disposeTurned);
    return joined;
  }

  private turnTogether(candidate: Candidate): Turned {
    const { network, tier } = this;
    const { draws, width, weights } = candidate;
    const [values, touched, ...further] = tf.tidy((): [tf.Tensor1D, tf.Tensor2D, ...tf.Tensor3D[]] => {
      const rows = this.unitRows(candidate);
      const before = tf.gather(this.own, rows);
      const after = tf.add<tf.Tensor2D>(before, this.contribution(candidate, weights, width));
      if (this.layers.length === 0) return [this.onwards(after, [], draws), after];
      const apart = (a: tf.Tensor2D): tf.Tensor3D => tf.reshape(a, [draws.length, width, a.shape[1]]);
      const change = apart(tf.sub(network.activate(after), network.activate(before)));
      const turned = this.layers.map((l, at) => {
        let a = network.pick(this.further[at], draws);
        const own = network.weights[l][tier + 1];
        if (own) a = tf.add<tf.Tensor3D>(a, tf.matMul(apart(tf.gather(flat(own), rows)), change, true, false));
        const direct = candidate.further.get(l);
        if (!direct) return a;
        const given = this.contribution(candidate, direct, network.widths[l]);
        return tf.add<tf.Tensor3D>(a, tf.reshape(given, a.shape));
      });
      return [this.onwards(after, turned, draws), after, ...turned];
    });
    const logLikelihoods = Float64Array.from(values.dataSync());
    values.dispose();
    return { logLikelihoods, touched, further };
  }

  /** Takes over `turned` as the present state in some of the candidate's draws (positions in its list). */
  keep(candidate: Candidate, { logLikelihoods, touched, further }: Turned, positions: readonly number[]): void {
    const { network: { count, widths }, tier } = this;
    const units = Int32Array.from({ length: count * widths[tier] }, (_, at) => at);
    const draws = Int32Array.from({ length: count }, (_, s) => s);
    for (const p of positions) {
      const s = candidate.draws[p];
      const first = count * widths[tier] + p * candidate.width;
      candidate.units[p].forEach((unit, u) => { units[s * widths[tier] + unit] = first + u; });
      draws[s] = count + p;
      this.logLikelihoods[s] = logLikelihoods[p];
    }
    this.own = replaced(this.own, touched, units);
    this.further = this.further.map((a, at) => replaced(a, further[at], draws));
  }

  dispose(): void {
    tf.dispose([this.sources, this.own, ...this.further]);
  }

  /** Whether what comes from a tier is kept: that of the gates, those before, and the units of its own layer. */
  private isKept(tier: number): boolean {
    return tier <= this.tier + 1;
  }

  /**
   * What the turned gate adds to the units of a layer; [draws * width, n].
   * @param weights per draw, width x columns; shorter lists are filled up with zeros.
   */
  private contribution({ draws, columns }: Candidate, weights: readonly number[][], width: number): tf.Tensor2D {
    const edges = padded(weights, width * columns.length);
    if (this.tier === 0) {
      const values = tf.gather(this.sources, tf.tensor1d(columns, 'int32'));
      const matrix = tf.tensor2d(edges, [draws.length * width, columns.length]);
      return columns.length === 1 ? tf.mul(matrix, values) : tf.matMul(matrix, values);
    }
    // The gate's unit has values of its own in every draw.
    const { living, widths } = this.network;
    const below = this.tier - 1;
    const at = draws.map((s) => s * widths[below] + living[s][below].indexOf(columns[0]));
    const values = tf.gather(this.sources, tf.tensor1d(at, 'int32'));
    return flat(tf.mul(tf.tensor3d(edges, [draws.length, width, 1]), tf.expandDims(values, 1)));
  }

  /** Where the candidate's units lie in `own`; beyond the end of a draw's list, where weights are 0, any unit will do. */
  private unitRows({ draws, units, width }: Candidate): tf.Tensor1D {
    const rows = new Int32Array(draws.length * width);
    draws.forEach((s, p) => {
      const first = s * this.network.widths[this.tier];
      for (let u = 0; u < width; u++) rows[p * width + u] = first + (units[p][u] ?? 0);
    });
    return tf.tensor1d(rows, 'int32');
  }

  /** log p(D | draw) from the pre-activations that are kept: of the layers further on or, if there are none, of the own one. */
  private onwards(own: tf.Tensor2D, further: readonly tf.Tensor3D[], chosen?: number[]): tf.Tensor1D {
    const { network, tier } = this;
    let f: tf.Tensor3D = this.layers.length > 0 ? further[0] : this.stacked(own);
    // By tier; those that are kept are in `further`.
    const values: tf.Tensor[] = [];
    const valueOf = (t: number): tf.Tensor => values[t];
    const isLater = (t: number): boolean => !this.isKept(t);
    for (let l = tier + 2; l < network.graph.depth; l++) {
      values[l] = network.activate(f);
      const at = this.layers.indexOf(l);
      if (at < 0) f = network.affine(l, valueOf, chosen);
      else {
        const later = network.products(l, valueOf, isLater, chosen);
        f = later ? tf.add(further[at], later) : further[at];
      }
    }
    const [count, outputs, n] = f.shape;
    const byRow = outputs === 1 ? tf.reshape<tf.Rank.R3>(f, [count, n, 1]) : tf.transpose(f, [0, 2, 1]);
    return likelihoodOf(this.likelihood.task).perDraw(tf, byRow, this.y, this.likelihood.noiseVariance, this.weights);
  }

  private stacked(a: tf.Tensor2D): tf.Tensor3D {
    return tf.reshape(a, [-1, this.network.widths[this.tier], a.shape[1]]);
  }
}

export const disposeTurned = ({ touched, further }: Turned): void => {
  tf.dispose([touched, ...further]);
};

/** Stacks one over the other: [.., n]. */
const flat = (a: tf.Tensor): tf.Tensor2D => tf.reshape(a, [-1, a.shape[a.rank - 1]]);

/** Rows of `old` and, counted on from its end, of `other`, in a new order; frees `old`. */
function replaced<T extends tf.Tensor>(old: T, other: T, order: Int32Array): T {
  const result = tf.tidy(() => tf.gather<T>(tf.concat<T>([old, other]), tf.tensor1d(order, 'int32')));
  old.dispose();
  return result;
}
