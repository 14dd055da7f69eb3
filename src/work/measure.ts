/** Measures the models of a finished training run, as many at once as the workers does. */
import type { Assessment } from '../inference/gates/assess.js';
import type { LinearPart } from '../linear/types.js';
import type { InputInclusion, Posterior } from '../types.js';
import { cutFacts } from './cut-facts.js';
import { backgroundMetrics, linearMetrics, nullModelMetrics, type HeldOutLosses, type RunMetrics } from './run-metrics.js';
import { heldOf } from './large.js';
import type { Runner } from '../jobs/runner.js';
import { askedFor } from './sizes.js';
import type { TrainTasks } from './tasks.js';
import type { Prepared } from './prepare.js';
import type { Learned } from './learn.js';
import type { SearchFacts, TemperatureChoice } from './run-metrics.js';
import { gainsOf, verdictOf, type Verdict } from './verdict.js';

export interface Candidates {
  /** What is predicted with and pruned. */
  chosen: Learned['chosen'];
  /** What the search over structures did, where there was one. */
  search?: SearchFacts | undefined;
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
  runner: Runner<TrainTasks>, { division, leakage, sets, splits, held, encoder, shape, fitData }: Prepared,
  { assessed, names, best, chosen, search, dense, linear: part, inputs, seed, temperature }: Candidates,
): Promise<RunMetrics> {
  const prepared = { sets, encoder };
  const { posterior, inclusion, elbo } = chosen;
  const facts = part && inputs && cutFacts(part, inputs, { ...prepared, fitData });
  const asked = askedFor(posterior, shape, dense);
  const [full, { median, sizes }, reference, variational] = await Promise.all([
    runner.run('measure', { prepared, posterior, stream: [seed, 'metrics', 'full'], ...(elbo && { elbo }) }),
    runner.run('median', { prepared, posterior, inclusion, stream: [seed, 'metrics', 'median'], facts, asked }),
    dense && runner.run('measure', { prepared, posterior: dense, stream: [seed, 'metrics', 'dense'] }),
    search && runner.run('measure', {
      prepared, posterior: assessed[best].posterior, elbo: assessed[best].elbo, stream: [seed, 'metrics', 'variational'],
    }),
  ]);
  const background = backgroundMetrics(posterior, inclusion, prepared);
  const [none, linear] = [nullModelMetrics({ ...prepared, fitData }), part?.ridge && linearMetrics(part.ridge, prepared)];
  return {
    schemaVersion: 1, ...(division && { division }), ...(leakage && { leakage }),
    ...(held && { held: heldOf(held, splits) }), baseline: none.metrics,
    ...(linear && { linear: linear.metrics }),
    ...(reference && { dense: reference.metrics }), full: full.metrics, median,
    ...(search && { search }), ...(variational && { variational: variational.metrics }), ...(background && { background }),
    restarts: assessed.map(({ posterior: { gates }, elbo: own, bound, inclusion: { inputs } }, r) => ({
      name: names[r], gates, elbo: own, bound, chosen: r === best,
      inputs: encoder.features.flatMap(({ name }, f) => (inputs[f] >= 0.5 ? [name] : [])),
    })),
    ...(temperature && { temperature }),
    sizes,
    verdict: runVerdict({ none: none.losses, linear: linear?.losses, network: full.losses }, sets, median.inputs.length),
  };
}

/** On the test rows, else on the validation rows; of a single row nothing is known about the error. */
function runVerdict(
  { none, linear, network }: { none: HeldOutLosses; linear: HeldOutLosses | undefined; network: HeldOutLosses },
  sets: Prepared['sets'], kept: number,
): Verdict {
  const split = (['test', 'validation'] as const).find((name) => (network[name]?.length ?? 0) > 1);
  if (split === undefined) return { kind: 'no-held-out-rows' };
  const gains = gainsOf({
    none: none[split]!, linear: linear?.[split], network: network[split]!, weights: sets[split]?.weights,
  });
  const rows = network[split]!.length;
  return { split, ...verdictOf(gains, { rows, degrees: rows - 1, kept }) };
}
