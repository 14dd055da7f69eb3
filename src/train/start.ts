/** Where fits begin. */
import { initialTheta } from '../model/initial.js';
import type { Prior } from '../model/prior.js';
import { block, type Layout } from '../model/shape.js';
import type { Stream } from '../random.js';
import { initialPrior } from './empirical-bayes.js';
import type { FitSettings, FitState } from './types.js';

/** sigma^2 on the standardised target while it is held: a fifth of Var(y). */
const INITIAL_NOISE = 0.2;

/** Logit of an input's gate that begins closed, where it still has a gradient. */
const CLOSED_LOGIT = -3;

/** The state before the first step. */
export function startFit({ shape, prior, start, openInputs }: FitSettings, layout: Layout, stream: Stream): FitState {
  const theta = initialTheta(layout, INITIAL_NOISE, stream.split('initial'), start);
  const gates = openInputs && block(theta, layout, 'zLogit')?.subarray(0, layout.tiers[0].gates);
  gates?.forEach((_, input) => { if (!openInputs!.includes(input)) gates[input] = CLOSED_LOGIT; });
  return stateFrom(theta, initialPrior(shape, prior));
}

/** The state before the first step from given parameters. */
export function stateFrom(theta: Float32Array, prior: Prior): FitState {
  const zeros = (): Float32Array => new Float32Array(theta.length);
  return { step: 0, theta, m: zeros(), v: zeros(), logLikelihood: 0, prior, history: [] };
}
