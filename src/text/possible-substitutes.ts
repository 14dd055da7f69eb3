/** Stand-ins of inputs, as text. */

import type { StandIn } from '../inference/inclusion/stand-ins.js';
import type { InputInclusion } from '../types.js';

/** Selected inputs, and stand-ins of each, that one line has room for. */
const MAX_INPUTS = 3;
const MAX_OTHERS = 4;

/**
 * `Area could be stood in for by ConvexArea (0.996), ...`: of inputs with a PIP of at least 0.5, by ones that have less.
 * @returns undefined when there are none
 */
export function standInLine(inputs: readonly InputInclusion[], standIns: readonly StandIn[]): string | undefined {
  const kept = new Set(inputs.filter(({ pip }) => pip >= 0.5).map(({ input }) => input));
  const told = standIns.filter(({ input, other }) => kept.has(input) && !kept.has(other));
  const clauses = [...new Set(told.map(({ input }) => input))].map((name) =>
    `${name} could be stood in for by ${shortList(told.filter(({ input }) => input === name).map(otherText), MAX_OTHERS, ', ')}`);
  return clauses.length > 0 ? shortList(clauses, MAX_INPUTS, '; ') : undefined;
}

/** `ConvexArea (0.996)`. */
export const otherText = ({ other, correlation }: Pick<StandIn, 'other' | 'correlation'>): string => `${other} (${correlation.toFixed(3)})`;

const shortList = (texts: string[], most: number, separator: string): string =>
  [...texts.slice(0, most), ...(texts.length > most ? ['...'] : [])].join(separator);
