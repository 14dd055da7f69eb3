/** How every task is done, so that any process may do it. */

import { assessAndRescue } from '../inference/rescue/rescue.js';
import { backgroundOf } from '../inference/predictive/background.js';
import { linearSteps } from '../linear/index.js';
import { finishUnlessAborted } from '../steps.js';
import { localRunner, type Handlers } from '../jobs/runner.js';
import { Stream } from '../random.js';
import { fit } from '../train/fit.js';
import type { TrainProgress } from '../types.js';
import { averageSteps, runChain } from './structures.js';
import { heldOutOutputs } from './held-out.js';
import { simulateSet, type SimulatedSet, type SimulatedSetTask } from './calibrate/simulated-set.js';
import { learnFold, type FoldResult, type FoldTask } from './cv/fold.js';
import { medianMetrics, posteriorMetrics } from './run-metrics.js';
import type { StreamPath, TrainTasks } from './tasks.js';

/** The tasks of learning from one table, and those that learn from a whole table each. */
export type AllTasks = TrainTasks & {
  /** All fits of one fold of a cross-validation, one after the other; undefined when it was stopped. */
  fold: { task: FoldTask; result: FoldResult | undefined; notice: TrainProgress };
  /** A whole table with all its fits, one after the other. */
  simulate: { task: SimulatedSetTask; result: SimulatedSet; notice: never };
};

const streamOf = ([seed, ...labels]: StreamPath): Stream => Stream.fromSeed(seed).split(...labels);

/** Needs a started engine. */
export const handlers: Handlers<AllTasks> = {
  linear: ({ problem, stream }, { signal }) => finishUnlessAborted(linearSteps(problem, streamOf(stream)), signal),
  fit: ({ data, settings, stream, from }, { signal, onNotice }) =>
    fit(data, settings, streamOf(stream), from, { signal, onRow: onNotice }),
  heldOut: (task, { signal }) => heldOutOutputs(task, signal),
  background: ({ data, posterior, folds, ridge, stream }, { signal }) =>
    finishUnlessAborted(backgroundOf(posterior, data, folds, ridge, streamOf(stream)), signal),
  assess: ({ posterior, data, settings, options, stream }, { signal }) =>
    assessAndRescue(posterior, data, settings, options, streamOf(stream), signal),
  chain: (task, { signal, onNotice }) => runChain(task, streamOf(task.stream), signal, onNotice),
  average: ({ problem, chains, prior, stream }, { signal }) =>
    finishUnlessAborted(averageSteps(problem, chains, prior, streamOf(stream)), signal),
  measure: async ({ posterior, prepared, stream, elbo }) => posteriorMetrics(posterior, prepared, streamOf(stream), elbo),
  median: async ({ posterior, inclusion, prepared, stream, ...besides }) =>
    medianMetrics(posterior, inclusion, prepared, streamOf(stream), besides),
  fold: async (task, { signal, onNotice }) => {
    const runner = localRunner(handlers, signal);
    return learnFold(runner, task, signal, onNotice).finally(() => runner.close());
  },
  simulate: async (task, { signal }) => {
    const runner = localRunner(handlers, signal);
    return simulateSet(runner, task).finally(() => runner.close());
  },
};
