/** Measures the models of a finished training run, as many at once as the workers does. */
import type { Assessment } from '../inference/gates/assess.js';
import type { LinearPart } from '../linear/types.js';
import type { InputInclusion, Posterior } from '../types.js';
import { cutFacts } from './cut-facts.js';
import { backgroundMetrics, linearMetrics, nullModelMetrics, type HeldOutLosses, type RunMetrics } from './run-metrics.js';
import type { Runner } from '../jobs/runner.js';
import { askedFor } from './sizes.js';
import type { TrainTasks } from './tasks.js';
import type { Prepared } from './prepare.js';
import type { TemperatureChoice } from './run-metrics.js';
import { gainsOf, verdictOf, type Verdict } from './verdict.js';

export interface Candidates {
  assessed: readonly Assessment[];
  /** What their fits are called. */
  names: readonly string[];
  /** Which of them is chosen. */
  best: number;
  dense?: Posterior | undefined;
  linear?: LinearPart | undefined;
  /** Their PIPs; with these and the linear part the median probability model is cut as `prune` does. */
  inputs?: readonly InputInclusion[] | undefined;
  seed: number;
  temperature?: TemperatureChoice | undefined;
}

/** @throws interrupted.stopped, training.worker */
export async function measureRun(
  runner: Runner<TrainTasks>, { sets, encoder, shape }: Prepared,
  { assessed, names, best, dense, linear: part, inputs, seed, temperature }: Candidates,
): Promise<RunMetrics> {
  const prepared = { sets, encoder };
  const { posterior, inclusion, elbo } = assessed[best];
  const facts = part && inputs && cutFacts(part, inputs, prepared);
  const asked = askedFor(posterior, shape, dense);
  const [full, { median, sizes }, reference] = await Promise.all([
    runner.run('measure', { prepared, posterior, elbo, stream: [seed, 'metrics', 'full'] }),
    runner.run('median', { prepared, posterior, inclusion, stream: [seed, 'metrics', 'median'], facts, asked }),
    dense && runner.run('measure', { prepared, posterior: dense, stream: [seed, 'metrics', 'dense'] }),
  ]);
  const background = backgroundMetrics(posterior, inclusion, prepared);
  const [none, linear] = [nullModelMetrics(prepared), part?.ridge && linearMetrics(part.ridge, prepared)];
  return {
    schemaVersion: 1, baseline: none.metrics, ...(linear && { linear: linear.metrics }),
    ...(reference && { dense: reference.metrics }), full: full.metrics, median, ...(background && { background }),
    restarts: assessed.map(({ posterior: { gates }, elbo: own, bound, inclusion: { inputs } }, r) => ({
      name: names[r], gates, elbo: own, bound, chosen: r === best,
      inputs: encoder.features.flatMap(({ name }, f) => (inputs[f] >= 0.5 ? [name] : [])),
    })),
    ...(temperature && { temperature }),
    sizes,
    verdict: runVerdict({ none: none.losses, linear: linear?.losses, network: full.losses }, median.inputs.length),
  };
}

/** On the test rows, else on the validation rows; of a single row nothing is known about the error. */
function runVerdict(
  { none, linear, network }: { none: HeldOutLosses; linear: HeldOutLosses | undefined; network: HeldOutLosses }, kept: number,
): Verdict {
  const split = (['test', 'validation'] as const).find((name) => (network[name]?.length ?? 0) > 1);
  if (split === undefined) return { kind: 'no-held-out-rows' };
  const gains = gainsOf({ none: none[split]!, linear: linear?.[split], network: network[split]! });
  const rows = network[split]!.length;
  return { split, ...verdictOf(gains, { rows, degrees: rows - 1, kept }) };
}
