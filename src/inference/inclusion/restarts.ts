/** The choice between the restarts, and what they say of the inputs together. */
import { KEPT } from '../../model/prior.js';
import type { Feature, InputInclusion } from '../../types.js';
import type { Restart, Visited } from '../rescue/rescue.js';
import { withVerdict } from './verdict.js';

/** Index of the restart with the highest bound; the first on ties. */
export const bestRestart = (restarts: readonly Pick<Restart, 'bound'>[]): number =>
  restarts.reduce((best, { bound }, at) => (bound > restarts[best].bound ? at : best), 0);

/** Nats below the best bound at which a fit still is an explanation of the rows, and not one that has failed. */
export const RIVAL = 10;
/** Weight in the average from which a network counts: that of one 3 nats below the best, about the error of two bounds. */
const MATERIAL = 0.05;

/** What of a feature is told in its row. */
export type Named = Pick<Feature, 'name' | 'prior'>;

/** That an input is in because the config keeps it. */
export const keptMark = (prior: number | undefined): Pick<InputInclusion, 'kept'> => (prior === KEPT ? { kept: true } : {});

/**
 * PIPs of the inputs and the probabilities of their verdicts, with the PIPs of the best restart's network alone, and how far PIPs
 * spread: over the fits that count ({@link rivals}), over networks of a material weight in the average, and the average itself.
 */
export function inputInclusion(features: readonly Named[], restarts: readonly Restart[], best: number): InputInclusion[] {
  const { inclusion: { inputs, inputErrors } } = restarts[best];
  const { pips: averaged, nonlinear, nonlinearErrors, material } = averagedInputs(restarts.flatMap(({ visited }) => visited));
  return features.map(({ name: input, prior }, g) => {
    const fits = rivals(restarts, best, g).map(({ inclusion }) => inclusion.inputs[g]);
    const spread = [...fits, ...material.map((network) => network.inputs[g]), averaged[g]];
    return withVerdict({
      input, pip: averaged[g], pipNetwork: inputs[g], pipMin: Math.min(...spread), pipMax: Math.max(...spread),
      mcSe: inputErrors[g],
      ...(nonlinear && {
        linear: Math.max(0, averaged[g] - nonlinear[g]), nonlinear: nonlinear[g], nonlinearSe: nonlinearErrors![g],
      }),
      ...keptMark(prior),
    });
  });
}

/**
 * The fits between which disagreement on an input matters. A fit of the linear model says nothing of an input that the best
 * network uses through hidden units: it cannot hold that part. Of the others those near the best bound count. If none is,
 * nothing shows that the best will be found again, and all fits of its kind count: another seed may end where any of them did.
 */
function rivals(restarts: readonly Restart[], best: number, input: number): Restart[] {
  const { bound: top, inclusion: { nonlinear } } = restarts[best];
  const ofKind = restarts.filter((fit) => isLinear(fit) === isLinear(restarts[best]));
  const able = nonlinear !== undefined && nonlinear[input] >= 0.5 ? ofKind : restarts;
  const near = able.filter(({ bound }) => bound >= top - RIVAL);
  return near.length > 1 ? near : ofKind;
}

const isLinear = ({ posterior: { units } }: Restart): boolean => units.length === 0;

/** One number per input each. */
export interface AveragedInputs {
  pips: Float64Array;
  /** Of acting through hidden units, with Monte-Carlo standard errors; absent where a network does not tell. */
  nonlinear?: Float64Array;
  nonlinearErrors?: Float64Array;
  /** The networks that have a weight of at least 0.05. */
  material: Visited[];
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
  const material = kept.filter((_, at) => weights[at] >= MATERIAL * total);
  if (!told) return { pips, material };
  const nonlinearErrors = pips.map((_, g) =>
    Math.hypot(...kept.map((state, at) => weights[at] * state.nonlinearErrors![g])) / total);
  return { pips, nonlinear: mean(({ nonlinear }) => nonlinear!), nonlinearErrors, material };
}
