/** Options of `worker`, and of what hands tasks over to workers. */

import { callback, flag, looseCount, text, waitingTime } from './kinds.js';
import { COMMON, ENGINE, json, LOG, ON_NOTE } from './shared.js';
import { flagName, libraryOption, option, type FlagsOf, type OptionsOf } from './table.js';

const URL_WORDS = 'redis://HOST:PORT, or rediss:// with TLS';

export const QUEUE = {
  /** Server of Redis or Valkey whose workers do the tasks: `redis://localhost:6379`, or `rediss://` with TLS. */
  queue: option(text, { value: '<url>', words: `have the tasks done by bnnc worker, through a server: ${URL_WORDS}` }),
  /** With `queue`: the tables go to the workers through the server. */
  shipData: option(flag, { words: `with ${flagName('queue')}: send the tables through the server; else workers read them where they lie` }),
};
export type QueueOptions = OptionsOf<typeof QUEUE>;

export const WORKER = {
  /** Server of Redis or Valkey: `redis://localhost:6379`, or `rediss://` with TLS. */
  queue: { ...option(text, { value: '<url>', words: `server of the queue: ${URL_WORDS}` }), required: true as const },
  /** Tasks at once, each in a process of its own. Default: 1. */
  jobs: option(looseCount, { value: '<n>', words: 'tasks to do at once', default: 1 }),
  /** Folder that the paths of tables begin at; nothing outside of it is read. Default: the current one. */
  folder: option(text, { value: '<dir>', words: 'folder that paths of tables begin at; nothing outside of it is read', otherwise: 'the current one' }),
  /** Seconds without a task after which the worker ends. Default: never. */
  idle: option(waitingTime, { value: '<seconds>', words: 'end when no task has come for so long', otherwise: 'never' }),
  /** Seconds without a sign of life after which other workers take over what a lost one was doing. Default: 30. */
  lease: option(waitingTime, { value: '<seconds>', words: 'a worker that gives no sign of life for so long is lost, and others take its tasks', default: 30 }),
  json: json('print one JSON document instead of a line'),
  ...LOG,
  ...ENGINE,
  ...COMMON,
  /** Told of each task that has ended. */
  onTask: libraryOption(callback<(task: { unit: string; seconds: number; fault?: string }) => void>(), { words: 'called with each task that has ended' }),
  ...ON_NOTE,
};

/** @interface */
export type ServeQueueOptions = OptionsOf<typeof WORKER>;
export type WorkerFlags = FlagsOf<typeof WORKER>;
