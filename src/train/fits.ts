/** All fits of a run, one after the other: the restarts, then the dense reference network. */
import type { NetworkShape } from '../model/shape.js';
import type { Stream } from '../random.js';
import type { Posterior } from '../types.js';
import { fit, type FitData, type FitSettings, type FitState } from './fit.js';
import type { HistoryRow } from './history.js';

export interface FitJob {
  /** `restart 1`, ..., `reference`. */
  name: string;
  settings: FitSettings;
}

/** Jobs of a run; the reference is the mean-field network of the same shape without gates. */
export function fitJobs(settings: FitSettings, restarts: number, reference: boolean): FitJob[] {
  const jobs = Array.from({ length: restarts }, (_, r): FitJob => ({ name: `restart ${r + 1}`, settings }));
  // Without gates every restart is a dense network already.
  if (reference && settings.shape.gates !== 'none') {
    const shape: NetworkShape = { ...settings.shape, gates: 'none' };
    jobs.push({ name: 'reference', settings: { ...settings, shape } });
  }
  return jobs;
}

export interface FitsHooks {
  onRow?: (job: number, row: HistoryRow) => void;
  /** Called when a fit has been finished, with the states of all so far. */
  onFitDone?: (states: FitState[]) => Promise<void>;
  signal?: AbortSignal;
}

export interface FitsResult {
  /** False when the signal stopped the work; `states` is then what to go on from. */
  done: boolean;
  states: FitState[];
  /** One per finished job. */
  posteriors: Posterior[];
}

/** Runs the jobs, going on from `from` (the states of finished fits and of the one that was interrupted). */
export async function runFits(
  data: FitData, jobs: readonly FitJob[], stream: Stream, from: readonly FitState[], hooks: FitsHooks,
): Promise<FitsResult> {
  const states = [...from];
  const posteriors: Posterior[] = [];
  for (const [j, { name, settings }] of jobs.entries()) {
    const rowHook = { onRow: (row: HistoryRow) => hooks.onRow?.(j, row), signal: hooks.signal };
    const { done, state, posterior } = await fit(data, settings, stream.split(name), states[j], rowHook);
    states[j] = state;
    if (!done) return { done, states, posteriors };
    posteriors.push(posterior);
    // A fit that was complete before has not moved.
    if (state.step !== from[j]?.step) await hooks.onFitDone?.(states);
  }
  return { done: true, states, posteriors };
}
