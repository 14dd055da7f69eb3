/** What the probabilities of an input come to: the most probable of zero, linear and nonlinear, and whether restarts agree. */
import type { InputInclusion, InputVerdict } from '../../types.js';

/** PIPs of the restarts that lie further apart than this belong to different networks. */
export const WIDE_SPREAD = 0.5;

/** The probabilities of an input, as they are computed and stored. */
export type InputProbabilities = Omit<InputInclusion, 'verdict' | 'unstable'>;

/** The same with what follows from them. */
export function withVerdict(row: InputProbabilities): InputInclusion {
  const odds = verdictProbabilities(row);
  return {
    ...row,
    ...(odds && { verdict: VERDICTS.reduce((best, each) => (odds[each] > odds[best] ? each : best)) }),
    unstable: row.pipMax - row.pipMin > WIDE_SPREAD,
  };
}

/** From the simplest on: of equal ones the simpler counts. */
export const VERDICTS: readonly InputVerdict[] = ['zero', 'linear', 'nonlinear'];

/** The probability of each verdict; undefined where linear and nonlinear cannot be told apart. */
export function verdictProbabilities(row: Pick<InputInclusion, 'pip' | 'linear' | 'nonlinear'>): Record<InputVerdict, number> | undefined {
  const { pip, linear, nonlinear } = row;
  return linear === undefined || nonlinear === undefined ? undefined : { zero: 1 - pip, linear, nonlinear };
}
