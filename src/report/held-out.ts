/** Rows that a run held out, with what is predicted of them. */
import { encodedEach, likelihoodOf, marginsOf, type OutputDraws, type RowLosses } from '../likelihood/index.js';
import type { Target } from '../types.js';
import type { SplitName } from '../work/prepare.js';
import { plural } from '../wording.js';

/** The pruned network on rows that it was not trained on. */
export interface HeldOutDraws {
  split: SplitName;
  /** With what is known of the rows. */
  outputs: OutputDraws;
  /** n encoded targets. */
  y: Float32Array;
  /** n: how much each row counts in metrics; absent: 1 each. */
  weights?: Float32Array | undefined;
  /** The penalised linear model on the same rows, as one draw; absent where the run has none. */
  linear?: OutputDraws | undefined;
}

/** The same of each target, where there are several; else of the one. */
export function eachHeldOut(heldOut: HeldOutDraws, target: Target): { target: Target; heldOut: HeldOutDraws }[] {
  const { outputs, y, linear } = heldOut;
  const ys = encodedEach(y, target, outputs.known?.others);
  const lines = linear && marginsOf({ ...linear, known: outputs.known! }, target);
  return marginsOf(outputs, target).map(({ target: own, outputs: draws }, place) =>
    ({ target: own, heldOut: { ...heldOut, outputs: draws, y: ys[place], linear: lines?.[place].outputs } }));
}

/** Targets of several that are drawn. */
export const MAX_TARGETS = 6;

/** What is lost on each row, of which metrics are made. @param threshold of two classes, as in Likelihood.losses */
export const lossesOf = (
  outputs: OutputDraws, { y, weights }: Pick<HeldOutDraws, 'y' | 'weights'>, target: Target, threshold?: number,
): RowLosses => ({
  ...likelihoodOf(target.task).losses(outputs, y, target, threshold), ...(weights && { weight: Float64Array.from(weights) }),
});

/** `180 test rows`, and that they are weighed. */
export const rowWords = ({ y, split, weights }: HeldOutDraws): string =>
  `${plural(y.length, `${split} row`)}${weights ? ', each counted by its weight' : ''}`;
