/** Training rows in shards, each for a unit that trains on it alone for a while (docs/method.md, Partitions). */
import { takeResponses } from '../likelihood/index.js';
import { takeRows } from '../maths/vector.js';
import type { Stream } from '../random.js';
import { fitRows } from './all-rows.js';
import { planFit } from './plan.js';
import type { FitData, FitSettings, Stretch } from './types.js';

/** Training rows, by number, of `count` shards: drawn at random, each in the order of the table; sizes differ by one at most. */
export function shardRows(data: FitData, count: number, stream: Stream): Int32Array[] {
  const order = stream.permutation(fitRows(data));
  return Array.from({ length: count }, (_, k) => order.filter((__, at) => at % count === k).sort());
}

/** What a unit holds: the rows of its shard, and nothing of the others. */
export function shardOf({ x, y, all }: FitData, rows: Int32Array): FitData {
  if (!all) return { x: takeRows(x, rows), y: takeResponses(y, rows) };
  return { x, y, all: { x: { ...all.x, rows: rows.length, at: rows }, y: takeResponses(all.y, rows) } };
}

/** The stretches of a fit to shards, in about `rounds` rounds that end with rows of the history. */
export function stretches(settings: FitSettings, shards: readonly Int32Array[], rounds: number): Stretch[] {
  const rows = shards.reduce((sum, { length }) => sum + length, 0);
  const smallest = Math.min(...shards.map(({ length }) => length));
  const { steps, perRow } = planFit(rows, settings);
  const length = perRow * Math.max(1, Math.round(steps / perRow / rounds));
  const count = Math.ceil(steps / length);
  return Array.from({ length: count }, (_, r) => ({ until: Math.min(steps, (r + 1) * length), rows, smallest }));
}
