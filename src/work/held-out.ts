/** What a network of some kind predicts for rows that it did not see, by which the dense background is judged. */
import { assessSteps } from '../inference/gates/assess.js';
import { meanOutputs } from '../inference/predictive/background.js';
import { finishUnlessAborted } from '../steps.js';
import type { HeldOutOutputs } from '../linear/background.js';
import { linearSteps } from '../linear/index.js';
import { takeResponses } from '../likelihood/index.js';
import { takeRows } from '../maths/vector.js';
import { Stream } from '../random.js';
import { besideLinear } from '../train/candidates.js';
import { fit } from '../train/fit.js';
import type { FitJob } from '../train/fits.js';
import type { FitData, FitState } from '../train/types.js';
import { beginsClosed, startingClosed } from './open-inputs.js';
import type { HeldOutTask } from './tasks.js';

/**
 * Fits a network of the chosen kind to the rows inside, and gives its mean outputs on all rows. Needs a started engine.
 * @returns undefined when `signal` was aborted
 */
export async function heldOutOutputs(
  { data, part: { inside, outside }, job, beside, options, stream: [seed, ...labels] }: HeldOutTask, signal?: AbortSignal,
): Promise<HeldOutOutputs | undefined> {
  const stream = Stream.fromSeed(seed).split(...labels);
  const seen: FitData = { x: takeRows(data.x, inside), y: takeResponses(data.y, inside) };
  const [own, first] = await openIn([job, ...(beside ? [beside] : [])], seen, stream, signal);
  if (!own) return undefined;
  let from: FitState | undefined;
  if (first) {
    const linear = await fit(seen, first.settings, stream.split('beside'), undefined, { signal });
    if (!linear.done) return undefined;
    from = besideLinear(linear.posterior, own.settings, stream.split('start'));
  }
  const { done, posterior } = await fit(seen, own.settings, stream.split('fit'), from, { signal });
  if (!done) return undefined;
  const { temperature } = own.settings;
  const steps = assessSteps(posterior, seen, { ...options, ...(temperature && { temperature }) }, stream.split('assess'));
  const assessed = await finishUnlessAborted(steps, signal);
  if (!assessed) return undefined;
  const draws = stream.split('draws');
  return {
    inside, outside, insideOutputs: meanOutputs(assessed.posterior, seen.x, draws),
    outsideOutputs: meanOutputs(assessed.posterior, takeRows(data.x, outside), draws),
  };
}

/** The jobs as they begin on these rows; none when it was stopped. */
async function openIn(jobs: FitJob[], { x, y }: FitData, stream: Stream, signal?: AbortSignal): Promise<FitJob[]> {
  const { task, inputGroup: group, inputGates: inputs } = jobs[0].settings.shape;
  if (!jobs.some((job) => beginsClosed(job, x.rows))) return jobs;
  // Weights have the groups in them already.
  const { groups: _, ...weighted } = y;
  const linear = await finishUnlessAborted(linearSteps({ task, x, y: weighted, group, inputs }, stream.split('linear')), signal);
  return linear ? jobs.map((job) => startingClosed(job, linear, x.rows)) : [];
}
