/** What a feature tells about the training rows, and what its cells are. */

import type { Feature } from '../types.js';
import { BOOLEANS, booleanLevels } from './boolean.js';
import { asText, levelNumbers, numbersAt, type Column, type TextColumn } from './column.js';
import { places } from './ordinal.js';
import { percents } from './percent.js';

/**
 * Whether training rows had missing cells. Not whether an indicator is there: pruning may have removed it, and the other columns
 * must stay as they were.
 */
export const trainedOnMissing = ({ missing, columns }: Feature): boolean =>
  missing ?? columns.some(({ type }) => type === 'missing');

/** The columns of the file that features are made of: members in the place of groups. */
export const cellFeatures = (features: readonly Feature[]): Feature[] =>
  features.flatMap((feature) => feature.members ?? [feature]);

/** How many encoded columns features have. */
export const columnCount = (features: readonly Pick<Feature, 'columns'>[]): number =>
  features.reduce((sum, { columns }) => sum + columns.length, 0);

/** The levels of a categorical feature that training rows had. */
export const levelsOf = ({ levels, columns }: Feature): string[] => levels ?? columns.flatMap(({ level }) => level ?? []);

/** The level that a cell's text stands for; undefined for one that no training row had. */
export function levelReader(feature: Feature): (text: string) => string | undefined {
  const known = new Set(levelsOf(feature));
  const sides = booleanLevels([...known]);
  return (text) => {
    if (known.has(text)) return text;
    const meant = sides && BOOLEANS.get(text);
    return meant ? sides[meant.yes ? 'yes' : 'no'] : feature.shared;
  };
}

/** The number that each text of a column is to a numeric feature; NaN of what is none. */
export function featureNumbers(column: TextColumn, { form, levels }: Pick<Feature, 'form' | 'levels'>): Float64Array {
  if (form === 'percent') return percents(column);
  return form === 'ordinal' ? places(column, levels ?? []) : levelNumbers(column);
}

/** The numbers that a feature has in the rows of a column; NaN where a cell is missing or none. */
export function cellNumbers(column: Column, feature: Feature): Float64Array {
  if (column.type === 'number' && feature.form === undefined) return column.values;
  const text = asText(column);
  const numbers = featureNumbers(text, feature);
  return numbersAt(text.codes, numbers);
}
