/**
 * What a run is worth: how much better its network predicts held-out rows than no inputs at all, and than a linear model
 * (docs/method.md, The verdict). Gains are differences of log predictive densities, in nats per row.
 */
import { pairedDifference, type Difference } from '../maths/statistics.js';
import { studentQuantile } from '../maths/student.js';

/** By how much one model predicts better than another, in nats per row, with the ends of a 95 % interval. */
export interface Gain {
  mean: number;
  lower: number;
  upper: number;
}

export type VerdictKind = 'better-than-linear' | 'linear-enough' | 'nothing-found' | 'worse-than-linear' | 'worse-than-guessing' | 'undecided';

export interface Gains {
  /** Of the network over the prediction without inputs. */
  overNoInputs: Gain;
  /** Of the network over the linear model; this and the next are absent where there is none. */
  overLinear?: Gain;
  /** Of the linear model over the prediction without inputs. */
  linearOverNoInputs?: Gain;
}

/** What held-out rows show. */
export interface RowsVerdict extends Gains {
  kind: VerdictKind;
  /** Held-out rows that were predicted. */
  rows: number;
  /**
   * A true gain from which on so many rows show one in four of five cases, in nats per row, if the losses are as those of a
   * model that is right.
   */
  detectable: number;
}

/** Of a run: on its test rows, else on its validation rows. */
export type Verdict = (RowsVerdict & { split: 'test' | 'validation' }) | { kind: 'no-held-out-rows' };

/** What a model loses on each row: -log p, in nats. */
export interface LossesByModel {
  none: Float64Array;
  linear?: Float64Array | undefined;
  network: Float64Array;
  /** How much each row counts; absent: 1 each. */
  weights?: ArrayLike<number> | undefined;
}

const LEVEL = 0.95;
/**
 * Nats over all rows that a difference has to add up to: a likelihood ratio of 20. Without it the rounding of a constant
 * prediction, the same on each row, would be called a difference.
 */
export const LEAST_TOTAL = 3;
/** Standard errors that an effect has to be away from 0 to be seen in four of five cases: 1.96 + 0.84. */
const POWER = 2.8;

/** The gain that a difference of losses is, its interval by Student's t. */
export function gainOf({ mean, standardError }: Difference, degrees: number): Gain {
  const half = standardError === 0 ? 0 : studentQuantile((1 + LEVEL) / 2, degrees) * standardError;
  return { mean, lower: mean - half, upper: mean + half };
}

/** The gains on the same rows [n], n >= 2, paired row by row. */
export function gainsOf({ none, linear, network, weights }: LossesByModel): Gains {
  const gain = (worse: Float64Array, better: Float64Array): Gain =>
    gainOf(pairedDifference(worse, better, weights), none.length - 1);
  return {
    overNoInputs: gain(none, network),
    ...(linear && { overLinear: gain(linear, network), linearOverNoInputs: gain(none, linear) }),
  };
}

/** Whether so many rows show that there is a gain. */
export const isShown = ({ mean, lower }: Gain, rows: number): boolean => lower > 0 && mean * rows >= LEAST_TOTAL;

export interface Evidence {
  /** Held-out rows. */
  rows: number;
  /** Degrees of freedom of the gains' errors. */
  degrees: number;
  /** How many inputs the pruned network uses. */
  kept: number;
}

export function verdictOf(gains: Gains, { rows, degrees, kept }: Evidence): RowsVerdict {
  return { kind: kindOf(gains, rows, kept), rows, ...gains, detectable: detectable(gains, rows, degrees) };
}

function kindOf({ overNoInputs, overLinear, linearOverNoInputs }: Gains, rows: number, kept: number): VerdictKind {
  const shown = (gain: Gain | undefined): boolean => gain !== undefined && isShown(gain, rows);
  const lost = (gain: Gain | undefined): boolean => gain !== undefined && gain.upper < 0 && -gain.mean * rows >= LEAST_TOTAL;
  const linearHelps = shown(linearOverNoInputs);
  if (shown(overNoInputs) && shown(overLinear)) return 'better-than-linear';
  if (linearHelps) return lost(overLinear) ? 'worse-than-linear' : 'linear-enough';
  if (shown(overNoInputs)) return 'undecided';
  // A constant may lose as well, by its noise variance: that is no fault of the inputs.
  if (kept === 0) return 'nothing-found';
  return lost(overNoInputs) ? 'worse-than-guessing' : 'undecided';
}

/**
 * The log-likelihood ratio of a true model that gains d nats per row has a variance of about 2d, so that n rows show d at
 * POWER sqrt(2d / n) = d; errors as large as those that were seen raise it.
 */
function detectable({ overNoInputs, linearOverNoInputs = overNoInputs }: Gains, rows: number, degrees: number): number {
  const width = Math.max(...[overNoInputs, linearOverNoInputs].map(({ lower, upper }) => upper - lower));
  return Math.max((2 * POWER ** 2) / rows, (POWER * width) / (2 * studentQuantile((1 + LEVEL) / 2, degrees)));
}
