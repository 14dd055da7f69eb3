/** Apart from everything that needs a tensor engine: exported models predict without one, and start at once. */

/** Posterior draws that predictions are averaged over, unless asked otherwise. */
export const DEFAULT_DRAWS = 64;
