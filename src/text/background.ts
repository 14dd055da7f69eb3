/** What the dense background leaves to the inputs that are named, in words. */
import { plural } from '../wording.js';

/** One sentence; none where it is not known. */
export function carriedBy(named: number | undefined, inputs: number): string[] {
  if (named === undefined) return [];
  if (inputs === 0) return ['No input is named: all that is explained is carried by many weak ones.'];
  const percent = Math.round(100 * named);
  const part = 'of the explained part (variance of the outputs on the training rows) is carried by';
  const those = `the ${inputs === 1 ? 'named input' : plural(inputs, 'named input')}`;
  return [percent === 100 ? `Nearly all ${part} ${those}.` : `${percent} % ${part} ${those}, the rest by many weak ones.`];
}
