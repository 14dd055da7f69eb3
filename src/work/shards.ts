/** A fit to rows that several units hold: each trains on its own, round by round, and what they come to is joined. */
import { posteriorOf } from '../model/posterior.js';
import { layoutOf } from '../model/shape.js';
import { Stream } from '../random.js';
import type { Runner } from '../jobs/runner.js';
import type { HistoryRow } from '../train/history.js';
import { joinStates } from '../train/join.js';
import { shardOf, shardRows, stretches } from '../train/partition.js';
import { startFit } from '../train/start.js';
import type { FitResult, FitState } from '../train/types.js';
import type { FitTask, TrainTasks } from './tasks.js';

interface ShardHooks {
  onRow(row: HistoryRow): void;
  /** Keeps the state that the units have come to together. */
  onJoin(state: FitState): Promise<void>;
}

/** The label of a unit's random streams, and of its tasks. */
export const unitLabels = (k: number): [string, number] => ['unit', k + 1];

/**
 * Makes the fit of a task by `partitions` units. A round that was interrupted is made again by whoever goes on.
 * @throws what the stretches of the units throw
 */
export async function fitShards(
  runner: Runner<TrainTasks>, { data, settings, stream: [seed, ...labels], from }: FitTask,
  { partitions, rounds }: { partitions: number; rounds: number }, { onRow, onJoin }: ShardHooks,
): Promise<FitResult> {
  const stream = Stream.fromSeed(seed);
  const shards = shardRows(data, partitions, stream.split('partitions'));
  const parts = shards.map((rows) => shardOf(data, rows));
  const { shape } = settings;
  const layout = layoutOf(shape);
  let state = from ?? startFit(settings, layout, stream.split(...labels));
  const result = (done: boolean): FitResult => ({ done, state, posterior: posteriorOf(state.theta, shape, layout, state.prior) });
  for (const stretch of stretches(settings, shards, rounds)) {
    if (stretch.until <= state.step) continue;
    const begin = state;
    const made = await Promise.all(parts.map((part, k) => runner.run('fit', {
      data: part, settings: { ...settings, stretch }, stream: [seed, ...labels, ...unitLabels(k)], from: begin,
    })));
    if (made.some(({ done }) => !done)) return result(false);
    state = joinStates(made.map((each) => each.state), begin, stretch.rows, settings);
    state.history.slice(begin.history.length).forEach(onRow);
    await onJoin(state);
  }
  return result(true);
}
