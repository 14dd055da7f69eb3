/** Leaving work when the signal comes. */

import { BnncError } from '../errors.js';

/** The signal stopped the work. */
export class Interrupted extends BnncError {
  constructor() {
    super({ code: 'interrupted.stopped', message: 'interrupted' });
  }
}

/**
 * The result of `work`, unless the signal comes first; the work is then left to itself.
 * @throws interrupted.stopped
 */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new Interrupted());
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', stop));
}
