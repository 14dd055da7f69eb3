/** The course of a training run, in fractions of all steps (docs/method.md, Schedule). */

export interface Phase {
  /** All gates are held open. */
  pinned: boolean;
  /** Weight of the KL term. */
  beta: number;
  /** Whether sigma^2 is learned. */
  noiseFree: boolean;
  /** Whether the prior's parameters follow the posterior. */
  empiricalBayes: boolean;
  /** Factor on the learning rate. */
  rate: number;
}

const RELEASE = 0.25;
const FULL_KL = 0.6;
const INITIAL_BETA = 0.1;
const EMPIRICAL_BAYES = 0.7;

/** The phase at `step` of `steps`. Learning sigma^2 before the KL is at full weight collapses it. */
export function phaseAt(step: number, steps: number): Phase {
  const f = step / steps;
  const rise = Math.min(1, Math.max(0, (f - RELEASE) / (FULL_KL - RELEASE)));
  return {
    pinned: f < RELEASE,
    beta: INITIAL_BETA + (1 - INITIAL_BETA) * rise,
    noiseFree: f >= FULL_KL,
    empiricalBayes: f >= EMPIRICAL_BAYES,
    rate: f < 0.8 ? 1 : f < 0.93 ? 1 / 5 : 1 / 15,
  };
}

/** Equal for steps that can run under the same fixed inputs (beta enters step by step). */
export const phaseKey = ({ pinned, noiseFree, rate }: Phase): string => `${pinned} ${noiseFree} ${rate}`;
