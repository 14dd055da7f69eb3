/** One fit of one network: stretches of steps under the schedule, empirical Bayes and a report between them. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Prior } from '../model/prior.js';
import { posteriorOf } from '../model/posterior.js';
import { layoutOf, type Layout } from '../model/shape.js';
import { initialTheta } from '../model/initial.js';
import type { Stream } from '../random.js';
import { initialPrior } from './empirical-bayes.js';
import { FitRun } from './fit-run.js';
import type { FitData, FitHooks, FitResult, FitSettings, FitState } from './types.js';

/** sigma^2 on the standardised target while it is held: a fifth of Var(y). */
const INITIAL_NOISE = 0.2;

/** The state before the first step. */
export function startFit({ shape, prior }: FitSettings, layout: Layout, stream: Stream): FitState {
  return stateFrom(initialTheta(layout, INITIAL_NOISE, stream.split('initial')), initialPrior(shape, prior));
}

/** The state before the first step from given parameters. */
export function stateFrom(theta: Float32Array, prior: Prior): FitState {
  const zeros = (): Float32Array => new Float32Array(theta.length);
  return { step: 0, theta, m: zeros(), v: zeros(), logLikelihood: 0, prior, history: [] };
}

/**
 * Trains until all epochs are done or `signal` aborts; a later call with the state returned then goes on as if nothing
 * had happened.
 * @throws training.non-finite when the ELBO is no longer a finite number.
 */
export async function fit(
  data: FitData, settings: FitSettings, stream: Stream, from?: FitState, hooks: FitHooks = {},
): Promise<FitResult> {
  const layout = layoutOf(settings.shape);
  const run = new FitRun(data, settings, stream, from ?? startFit(settings, layout, stream));
  try {
    while (!run.done && !hooks.signal?.aborted) {
      const row = run.advance();
      if (row) hooks.onRow?.(row);
      // Lets signals and timers in.
      await nextTurn();
    }
    const state = run.save();
    return { done: run.done, state, posterior: posteriorOf(state.theta, settings.shape, layout, state.prior) };
  } finally {
    run.dispose();
  }
}
