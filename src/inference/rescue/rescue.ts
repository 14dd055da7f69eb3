/**
 * What one pass of training cannot find: a restart that has settled is changed and trained on for a while, and what comes of it
 * is kept if its hard-gate ELBO is higher.
 *
 * The rescue opens again what was closed. Training closes gates while sigma^2 is still held at its first, large value; under
 * the sigma^2 that it ends with, weaker inputs are worth their price. Where many inputs and few rows have led training to
 * less than nothing, the rescue begins with no inputs at all. Then correlated inputs are exchanged.
 */
import { likelihoodOf } from '../../likelihood/index.js';
import { priorOf, thetaOf } from '../../model/posterior.js';
import { hasGates, layoutOf } from '../../model/shape.js';
import type { Stream } from '../../random.js';
import { standsFor } from '../../train/all-rows.js';
import { fit } from '../../train/fit.js';
import { stateFrom } from '../../train/start.js';
import type { FitData, FitSettings, FitState } from '../../train/types.js';
import type { Course } from '../../train/schedule.js';
import type { Posterior } from '../../types.js';
import { assessSteps, type Assessment, type AssessOptions } from '../gates/assess.js';
import { exchanged, findExchanges } from './exchange.js';
import { withoutInputs } from './without-inputs.js';
import { reopen } from './reopen.js';
import { scoreTest } from './score-test.js';
import { finishUnlessAborted } from '../../steps.js';

export interface RescueOptions extends AssessOptions {
  /** The most passes; each has to raise the ELBO for another to follow. With 0 there are no exchanges either. */
  rescues: number;
  /** Whether correlated inputs are exchanged. Default: yes; studies leave it out. */
  exchanges?: boolean;
}

/** A state that a restart came through: what it uses of the inputs, and what that is worth. */
export interface Visited {
  /** The bound by which networks are compared. */
  elbo: number;
  /** PIPs of the inputs. */
  inputs: Float64Array;
  /** Probability of each to act through hidden units, and its Monte-Carlo standard error, where they are known. */
  nonlinear?: Float64Array | undefined;
  nonlinearErrors?: Float64Array | undefined;
}

/** A restart in its final state, with all that it came through. */
export interface Restart extends Assessment {
  visited: Visited[];
}

/** Nats that the ELBO has to rise by: more than its Monte-Carlo error. */
const MIN_GAIN = 3;
/** Steps of a pass and of an exchange, as shares of those of the fit. */
const RESCUE_SHARE = 0.375;
const EXCHANGE_SHARE = 0.15;

/**
 * Assesses a restart and rescues what it lost.
 * @param settings of the fit that the posterior came from
 * @returns undefined when `signal` was aborted
 */
export async function assessAndRescue(
  posterior: Posterior, data: FitData, settings: FitSettings, options: RescueOptions, stream: Stream, signal?: AbortSignal,
): Promise<Restart | undefined> {
  const { temperature = 1 } = settings;
  const visited: Visited[] = [];
  const assessed = async (which: Posterior, own: Stream): Promise<Assessment | undefined> => {
    const assessment = await finishUnlessAborted(assessSteps(which, data, { ...options, temperature }, own), signal);
    if (assessment) visited.push(visitedOf(assessment));
    return assessment;
  };
  const tried = async (from: FitState, course: Course, share: number, own: Stream): Promise<Assessment | undefined> => {
    const trained = await trainOn(from, data, settings, course, share, own, signal);
    return trained && assessed(trained, own);
  };
  let best = await assessed(posterior, stream);
  if (!best) return undefined;
  if (!hasGates(posterior.gates)) return { ...best, visited };
  const finished = async (): Promise<Restart | undefined> => {
    const settled = temperature === 1 ? best!.posterior : await settle(best!.posterior, data, settings, stream.split('temperature'), signal);
    return settled && { ...best!, posterior: settled, visited };
  };
  if (options.rescues === 0) return finished();

  if (best.elbo.elbo < likelihoodOf(posterior.task).nullLogLikelihood(data.y) * standsFor(data) / temperature) {
    const next = await tried(stateOf(withoutInputs(best.posterior), settings), 'settle', EXCHANGE_SHARE, stream.split('nothing'));
    if (!next) return undefined;
    if (next.elbo.elbo > best.elbo.elbo) best = next;
  }
  for (let pass = 0; pass < options.rescues; pass++) {
    const own = stream.split('rescue', pass);
    const next = await tried(opened(best, data, settings, own), 'rescue', RESCUE_SHARE, own);
    if (!next) return undefined;
    if (next.elbo.elbo <= best.elbo.elbo + MIN_GAIN) break;
    best = next;
  }
  const exchanges = options.exchanges === false ? [] : findExchanges(best.posterior, data.x, best.inclusion.inputs);
  for (const [at, exchange] of exchanges.entries()) {
    // An exchange before it may have closed the input.
    if (best.inclusion.inputs[exchange.from] < 0.5) continue;
    const from = exchanged(best.posterior, settings.shape, exchange);
    const next = await tried(from, 'settle', EXCHANGE_SHARE, stream.split('exchange', at));
    if (!next) return undefined;
    if (next.elbo.elbo > best.elbo.elbo + MIN_GAIN) best = next;
  }
  return finished();
}

const visitedOf = ({ bound, inclusion: { inputs, nonlinear, nonlinearErrors } }: Assessment): Visited =>
  ({ elbo: bound, inputs, nonlinear, nonlinearErrors });

/** The weights trained on at temperature 1, with the gates as they were found: their spread is then what the rows tell. */
const settle = (
  posterior: Posterior, data: FitData, settings: FitSettings, stream: Stream, signal?: AbortSignal,
): Promise<Posterior | undefined> =>
  trainOn(stateOf(posterior, settings), data, { ...settings, temperature: 1 }, 'tune', RESCUE_SHARE, stream, signal);

const stateOf = (posterior: Posterior, { shape }: FitSettings): FitState =>
  stateFrom(thetaOf(posterior, layoutOf(shape)), priorOf(posterior));

/** Closed nodes opened again, with edges from the open inputs and from those that might explain what is left over. */
function opened(assessed: Assessment, data: FitData, { shape }: FitSettings, stream: Stream): FitState {
  const { posterior, inclusion: { inputs } } = assessed;
  const promising = scoreTest(posterior, data, inputs, stream.split('screen'));
  const open = Array.from(inputs.keys()).filter((k) => inputs[k] >= 0.5);
  return reopen(posterior, shape, new Set([...open, ...promising]), stream.split('reopen'));
}

/** Trains on for a share of the fit's steps; undefined when it was stopped. */
async function trainOn(
  from: FitState, data: FitData, settings: FitSettings, course: Course, share: number, stream: Stream, signal?: AbortSignal,
): Promise<Posterior | undefined> {
  const { wholeEpochs = settings.epochs } = settings;
  const epochs = Math.max(1, Math.round(wholeEpochs * share));
  const own = { ...settings, epochs, course, wholeEpochs };
  const { done, posterior } = await fit(data, own, stream.split('fit'), from, { signal });
  return done ? posterior : undefined;
}
