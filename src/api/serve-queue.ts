/** A worker: does the tasks that others put into a queue. */

import { resolve } from 'node:path';
import type { Consumed } from '../queue/consume.js';
import { telling } from '../voice.js';
import { engineOf, folderOf, heed, queuePassword } from './environment.js';
import { checked } from './options/check.js';
import { WORKER, type ServeQueueOptions } from './options/queue.js';

export type { Consumed } from '../queue/consume.js';

/**
 * Does the tasks of a queue, which functions with the option `queue` put there, until `signal` comes or no task has come for
 * `idle` seconds. A task that the signal stops is given back. A failed task is a failure of whoever wants it, not of the worker.
 * @throws {BnncError} `usage.option`, `usage.queue`; `run.no-bullmq`, `run.queue-unreachable`
 * @example
 * ```ts
 * await serveQueue({ queue: 'redis://localhost:6379', jobs: 2, idle: 60 });
 * ```
 * @category Many machines
 */
export async function serveQueue(options: ServeQueueOptions): Promise<Consumed> {
  const { queue, jobs, folder = '.', idle, lease, signal, onNote, onTask } = checked('serveQueue', options, WORKER);
  heed(options);
  const [{ placeOf }, { consume }] = await Promise.all([import('../queue/place.js'), import('../queue/consume.js')]);
  return consume({
    place: placeOf(queue, queuePassword()), folder: resolve(folderOf(options), folder), jobs, engine: engineOf(options),
    lease: 1000 * Math.max(1, lease), idle: idle === undefined ? undefined : 1000 * idle, signal, onNote: telling(onNote), onTask,
  });
}
