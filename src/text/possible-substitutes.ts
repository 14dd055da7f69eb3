/** Possible substitutes of inputs, as text. */

import type { StandIn } from '../inference/inclusion/stand-ins.js';
import type { InputInclusion } from '../types.js';

/** Selected inputs, and substitutes of each, that one line has room for. */
const MAX_INPUTS = 3;
const MAX_OTHERS = 4;

/**
 * `possible substitutes for Area: ConvexArea (0.996), ...; for ...`: of inputs with a PIP of at least 0.5, by inputs with less.
 * @returns undefined when there are none
 */
export function standInLine(inputs: readonly InputInclusion[], standIns: readonly StandIn[]): string | undefined {
  const kept = new Set(inputs.filter(({ pip }) => pip >= 0.5).map(({ input }) => input));
  const told = standIns.filter(({ input, other }) => kept.has(input) && !kept.has(other));
  const clauses = [...new Set(told.map(({ input }) => input))].map((name) =>
    `for ${name}: ${shortList(told.filter(({ input }) => input === name).map(otherText), MAX_OTHERS, ', ')}`);
  return clauses.length > 0 ? `possible substitutes ${shortList(clauses, MAX_INPUTS, '; ')}` : undefined;
}

/** `ConvexArea (0.996)`. */
export const otherText = ({ other, correlation }: Pick<StandIn, 'other' | 'correlation'>): string => `${other} (${correlation.toFixed(3)})`;

const shortList = (texts: string[], most: number, separator: string): string =>
  [...texts.slice(0, most), ...(texts.length > most ? ['...'] : [])].join(separator);
