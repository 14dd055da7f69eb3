/** The choice between the restarts, and what they say of the inputs together. */
import type { InputInclusion } from '../../types.js';
import type { Restart, Visited } from '../rescue/rescue.js';
import { withVerdict } from './verdict.js';

/** Index of the restart with the highest bound; the first on ties. */
export const bestRestart = (restarts: readonly Pick<Restart, 'bound'>[]): number =>
  restarts.reduce((best, { bound }, at) => (bound > restarts[best].bound ? at : best), 0);

/** Nats below the best bound at which a restart still is an explanation of the rows, and not one that has failed. */
const RIVAL = 10;

/** The restarts between which disagreement matters: those near the best, and the second best in any case. */
function rivals(restarts: readonly Restart[]): Restart[] {
  const bounds = restarts.map(({ bound }) => bound).sort((a, b) => b - a);
  const least = Math.min(bounds[0] - RIVAL, bounds[1] ?? bounds[0]);
  return restarts.filter(({ bound }) => bound >= least);
}

/**
 * PIPs of the inputs and the probabilities of their verdicts, with the PIPs of the best restart's network alone, and the smallest
 * and largest over the restarts whose bounds are near the best.
 */
export function inputInclusion(names: readonly string[], restarts: readonly Restart[], best: number): InputInclusion[] {
  const { inclusion: { inputs, inputErrors } } = restarts[best];
  const near = rivals(restarts);
  const { pips: averaged, nonlinear, nonlinearErrors } = averagedInputs(restarts.flatMap(({ visited }) => visited));
  return names.map((input, g) => {
    const pips = near.map(({ inclusion }) => inclusion.inputs[g]);
    return withVerdict({
      input, pip: averaged[g], pipNetwork: inputs[g], pipMin: Math.min(...pips), pipMax: Math.max(...pips), mcSe: inputErrors[g],
      ...(nonlinear && {
        linear: Math.max(0, averaged[g] - nonlinear[g]), nonlinear: nonlinear[g], nonlinearSe: nonlinearErrors![g],
      }),
    });
  });
}

/** One number per input each. */
export interface AveragedInputs {
  pips: Float64Array;
  /** Of acting through hidden units, with Monte-Carlo standard errors; absent where a network does not tell. */
  nonlinear?: Float64Array;
  nonlinearErrors?: Float64Array;
}

/**
 * Probabilities of the inputs averaged over the networks that were visited: of those that use the same inputs (PIP >= 0.5) in
 * the same way (nonlinear >= 0.5) the one of the highest ELBO stands for all, and each has a weight in proportion to
 * exp(ELBO). As long as such networks have hardly a weight in common, the mixture of their posteriors is the best one of all
 * with these components (docs/method.md).
 */
export function averagedInputs(visited: readonly Visited[]): AveragedInputs {
  const told = visited.every(({ nonlinear }) => nonlinear !== undefined);
  const distinct = new Map<string, Visited>();
  for (const state of visited) {
    const way = (g: number): string => (told && state.nonlinear![g] >= 0.5 ? 'n' : '');
    const key = state.inputs.reduce((used, pip, g) => (pip >= 0.5 ? `${used} ${g}${way(g)}` : used), '');
    const known = distinct.get(key);
    if (!known || state.elbo > known.elbo) distinct.set(key, state);
  }
  const kept = [...distinct.values()];
  const top = Math.max(...kept.map(({ elbo }) => elbo));
  const weights = kept.map(({ elbo }) => Math.exp(elbo - top));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (of: (state: Visited) => Float64Array): Float64Array => Float64Array.from(kept[0].inputs, (_, g) =>
    Math.min(1, kept.reduce((sum, state, at) => sum + weights[at] * of(state)[g], 0) / total));
  const pips = mean(({ inputs }) => inputs);
  if (!told) return { pips };
  const nonlinearErrors = pips.map((_, g) =>
    Math.hypot(...kept.map((state, at) => weights[at] * state.nonlinearErrors![g])) / total);
  return { pips, nonlinear: mean(({ nonlinear }) => nonlinear!), nonlinearErrors };
}
