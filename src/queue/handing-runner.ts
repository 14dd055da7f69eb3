/** A runner that hands tasks over to others and waits for their results, and does the rest itself. */
import { Interrupted } from '../jobs/abort.js';
import type { Kinds, Runner } from '../jobs/runner.js';
import type { Results } from '../jobs/shared-runner.js';

/** Who takes tasks. */
export interface Taker {
  /**
   * Has a task done whose result is not there.
   * @returns when its result is there
   * @throws what it fails with
   */
  take(key: string, unit: string, onNotice: (notice: unknown) => void): Promise<void>;
  /** How many tasks others do at once, as far as known. */
  readonly size: number;
}

/** Where a task is done. */
export interface Placing {
  /** Of its result; absent: it is neither looked for nor kept. */
  key?: string | undefined;
  /** What it is called by those who do it; absent: it is done here. */
  unit?: string | undefined;
}

export interface Handing<K extends Kinds> {
  results: Results;
  taker: Taker;
  place(kind: keyof K & string, task: K[keyof K]['task']): Placing;
  signal?: AbortSignal | undefined;
}

/** Wraps a runner. The first failure of a task is that of all that wait. */
export function handingRunner<K extends Kinds>(inner: Runner<K>, { results, taker, place, signal }: Handing<K>): Runner<K> {
  let failure: { reason: unknown } | undefined;
  const waiting = new Set<(reason: unknown) => void>();
  const stop = (reason: unknown): void => {
    failure ??= { reason };
    for (const reject of waiting) reject(failure.reason);
  };
  const interrupt = (): void => stop(new Interrupted());
  signal?.addEventListener('abort', interrupt);

  /** The work, unless another task fails first. */
  const unlessFailed = <T>(work: Promise<T>): Promise<T> => new Promise((resolve, reject) => {
    waiting.add(reject);
    work.then(resolve, reject).finally(() => waiting.delete(reject));
  });
  const done = async <N extends keyof K & string>(
    kind: N, task: K[N]['task'], onNotice: (notice: K[N]['notice']) => void,
  ): Promise<K[N]['result']> => {
    const { key, unit } = place(kind, task);
    const found = key === undefined ? undefined : await results.find(key);
    if (found) return found.value;
    if (key === undefined || unit === undefined) {
      const value = await inner.run(kind, task, onNotice);
      if (key !== undefined && value !== undefined) await results.save(key, value);
      return value;
    }
    for (;;) {
      await taker.take(key, unit, onNotice);
      const made = await results.find(key);
      // Whoever else works on the same may have taken it away: it is made again.
      if (made) return made.value;
    }
  };
  return {
    get size() { return taker.size; },
    async run(kind, task, onNotice = () => {}) {
      if (failure) throw failure.reason;
      try {
        return await unlessFailed(done(kind, task, onNotice));
      } catch (error) {
        stop(error);
        throw error;
      }
    },
    async close() {
      signal?.removeEventListener('abort', interrupt);
      await inner.close();
    },
  };
}
