/** What a feature tells about the training rows. */

import type { Feature } from '../types.js';

/**
 * Whether training rows had missing cells. Not whether an indicator is there: pruning may have removed it, and the other columns
 * must stay as they were.
 */
export const trainedOnMissing = ({ missing, columns }: Feature): boolean =>
  missing ?? columns.some(({ type }) => type === 'missing');

/** How many encoded columns features have. */
export const columnCount = (features: readonly Pick<Feature, 'columns'>[]): number =>
  features.reduce((sum, { columns }) => sum + columns.length, 0);

/** The levels of a categorical feature that training rows had. */
export const levelsOf = ({ levels, columns }: Feature): string[] => levels ?? columns.flatMap(({ level }) => level ?? []);
