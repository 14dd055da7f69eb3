/** The connection to a server, through BullMQ and ioredis: packages that are not installed with this one. */
import { fail } from '../errors.js';
import { withoutSecrets, type Place } from './place.js';

/** What is used of ioredis. */
export interface Redis {
  connect(): Promise<void>;
  duplicate(): Redis;
  get(key: string): Promise<string | null>;
  getBuffer(key: string): Promise<Buffer | null>;
  exists(...keys: string[]): Promise<number>;
  strlen(key: string): Promise<number>;
  set(key: string, value: string | Buffer, unit: 'EX', seconds: number): Promise<unknown>;
  del(...keys: string[]): Promise<number>;
  scan(cursor: string, ...args: (string | number)[]): Promise<[string, string[]]>;
  mget(...keys: string[]): Promise<(string | null)[]>;
  publish(channel: string, message: string): Promise<number>;
  subscribe(channel: string): Promise<unknown>;
  on(event: string, heard: (...args: never[]) => void): this;
  disconnect(): void;
  status: string;
}

/** What is used of a job of BullMQ. */
export interface QueueJob {
  id?: string;
  data: unknown;
  failedReason?: string;
  updateProgress(progress: object): Promise<void>;
  moveToWait(token?: string): Promise<unknown>;
}

interface Closing { close(force?: boolean): Promise<void>; on(event: string, heard: (...args: never[]) => void): unknown }
export interface Queue extends Closing {
  add(name: string, data: object, options: object): Promise<QueueJob>;
  getJob(id: string): Promise<QueueJob | undefined>;
  getJobState(id: string): Promise<string>;
  remove(id: string): Promise<number>;
}
export type QueueWorker = Closing;
export interface QueueEvents extends Closing { waitUntilReady(): Promise<unknown> }

/** What is used of BullMQ. */
interface Bullmq {
  Queue: new (name: string, options: object) => Queue;
  Worker: new (name: string, work: (job: QueueJob, token?: string) => Promise<unknown>, options: object) => QueueWorker;
  QueueEvents: new (name: string, options: object) => QueueEvents;
  UnrecoverableError: new (message: string) => Error;
  WaitingError: new () => Error;
}

/** A server that answers. */
export interface Server {
  bullmq: Bullmq;
  place: Place;
  /** For commands. */
  redis: Redis;
  /** One more connection, which is closed with the others. */
  another(): Redis;
  close(): void;
}

const PACKAGES = ['bullmq', 'ioredis'];

/** @throws run.no-bullmq */
async function load(name: string): Promise<unknown> {
  try {
    return await import(name);
  } catch {
    throw fail('run.no-bullmq', `a queue needs the packages ${PACKAGES.join(' and ')}, and ${name} does not load`, {
      hint: `Install them: npm install ${PACKAGES.join(' ')}`,
    });
  }
}

/** Between two attempts to reach a server that has answered before, in milliseconds. */
const AGAIN = 500;
/** For the first answer. */
const PATIENCE = 10_000;

/**
 * Connects. A server that has answered once is waited for when it is gone.
 * @param onAway told when the server is gone, and when it is back
 * @throws run.no-bullmq; run.queue-unreachable, without the password
 */
export async function openServer(place: Place, onAway: (text: string) => void = () => {}): Promise<Server> {
  const bullmq = await load('bullmq') as Bullmq;
  const { Redis } = await load('ioredis') as { Redis: new (url: string, options: object) => Redis };
  let answered = false;
  let last: Error | undefined;
  const redis = new Redis(place.url, {
    lazyConnect: true, maxRetriesPerRequest: null, connectTimeout: PATIENCE, retryStrategy: () => (answered ? AGAIN : null),
  });
  redis.on('error', (error: Error) => { last = error; });
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    const { message } = last ?? error as Error;
    throw fail('run.queue-unreachable', `the queue at ${place.shown} cannot be used: ${withoutSecrets(message || String(last), place)}`, {
      hint: 'Check that the server runs, its address, password and certificate.',
    });
  }
  answered = true;
  let away = false;
  redis.on('close', () => {
    if (closed || away) return;
    away = true;
    onAway(`the queue at ${place.shown} does not answer; waiting for it`);
  });
  redis.on('ready', () => {
    if (away) onAway(`the queue at ${place.shown} answers again`);
    away = false;
  });
  let closed = false;
  const all = [redis];
  return {
    bullmq, place, redis,
    another() {
      const made = redis.duplicate();
      made.on('error', () => {});
      all.push(made);
      // Commands connect it.
      return made;
    },
    close() {
      closed = true;
      for (const each of all) each.disconnect();
    },
  };
}
