/**
 * Successive halving (Jamieson, Talwalkar 2016, algorithm 1), with folds as the budget: all settings are measured on a few folds,
 * the best of them on more, the last ones on all. A fold is the same for all settings, and is learned from once.
 */

/** How many settings are measured on the first so many folds. */
export interface Rung {
  trials: number;
  folds: number;
}

/**
 * Each rung has 1 / eta of the settings of the one before it, and eta times its folds, both rounded up; the last has all folds.
 * There are as many as leave a fold for the first and two settings for the last but one.
 * @param folds of all repeats
 */
export function rungsOf(trials: number, folds: number, eta: number): Rung[] {
  let halvings = 0;
  while (up(trials / eta ** halvings) > 1 && folds / eta ** (halvings + 1) > 1 - ROUNDING) halvings++;
  const rungs = Array.from({ length: halvings + 1 }, (_, step): Rung =>
    ({ trials: up(trials / eta ** step), folds: up(folds / eta ** (halvings - step)) }));
  // Rounded up, two may have the same folds: the second would measure nothing.
  return rungs.filter((rung, step) => rung.folds !== rungs[step + 1]?.folds);
}

const ROUNDING = 1e-9;
const up = (value: number): number => Math.ceil(value - ROUNDING);
