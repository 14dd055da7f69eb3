/** Measures the models of a finished training run, as many at once as the workers does. */
import type { Assessment } from '../inference/gates/assess.js';
import type { Posterior } from '../types.js';
import { nullModelMetrics, type RunMetrics } from './run-metrics.js';
import type { Runner } from '../jobs/runner.js';
import type { TrainTasks } from './tasks.js';
import type { Prepared } from './prepare.js';
import type { TemperatureChoice } from './run-metrics.js';

export interface Candidates {
  assessed: readonly Assessment[];
  /** Which of them is chosen. */
  best: number;
  dense?: Posterior | undefined;
  seed: number;
  temperature?: TemperatureChoice | undefined;
}

/** @throws interrupted.stopped, training.worker */
export async function measureRun(
  runner: Runner<TrainTasks>, { sets, encoder }: Prepared, { assessed, best, dense, seed, temperature }: Candidates,
): Promise<RunMetrics> {
  const prepared = { sets, encoder };
  const { posterior, inclusion, elbo } = assessed[best];
  const [full, median, reference] = await Promise.all([
    runner.run('measure', { prepared, posterior, elbo, stream: [seed, 'metrics', 'full'] }),
    runner.run('median', { prepared, posterior, inclusion, stream: [seed, 'metrics', 'median'] }),
    dense && runner.run('measure', { prepared, posterior: dense, stream: [seed, 'metrics', 'dense'] }),
  ]);
  return {
    schemaVersion: 1, baseline: nullModelMetrics(prepared), ...(reference && { dense: reference }), full, median,
    restarts: assessed.map((each, r) => ({ gates: each.posterior.gates, elbo: each.elbo, chosen: r === best })),
    ...(temperature && { temperature }),
  };
}
