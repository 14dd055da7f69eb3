/** The verdicts on inputs, as text. */
import { shorten } from '../data/wording.js';
import { verdictProbabilities } from '../inference/inclusion/verdict.js';
import type { InputInclusion } from '../types.js';

/** What may follow wherever no input, or no other one, was found. */
export const NOT_FOUND =
  'This does not show that no input matters: weak effects, and effects that many inputs share, go unnoticed in few rows.';

/** Why a run has no verdicts. */
export const NOT_TOLD = 'linear or nonlinear is not told: model.skip is off';

/** Whether a run says of its inputs which are linear; all of them say it, or none. */
export const isTold = (inputs: readonly InputInclusion[]): boolean => inputs.every(({ verdict }) => verdict !== undefined);

/** `nonlinear 0.97`: the verdict and its probability; empty where it is not told. */
export function verdictText(row: Pick<InputInclusion, 'pip' | 'linear' | 'nonlinear' | 'verdict'>): string {
  const odds = verdictProbabilities(row);
  return odds && row.verdict ? `${row.verdict} ${odds[row.verdict].toFixed(2)}` : '';
}

/** `a long na… (PIP 0.00 to 1.00)`: the spread over fits, and what else is to be said. */
export const rangeOf = ({ input, pipMin, pipMax }: InputInclusion, more?: string): string =>
  `${shorten(input)} (PIP ${pipMin.toFixed(2)} to ${pipMax.toFixed(2)}${more === undefined ? '' : `, ${more}`})`;
