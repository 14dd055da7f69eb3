/** Near misses: what a person most likely meant by a word that is not on the list. */

/** `Learning_rate`, `learning-rate` and `learningRate` are the same word to a person. */
const fold = (word: string): string => word.toLowerCase().replace(/[\s_-]+/g, '');

/**
 * Edits between two words: insertion, deletion, substitution, and swap of neighbours, each at cost 1 (Damerau-Levenshtein in
 * its optimal string alignment form: no part is edited twice).
 */
export function editDistance(a: string, b: string): number {
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j], older[j - 2] + 1);
    }
    older = previous;
    previous = row;
  }
  return previous[b.length];
}

/**
 * The candidate nearest to `word`, or undefined when none is near enough to be meant. Case, blanks, hyphens and underscores
 * do not count; beyond that a third of the letters may differ, three at most. The first of equally near candidates wins.
 */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = fold(word);
  // Very long words are no typing slips, and the table of distances would be large.
  if (wanted.length > 200) return undefined;
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const folded = fold(candidate);
    const longer = Math.max(wanted.length, folded.length);
    const allowed = longer < 2 ? 0 : Math.min(3, Math.max(1, Math.floor(longer / 3)));
    if (Math.abs(wanted.length - folded.length) > allowed) continue;
    const distance = editDistance(wanted, folded);
    if (distance <= allowed && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
