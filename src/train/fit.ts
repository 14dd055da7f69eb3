/** One fit of one network: stretches of steps under the schedule, empirical Bayes and a report between them. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Prior } from '../model/prior.js';
import { posteriorOf } from '../model/posterior.js';
import { layoutOf, type Layout, type NetworkShape } from '../model/shape.js';
import { initialTheta } from '../model/initial.js';
import type { Stream } from '../random.js';
import type { Matrix, Posterior } from '../types.js';
import { initialPrior, type PriorChoice } from './empirical-bayes.js';
import type { HistoryRow } from './history.js';
import { FitRun } from './fit-run.js';
import type { Best } from './best.js';
import type { Course } from './schedule.js';

export interface FitSettings {
  shape: NetworkShape;
  epochs: number;
  /** Rows of a minibatch; at most the number of training rows. */
  batch: number;
  learningRate: number;
  /** The gates' learning rate as a multiple of the others'. */
  gateLearningRate: number;
  prior: PriorChoice;
  /** T: the likelihood is raised to the power 1 / T. Default: 1. */
  temperature?: number;
  /** Default: `whole`. */
  course?: Course;
  /** Steps of the fit whose compiled step this one is to share, where it is a short one; default: its own. */
  compiledFor?: number;
}

/** Training rows: x [n, d], y [n, K] as the likelihood wants it. */
export interface FitData {
  x: Matrix;
  y: Matrix;
}

/** All that a fit needs to go on, bit for bit, after `step` steps. */
export interface FitState {
  step: number;
  theta: Float32Array;
  m: Float32Array;
  v: Float32Array;
  /** Sum of the mean log-likelihoods of the steps since the last row of the history. */
  logLikelihood: number;
  prior: Prior;
  history: HistoryRow[];
  /** The best state since the prior has been following the posterior. */
  best?: Best;
}

export interface FitHooks {
  onRow?: (row: HistoryRow) => void;
  signal?: AbortSignal;
}

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

export interface FitResult {
  /** False when the signal stopped the fit early. */
  done: boolean;
  state: FitState;
  posterior: Posterior;
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
