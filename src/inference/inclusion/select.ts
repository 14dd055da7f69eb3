/**
 * Feature selection from input PIPs, or what counts in their place: by threshold, by number, or by Bayesian false discovery rate.
 */
import { fail } from '../../errors.js';
import type { InputInclusion } from '../../types.js';

/** Which features to keep; one of the three. */
export type SelectionRule =
  /** PIP >= threshold; 0.5 is the median probability model (Barbieri & Berger 2004). */
  | { threshold: number }
  /** The so many features of highest PIP (all of them if there are fewer), beside those that are kept. */
  | { top: number }
  /** The largest set, by descending PIP, whose expected share of false inclusions, mean(1 - PIP), is at most fdr. */
  | { fdr: number };

/** A selected feature. */
export interface SelectedInput extends InputInclusion {
  /** From 1, by descending PIP, or what counts in its place. */
  rank: number;
  /** Bayesian FDR of the set made of this feature and all ranked before it: the mean of 1 - PIP, or what counts in its place. */
  fdr: number;
}

/** The probability that an input counts with. */
type Counting = (row: InputInclusion) => number;

const byPip: Counting = ({ pip }) => pip;

/**
 * Selected features by descending probability, ties in the order of `inputs`.
 *
 * @throws `usage.threshold`, `usage.top`, `usage.fdr` for values out of range.
 */
export function selectFeatures(inputs: readonly InputInclusion[], rule: SelectionRule, counting = byPip): SelectedInput[] {
  const ranked = rankInputs(inputs, counting);
  if ('threshold' in rule) {
    checkThreshold(rule.threshold);
    return ranked.filter((row) => counting(row) >= rule.threshold);
  }
  if ('top' in rule) {
    if (!Number.isInteger(rule.top) || rule.top < 1) {
      throw fail('usage.top', `the number of features to keep must be a whole number of at least 1, not ${rule.top}`);
    }
    return ranked.slice(0, rule.top + ranked.filter(({ kept }) => kept).length);
  }
  if (!(rule.fdr >= 0 && rule.fdr <= 1)) {
    throw fail('usage.fdr', `the false discovery rate must lie between 0 and 1, not ${rule.fdr}`, {
      hint: 'A usual value is 0.05.',
    });
  }
  // The running mean of a non-decreasing sequence does not decrease, so the set is a prefix. The slack is rounding.
  return ranked.filter((row) => row.fdr <= rule.fdr + 1e-12);
}

/**
 * All features by descending probability with rank and running FDR; ties keep their order (the sort is stable). Those that are
 * kept come first: nothing is claimed for them, so that they have no part in the FDR of the others.
 */
export function rankInputs(inputs: readonly InputInclusion[], counting = byPip): SelectedInput[] {
  let [misses, found] = [0, 0];
  return [...inputs]
    .sort((a, b) => Number(b.kept ?? false) - Number(a.kept ?? false) || counting(b) - counting(a))
    .map((row, index) => {
      if (!row.kept) [misses, found] = [misses + 1 - counting(row), found + 1];
      return { ...row, rank: index + 1, fdr: found === 0 ? 0 : misses / found };
    });
}

/** @throws `usage.threshold` unless 0 <= threshold <= 1. */
export function checkThreshold(threshold: number): void {
  if (threshold >= 0 && threshold <= 1) return;
  throw fail('usage.threshold', `the threshold must lie between 0 and 1, not ${threshold}`, {
    hint: 'It is compared with inclusion probabilities; 0.5 keeps everything that is more likely needed than not.',
  });
}
