/** A runner that shares its tasks with others: what is done already is not done again, and what is not its own it leaves. */

import { Interrupted } from './abort.js';
import type { Kinds, Runner } from './runner.js';

/** Results that outlast the process, by key. */
export interface Results {
  /** Whether there is one now; whoever waits asks again and again. */
  find(key: string): Promise<{ value: unknown } | undefined>;
  save(key: string, value: unknown): Promise<void>;
}

/** What is known of a task before it is done. */
export interface Placed {
  /** The same in every process that shares the work; absent: the result is neither looked for nor kept. */
  key?: string | undefined;
  /** For people. */
  name: string;
  /** Whether it is done here where no result is there. */
  here: boolean;
}

export interface Sharing<K extends Kinds> {
  results: Results;
  place(kind: keyof K & string, task: K[keyof K]['task']): Placed;
  /** Milliseconds to wait for results of others when nothing else is left to do. Default: 0. */
  patience?: number | undefined;
  /** Ends the waiting. */
  signal?: AbortSignal | undefined;
}

/** Everything that could be done here is done, and the rest needs results that are not there. */
export class OthersFirst extends Error {
  /** @param names what is missing */
  constructor(readonly names: readonly string[]) {
    super('results of others are missing');
  }
}

/** How often a waiting runner looks for results. */
const LOOK = 500;
/** After so long without a task everybody who could hand one over has done it. */
const SETTLED = 100;

interface Awaited {
  placed: Placed;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * Wraps a runner. A task of others waits for its result; when nothing is done here any more and no result has come for as long
 * as the patience lasts, all that wait fail with {@link OthersFirst}; with what a task of here has failed with, if one has.
 */
export function sharedRunner<K extends Kinds>(inner: Runner<K>, { results, place, patience = 0, signal }: Sharing<K>): Runner<K> {
  const awaited = new Map<object, Awaited>();
  let active = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let idleSince = 0;
  let failure: { reason: unknown } | undefined;

  const giveUp = (reason: unknown): void => {
    const all = [...awaited.values()];
    awaited.clear();
    for (const { reject } of all) reject(reason);
  };
  const interrupt = (): void => {
    failure ??= { reason: new Interrupted() };
    if (active === 0) giveUp(failure.reason);
  };
  signal?.addEventListener('abort', interrupt);

  const check = async (): Promise<void> => {
    timer = undefined;
    if (active > 0 || awaited.size === 0) return;
    if (failure) return giveUp(failure.reason);
    let found = false;
    for (const [id, { placed: { key }, resolve, reject }] of [...awaited]) {
      try {
        const result = key === undefined ? undefined : await results.find(key);
        if (!result) continue;
        found = true;
        awaited.delete(id);
        resolve(result.value);
      } catch (error) {
        awaited.delete(id);
        reject(error);
      }
    }
    if (found) idleSince = Date.now();
    if (closed || active > 0 || awaited.size === 0) return;
    const hope = [...awaited.values()].some(({ placed: { key } }) => key !== undefined) && Date.now() - idleSince < patience;
    if (found || hope) return later(found ? SETTLED : LOOK);
    giveUp(new OthersFirst([...new Set([...awaited.values()].map(({ placed: { name } }) => name))]));
  };
  const later = (delay = SETTLED): void => {
    timer ??= setTimeout(() => void check(), delay);
  };
  const ended = (): void => {
    active -= 1;
    if (active > 0) return;
    idleSince = Date.now();
    if (awaited.size > 0) later();
  };

  return {
    size: inner.size,
    async run(kind, task, onNotice) {
      const placed = place(kind, task);
      const { key, here } = placed;
      active++;
      try {
        const found = key === undefined ? undefined : await results.find(key);
        if (found) return found.value;
        if (here) {
          const value = await inner.run(kind, task, onNotice);
          if (key !== undefined && isWhole(value)) await results.save(key, value);
          return value;
        }
      } catch (error) {
        failure ??= { reason: error };
        throw error;
      } finally {
        ended();
      }
      return new Promise((resolve, reject) => {
        awaited.set({}, { placed, resolve: resolve, reject });
        if (active === 0) later();
      });
    },
    async close() {
      closed = true;
      signal?.removeEventListener('abort', interrupt);
      clearTimeout(timer);
      await inner.close();
    },
  };
}

/** What a signal has stopped is nothing, or says that it is not done. */
export const isWhole = (value: unknown): boolean =>
  value !== undefined && !(typeof value === 'object' && value !== null && 'done' in value && value.done === false);
