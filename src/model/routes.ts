/**
 * Between tiers and the rows of a layer's matrix (see graph.ts), for tensors: what a layer reads put together, and what
 * comes back to its rows taken apart. A layer that reads all of the tier before has nothing to do.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Feed, Graph } from './graph.js';

/** The rows of layer l [d], or the columns of a batch [B, d], from the tiers it reads. */
export function gatherRows<T extends tf.Tensor1D | tf.Tensor2D>(graph: Graph, l: number, tier: (t: number) => T): T {
  const parts = graph.feedsOf(l).map((feed) => {
    const whole = tier(feed.tier);
    return feed.whole ? whole : tf.gather(whole, tf.tensor1d(feed.units, 'int32'), whole.rank - 1);
  });
  return parts.length === 1 ? parts[0] : tf.concat<T>(parts, parts[0].rank - 1);
}

/** Undoes {@link gatherRows}: per tier that layer l reads its part, [units of the tier] or [B, units]; 0 for units not read. */
export function scatterRows<T extends tf.Tensor1D | tf.Tensor2D>(graph: Graph, l: number, rows: T): { tier: number; part: T }[] {
  const feeds = graph.feedsOf(l);
  const parts = feeds.length === 1 ? [rows] : tf.split(rows, feeds.map(({ units }) => units.length), rows.rank - 1);
  return feeds.map((feed, f) => ({ tier: feed.tier, part: (feed.whole ? parts[f] : spreadOut(graph, feed, parts[f])) as T }));
}

/** To all units of the tier, by picking each from the part or, where it is not in it, a zero behind its end. */
function spreadOut(graph: Graph, { tier, units }: Feed, part: tf.Tensor): tf.Tensor {
  const axis = part.rank - 1;
  const zero = tf.zeros([...part.shape.slice(0, axis), 1]);
  const places = new Int32Array(graph.tiers[tier]).fill(units.length);
  units.forEach((unit, at) => { places[unit] = at; });
  return tf.gather(tf.concat([part, zero], axis), tf.tensor1d(places, 'int32'), axis);
}

/** Sums per tier of what {@link scatterRows} gives layer by layer. */
export class TierSums<T extends tf.Tensor1D | tf.Tensor2D> {
  private readonly sums: (T | undefined)[] = [];

  add(parts: readonly { tier: number; part: T }[]): void {
    for (const { tier, part } of parts) {
      const before = this.sums[tier];
      this.sums[tier] = before ? tf.add<T>(before, part) : part;
    }
  }

  /** Of a tier; `none` where no layer reads any of its units. */
  of(tier: number, none: () => T): T {
    return this.sums[tier] ?? none();
  }
}
