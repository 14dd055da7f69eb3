/** What the dense background leaves to the inputs that are named, in words. */
import { plural } from '../wording.js';

/** One sentence; none where it is not known. */
export function carriedBy(named: number | undefined, inputs: number): string[] {
  if (named === undefined) return [];
  if (inputs === 0) return ['No input is named: all that is explained is carried by many weak ones.'];
  const part = `${Math.round(100 * named)} % of the explained part (variance of the outputs on the training rows)`;
  return [`${part} is carried by the ${inputs === 1 ? 'named input' : plural(inputs, 'named input')}, the rest by many weak ones.`];
}
