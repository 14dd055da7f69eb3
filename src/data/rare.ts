/** Levels of so few rows that they share one. */

/** `auto`: all levels of a column with at most {@link MANY} of them have an own one, of others the most frequent. */
export type MinLevel = number | 'auto';

/** What rare levels are called; a level of a table that is called so is one of them. */
export const SHARED = '(rare)';
/** A network reads no more indicators of one column, unless it is told to. */
const MANY = 100;

/** How many training rows a level needs to be one of its own. @param counts training rows of each level */
export function leastRows(counts: ReadonlyMap<string, number>, minLevel: MinLevel): number {
  if (minLevel !== 'auto') return minLevel;
  if (counts.size <= MANY) return 1;
  const sorted = [...counts.values()].sort((a, b) => b - a);
  // Those that share one take the last place.
  return sorted[MANY - 1] + 1;
}

/** The counts with one entry for all levels that are rarer; the same object where there are none. */
export function withShared(counts: ReadonlyMap<string, number>, minLevel: MinLevel): ReadonlyMap<string, number> {
  const least = leastRows(counts, minLevel);
  const rare = [...counts].filter(([level, count]) => count < least || level === SHARED);
  if (rare.length === 0 || (rare.length === 1 && rare[0][0] === SHARED)) return counts;
  const shared = rare.reduce((sum, [, count]) => sum + count, 0);
  return new Map([...[...counts].filter(([level, count]) => count >= least && level !== SHARED), [SHARED, shared]]);
}
