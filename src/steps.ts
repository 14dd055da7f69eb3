/** Work in steps: a generator that yields where it may be left. */

import { setImmediate as nextTurn } from 'node:timers/promises';

/** Runs the steps in one go. */
export function finish<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/**
 * Runs the steps and lets signals and timers in between them.
 * @returns the result, or undefined when `signal` was aborted; what the steps hold is then freed
 */
export async function finishUnlessAborted<T>(steps: Generator<void, T>, signal?: AbortSignal): Promise<T | undefined> {
  for (;;) {
    await nextTurn();
    if (signal?.aborted) {
      steps.return(undefined as T);
      return undefined;
    }
    const { done, value } = steps.next();
    if (done) return value;
  }
}
