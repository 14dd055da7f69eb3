/** The heavy tasks of a training run, each a function of plain values, so that any process may do it. */

import type { Inclusion } from '../../inference/inclusion.js';
import { assessAndRescue, type RescueOptions, type Restart } from '../../inference/rescue.js';
import type { ElboEstimate } from '../../model/elbo.js';
import { Stream } from '../../random.js';
import { fit, type FitData, type FitResult, type FitSettings, type FitState } from '../../train/fit.js';
import type { HistoryRow } from '../../train/history.js';
import type { Posterior, TrainProgress } from '../../types.js';
import { learnFold, type FoldResult, type FoldTask } from '../cv/fold.js';
import { medianMetrics, posteriorMetrics, type Measured, type ModelMetrics, type RunMetrics } from '../metrics.js';
import { simulateSet, type SimulatedSet, type SimulatedSetTask } from '../simulated-set.js';
import { localRunner, type Performers } from './runner.js';

/** The name of a random stream: a seed, and the labels that lead from it. */
export type StreamPath = [seed: number, ...labels: (string | number)[]];

interface FitTask {
  data: FitData;
  settings: FitSettings;
  stream: StreamPath;
  /** What to go on from. */
  from?: FitState;
}

interface AssessTask {
  data: FitData;
  posterior: Posterior;
  /** Of the fit that gave it. */
  settings: FitSettings;
  options: RescueOptions;
  stream: StreamPath;
}

interface MeasureTask {
  prepared: Measured;
  posterior: Posterior;
  stream: StreamPath;
  elbo?: ElboEstimate;
}

interface MedianTask {
  prepared: Measured;
  posterior: Posterior;
  inclusion: Inclusion;
  stream: StreamPath;
}

// A type, for an interface has no index signature and so is no record of kinds.
export type TrainTasks = {
  /** One restart, or the reference. */
  fit: { task: FitTask; result: FitResult; notice: HistoryRow };
  /** What follows on a restart; undefined when it was stopped. */
  assess: { task: AssessTask; result: Restart | undefined; notice: never };
  measure: { task: MeasureTask; result: ModelMetrics; notice: never };
  median: { task: MedianTask; result: RunMetrics['median']; notice: never };
  /** All fits of one fold of a cross-validation, one after the other; undefined when it was stopped. */
  fold: { task: FoldTask; result: FoldResult | undefined; notice: TrainProgress };
  /** A whole table with all its fits, one after the other. */
  simulate: { task: SimulatedSetTask; result: SimulatedSet; notice: never };
};

const streamOf = ([seed, ...labels]: StreamPath): Stream => Stream.fromSeed(seed).split(...labels);

/** Needs a started engine. */
export const performers: Performers<TrainTasks> = {
  fit: ({ data, settings, stream, from }, { signal, onNotice }) =>
    fit(data, settings, streamOf(stream), from, { signal, onRow: onNotice }),
  assess: ({ posterior, data, settings, options, stream }, { signal }) =>
    assessAndRescue(posterior, data, settings, options, streamOf(stream), signal),
  measure: async ({ posterior, prepared, stream, elbo }) => posteriorMetrics(posterior, prepared, streamOf(stream), elbo),
  median: async ({ posterior, inclusion, prepared, stream }) => medianMetrics(posterior, inclusion, prepared, streamOf(stream)),
  fold: async (task, { signal, onNotice }) => {
    const runner = localRunner(performers, signal);
    return learnFold(runner, task, signal, onNotice).finally(() => runner.close());
  },
  simulate: async (task, { signal }) => {
    const runner = localRunner(performers, signal);
    return simulateSet(runner, task).finally(() => runner.close());
  },
};
