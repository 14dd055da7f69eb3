/** The PIP threshold that select-features and prune share. */
import { fail } from '../errors.js';

/** @throws `usage.threshold` unless 0 <= threshold <= 1. */
export function checkThreshold(threshold: number): void {
  if (threshold >= 0 && threshold <= 1) return;
  throw fail('usage.threshold', `the threshold must lie between 0 and 1, not ${threshold}`, {
    hint: 'It is compared with inclusion probabilities; 0.5 keeps everything that is more likely needed than not.',
  });
}
