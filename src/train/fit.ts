/** One fit of one network: the training loop, from the first step to the posterior that is kept. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { posteriorOf } from '../model/posterior.js';
import { layoutOf } from '../model/shape.js';
import type { Stream } from '../random.js';
import type { Posterior } from '../types.js';
import { fitRows } from './all-rows.js';
import { hasFallen, isWorse } from './best.js';
import { empiricalBayes } from './empirical-bayes.js';
import { historyRow, type HistoryRow } from './history.js';
import { planFit } from './plan.js';
import { isPriorDue, isRowDue, phaseAt, stretchFrom, type Phase } from './schedule.js';
import { startFit } from './start.js';
import { FitTensors } from './tensors.js';
import type { FitData, FitHooks, FitResult, FitSettings, FitState } from './types.js';

/**
 * Trains until all epochs or those of a stretch are done, the ELBO has fallen from its best for good, or `signal` aborts. A later
 * call with the state returned then goes on as if nothing had happened.
 * @param data x [n, d] and y [n, K].
 * @throws training.non-finite when the ELBO is no longer a finite number.
 */
export async function fit(
  data: FitData, settings: FitSettings, stream: Stream, from?: FitState, hooks: FitHooks = {},
): Promise<FitResult> {
  const { shape, stretch } = settings;
  const layout = layoutOf(shape);
  const plan = planFit(fitRows(data), settings);
  const begin = from ?? startFit(settings, layout, stream);
  const tensors = new FitTensors(data, settings, plan, stream, begin);
  const history = [...begin.history];
  let { step, prior, best } = begin;

  const phaseOf = (at: number): Phase => phaseAt(at, plan.steps, plan.course);
  const posterior = (): Posterior => posteriorOf(tensors.theta(), shape, layout, prior);
  /** Rows of the history whose ELBOs can be compared with the last one's. */
  const finalRows = (): HistoryRow[] => history.filter((row) => phaseOf(row.step - 1).final);
  const end = stretch?.until ?? plan.steps;
  const isDone = (): boolean => step >= end || (best !== undefined && hasFallen(finalRows(), best));
  try {
    while (!isDone() && !hooks.signal?.aborted) {
      const phase = phaseOf(step);
      if (!stretch && isPriorDue(step, phase)) {
        prior = empiricalBayes(posterior(), prior, settings.prior);
        tensors.setPrior(prior);
      }

      const count = stretchFrom(step, plan, tensors.longest);
      tensors.run(step, count, phase);
      step += count;

      if (isRowDue(step, plan)) {
        const last = phaseOf(step - 1);
        const row = historyRow(step, plan, tensors.takeLogLikelihood(), posterior(), last.beta, settings.learningRate);
        history.push(row);
        const isBest = !stretch && last.final && row.elbo > (best?.elbo ?? -Infinity);
        if (isBest) best = { step, elbo: row.elbo, theta: tensors.theta(), prior };
        hooks.onRow?.(row);
      }
      // Lets signals and timers in.
      await nextTurn();
    }
    const done = isDone();
    const state: FitState = { ...tensors.state(), step: done ? end : step, prior, history, best: done ? undefined : best };
    if (done && best && isWorse(finalRows(), best)) Object.assign(state, { theta: best.theta, prior: best.prior });
    return { done, state, posterior: posteriorOf(state.theta, shape, layout, state.prior) };
  } finally {
    tensors.dispose();
  }
}
