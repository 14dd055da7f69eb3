/**
 * The best state of a fit by its ELBO, once the KL is at full weight and the prior follows the posterior. Training may go on
 * closing gates that the data ask for; then the fit ends, and what it gives is the best state, not the last.
 */
import type { Prior } from '../model/prior.js';
import type { HistoryRow } from './history.js';

export interface Best {
  step: number;
  elbo: number;
  theta: Float32Array;
  prior: Prior;
}

/** A fall that is no matter of chance: in nats, and in typical changes from one row of the history to the next. */
const MIN_FALL = 3;
const CHANGES = 4;
/** Rows below the best, one after the other, after which nothing better is expected. */
const PATIENCE = 6;

/** Whether the ELBO has fallen from its best, and stayed down. `rows` from where the best was looked for. */
export function hasFallen(rows: readonly HistoryRow[], best: Best): boolean {
  const last = rows.slice(-PATIENCE);
  const limit = best.elbo - tolerance(rows);
  return last.length === PATIENCE && last.every(({ elbo, step }) => step > best.step && elbo < limit);
}

/** Whether the last row lies below the best by more than chance. */
export const isWorse = (rows: readonly HistoryRow[], best: Best): boolean =>
  rows.length > 0 && rows[rows.length - 1].elbo < best.elbo - tolerance(rows);

/** The median change of the ELBO between rows is what minibatches and noise do to it. */
function tolerance(rows: readonly HistoryRow[]): number {
  const changes = rows.slice(1).map(({ elbo }, i) => Math.abs(elbo - rows[i].elbo)).sort((a, b) => a - b);
  return Math.max(MIN_FALL, CHANGES * (changes[changes.length >> 1] ?? 0));
}
