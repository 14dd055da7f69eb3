/** How often each input is selected: over the folds of a cross-validation, and over all fits of all folds. */
import type { FoldResult } from './fold.js';

export interface InputStability {
  input: string;
  /** Share of folds whose chosen restart gives it a PIP of at least the threshold. */
  folds: number;
  /** Share of all fits of all folds that do, linear ones included. */
  restarts: number;
  /** Mean PIP of the chosen restarts. */
  pip: number;
  /** Smallest and largest over all fits of all folds. */
  pipMin: number;
  pipMax: number;
}

/**
 * The most often selected first, by folds, restarts, PIP and the order of `names`. An input that a fold is without, because
 * it does not vary over the training rows, has a PIP of 0 there.
 * @param names inputs of any fold
 */
export function stability(
  names: readonly string[], folds: readonly Pick<FoldResult, 'inputs' | 'pips' | 'best'>[], threshold: number,
): InputStability[] {
  return names.map((input) => {
    const pips = folds.map(({ inputs, pips, best }) => {
      const at = inputs.indexOf(input);
      const every = pips.map((restart) => (at < 0 ? 0 : restart[at]));
      return { chosen: every[best], every };
    });
    const chosen = pips.map((fold) => fold.chosen);
    const every = pips.flatMap((fold) => fold.every);
    return {
      input, folds: shareFrom(chosen, threshold), restarts: shareFrom(every, threshold),
      pip: chosen.reduce((sum, pip) => sum + pip, 0) / chosen.length,
      pipMin: every.reduce((least, pip) => Math.min(least, pip)), pipMax: every.reduce((most, pip) => Math.max(most, pip)),
    };
  }).sort((a, b) => b.folds - a.folds || b.restarts - a.restarts || b.pip - a.pip);
}

const shareFrom = (pips: readonly number[], threshold: number): number =>
  pips.filter((pip) => pip >= threshold).length / pips.length;
