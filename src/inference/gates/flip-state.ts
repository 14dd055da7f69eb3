/**
 * Where all draws stand while the gates of one layer are flipped: pre-activations of the layer and of the one above. A flip
 * adds or removes one source, which changes few units of the layer; the layer above gets the change of those units'
 * activations, and only what lies above that is computed anew.
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
  /** Pre-activations of the units it touches [draws * width, n], and of the layer above [draws, width', n]. */
  touched: tf.Tensor2D;
  next: tf.Tensor3D | undefined;
}

export type Likelihood = Pick<Posterior, 'task' | 'noiseVariance'>;

/** Numbers in one tensor of a turn, if it can be helped: what fits a processor's cache is done faster. */
const CHUNK = 1 << 20;

export class FlipState {
  /** log p(D | draw) at present; S. */
  readonly logLikelihoods: Float64Array;
  /** Inputs of the layer: columns x n in layer 0, else those of all draws one after the other, S * width below x n. */
  private readonly sources: tf.Tensor2D;
  /** S * width x n. */
  private own: tf.Tensor2D;
  /** S x width' x n; nothing in the last layer. */
  private next: tf.Tensor3D | undefined;

  /** x [n, columns], y [n, K]. The network is the caller's to dispose, after this. */
  constructor(
    private readonly network: DrawnNetworks, private readonly l: number, private readonly likelihood: Likelihood,
    x: tf.Tensor2D, private readonly y: tf.Tensor2D,
  ) {
    const [sources, own, next] = tf.tidy(() => {
      let inputs: tf.Tensor = tf.transpose(x);
      let a = network.first(inputs as tf.Tensor2D);
      for (let below = 1; below <= l; below++) {
        inputs = network.activate(a);
        a = network.affine(below, inputs as tf.Tensor3D);
      }
      const above = l + 1 < network.layers ? [network.affine(l + 1, network.activate(a))] : [];
      return [flat(inputs), flat(a), ...above];
    }) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor3D?];
    this.sources = sources;
    this.own = own;
    this.next = next;
    this.logLikelihoods = Float64Array.from(tf.tidy(() => this.onwards(next ?? this.stacked(own)).dataSync() as Float32Array));
  }

  /** Turns the candidate's gate in each of its draws. The caller disposes what comes back. */
  turn(candidate: Candidate): Turned {
    const { draws, width } = candidate;
    const widest = Math.max(width, ...this.network.widths.slice(this.l + 1));
    const each = Math.max(1, Math.floor(CHUNK / (widest * this.y.shape[0])));
    if (draws.length <= each) return this.turnTogether(candidate);
    const turns: Turned[] = [];
    for (let from = 0; from < draws.length; from += each) turns.push(this.turnTogether(part(candidate, from, from + each)));
    const joined: Turned = {
      logLikelihoods: Float64Array.from(turns.flatMap(({ logLikelihoods }) => Array.from(logLikelihoods))),
      touched: tf.concat(turns.map(({ touched }) => touched)),
      next: turns[0].next && tf.concat(turns.map(({ next }) => next!)),
    };
    turns.forEach(disposeTurned);
    return joined;
  }

  private turnTogether(candidate: Candidate): Turned {
    const { network, l } = this;
    const { draws, width } = candidate;
    const [values, touched, next] = tf.tidy(() => {
      const rows = this.unitRows(candidate);
      const before = tf.gather(this.own, rows);
      const after = tf.add<tf.Tensor2D>(before, this.contribution(candidate));
      if (!this.next) return [this.onwards(this.stacked(after), draws), after];
      const apart = (a: tf.Tensor2D): tf.Tensor3D => tf.reshape(a, [draws.length, width, a.shape[1]]);
      const change = apart(tf.sub(network.activate(after), network.activate(before)));
      const edges = apart(tf.gather(flat(network.weights[l + 1]!), rows));
      const above = tf.add<tf.Tensor3D>(network.pick(this.next, draws), tf.matMul(edges, change, true, false));
      return [this.onwards(above, draws), after, above];
    }) as [tf.Tensor1D, tf.Tensor2D, tf.Tensor3D?];
    const logLikelihoods = Float64Array.from(values.dataSync());
    values.dispose();
    return { logLikelihoods, touched, next };
  }

  /** Takes over `turned` as the present state in some of the candidate's draws (positions in its list). */
  keep(candidate: Candidate, { logLikelihoods, touched, next }: Turned, positions: readonly number[]): void {
    const { network: { count, widths }, l } = this;
    const units = Int32Array.from({ length: count * widths[l] }, (_, at) => at);
    const draws = Int32Array.from({ length: count }, (_, s) => s);
    for (const p of positions) {
      const s = candidate.draws[p];
      candidate.units[p].forEach((unit, u) => { units[s * widths[l] + unit] = count * widths[l] + p * candidate.width + u; });
      draws[s] = count + p;
      this.logLikelihoods[s] = logLikelihoods[p];
    }
    this.own = replaced(this.own, touched, units);
    if (this.next) this.next = replaced(this.next, next!, draws);
  }

  dispose(): void {
    tf.dispose([this.sources, this.own]);
    this.next?.dispose();
  }

  /** What the turned gate adds to its units; [draws * width, n]. */
  private contribution({ draws, weights, width, columns }: Candidate): tf.Tensor2D {
    const edges = padded(weights, width * columns.length);
    if (this.l === 0) {
      const values = tf.gather(this.sources, tf.tensor1d(columns, 'int32'));
      const matrix = tf.tensor2d(edges, [draws.length * width, columns.length]);
      return columns.length === 1 ? tf.mul(matrix, values) : tf.matMul(matrix, values);
    }
    // The gate's unit has values of its own in every draw.
    const { living, widths } = this.network;
    const below = this.l - 1;
    const at = draws.map((s) => s * widths[below] + living[s][below].indexOf(columns[0]));
    const values = tf.gather(this.sources, tf.tensor1d(at, 'int32'));
    return flat(tf.mul(tf.tensor3d(edges, [draws.length, width, 1]), tf.expandDims(values, 1)));
  }

  /** Where the candidate's units lie in `own`; beyond the end of a draw's list, where weights are 0, any unit will do. */
  private unitRows({ draws, units, width }: Candidate): tf.Tensor1D {
    const rows = new Int32Array(draws.length * width);
    draws.forEach((s, p) => {
      const first = s * this.network.widths[this.l];
      for (let u = 0; u < width; u++) rows[p * width + u] = first + (units[p][u] ?? 0);
    });
    return tf.tensor1d(rows, 'int32');
  }

  /** log p(D | draw) from the topmost pre-activations that are kept. */
  private onwards(a: tf.Tensor3D, chosen?: number[]): tf.Tensor1D {
    const f = this.network.outputs(this.next ? this.l + 1 : this.l, a, chosen);
    const [count, outputs, n] = f.shape;
    const byRow = outputs === 1 ? tf.reshape<tf.Rank.R3>(f, [count, n, 1]) : tf.transpose(f, [0, 2, 1]);
    return likelihoodOf(this.likelihood.task).perDraw(tf, byRow, this.y, this.likelihood.noiseVariance);
  }

  private stacked(a: tf.Tensor2D): tf.Tensor3D {
    return tf.reshape(a, [-1, this.network.widths[this.l], a.shape[1]]);
  }
}

export const disposeTurned = ({ touched, next }: Turned): void => {
  touched.dispose();
  next?.dispose();
};

/** Stacks one over the other: [.., n]. */
const flat = (a: tf.Tensor): tf.Tensor2D => tf.reshape(a, [-1, a.shape[a.rank - 1]]);

/** Rows of `old` and, counted on from its end, of `other`, in a new order; frees `old`. */
function replaced<T extends tf.Tensor>(old: T, other: T, order: Int32Array): T {
  const result = tf.tidy(() => tf.gather<T>(tf.concat<T>([old, other]), tf.tensor1d(order, 'int32')));
  old.dispose();
  return result;
}
