/** A worker of a queue: does one task after another, whoever has put them there. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { EnginePreference } from '../engine/preference.js';
import { BnncError } from '../errors.js';
import { Interrupted, unlessAborted } from '../jobs/abort.js';
import { programVersion } from '../version.js';
import { openServer, type QueueJob, type Server } from './client.js';
import { faultText, keys, PREFIX, queueName, readTask, STOP_CHANNEL, type TaskNote } from './messages.js';
import type { Place } from './place.js';
import { refused } from './run-note.js';
import { Sessions } from './sessions.js';
import { MAX_LOST } from './taker.js';

export interface ConsumeOptions {
  place: Place;
  /** Folder, absolute, that the paths of plans begin at; nothing outside of it is read. */
  folder: string;
  /** Tasks at once. */
  jobs: number;
  engine: EnginePreference;
  /** Milliseconds without a sign of life after which a worker counts as lost. */
  lease: number;
  /** Milliseconds without a task after which the worker ends; absent: it waits for ever. */
  idle?: number | undefined;
  signal?: AbortSignal | undefined;
  onNote(text: string): void;
  /** Told of each task that has ended, and what it has failed with. */
  onTask?: ((task: { unit: string; seconds: number; fault?: string }) => void) | undefined;
}

/** What a worker has done. */
export interface Consumed {
  /** Tasks that were done, and that failed or were refused. */
  done: number;
  failed: number;
}

/** Between two notices of a task, in milliseconds. */
const NOTICE = 200;
/** Seconds that a worker is known without a sign of life, and between two such signs. */
const KNOWN = 15;
const SIGN = 5;
const ID = 8;

/**
 * Does tasks until the signal comes, or none has come for so long as was said. A task that the signal stops is given back.
 * @throws run.no-bullmq, run.queue-unreachable
 */
export async function consume(options: ConsumeOptions): Promise<Consumed> {
  const { place, jobs, lease, idle, signal, onNote, onTask } = options;
  const server = await unlessAborted(openServer(place, onNote), signal);
  const { bullmq, another } = server;
  const sessions = new Sessions({ ...options, server });
  const counts: Consumed = { done: 0, failed: 0 };
  let [active, since] = [0, Date.now()];

  const work = async (job: QueueJob, token?: string): Promise<null> => {
    const begun = Date.now();
    active++;
    try {
      const task = asked(job);
      const tell = slowed((notice) => void job.updateProgress({ notice }).catch(() => {}));
      await sessions.use(task, (session) => session.do(task, tell));
      counts.done++;
      onTask?.({ unit: task.unit, seconds: (Date.now() - begun) / 1000 });
      return null;
    } catch (error) {
      if (signal?.aborted) {
        await job.moveToWait(token);
        throw new bullmq.WaitingError();
      }
      // Whoever wanted it does not want it any more.
      if (error instanceof Interrupted) return null;
      counts.failed++;
      const fault = error instanceof BnncError ? error.problems[0].message : String(error);
      onTask?.({ unit: unitOf(job), seconds: (Date.now() - begun) / 1000, fault });
      throw new bullmq.UnrecoverableError(faultText(error));
    } finally {
      active--;
      since = Date.now();
    }
  };

  const listening = another();
  listening.on('message', (_channel: string, run: string) => void sessions.stop(run));
  await unlessAborted(listening.subscribe(STOP_CHANNEL), signal);
  const worker = new bullmq.Worker(queueName(programVersion()), work, {
    connection: another(), prefix: PREFIX, concurrency: jobs, lockDuration: lease, stalledInterval: Math.max(500, lease / 2),
    maxStalledCount: MAX_LOST, skipVersionCheck: true, drainDelay: 1,
  });
  worker.on('error', () => {});
  const present = signOfLife(server, jobs);
  onNote(`waiting for tasks at ${place.shown}`);
  await new Promise<void>((resolve) => {
    const timer = idle === undefined ? undefined : setInterval(() => {
      if (active === 0 && Date.now() - since >= idle) done();
    }, 100);
    const done = (): void => {
      clearInterval(timer);
      resolve();
    };
    if (signal?.aborted) done();
    else signal?.addEventListener('abort', done, { once: true });
  });
  await sessions.end();
  await Promise.race([worker.close(), after(lease)]);
  await present.end();
  server.close();
  return counts;
}

/** @throws run.queue-refused for what is no task of this version */
function asked(job: QueueJob): TaskNote {
  const read = readTask(job.data);
  if ('fault' in read) throw refused(`it is not as bnnc writes it: ${read.fault}`);
  const { bnnc } = read.task;
  if (bnnc !== programVersion()) throw refused(`it is of bnnc ${bnnc}, and this worker is ${programVersion()}`);
  return read.task;
}

const unitOf = ({ data }: QueueJob): string => {
  const read = readTask(data);
  return 'task' in read ? read.task.unit : 'a task';
};

/** Tells some notices, and the last one of a stretch not always. */
function slowed(tell: (notice: unknown) => void): (notice: unknown) => void {
  let last = 0;
  return (notice) => {
    if (Date.now() - last < NOTICE) return;
    last = Date.now();
    tell(notice);
  };
}

/** Says again and again that this worker is there. */
function signOfLife({ redis }: Server, jobs: number): { end(): Promise<void> } {
  const key = keys.worker(`${hostname()}-${randomBytes(ID).toString('hex')}`);
  const text = JSON.stringify({ bnnc: programVersion(), jobs });
  const say = (): void => void redis.set(key, text, 'EX', KNOWN).catch(() => {});
  say();
  const timer = setInterval(say, SIGN * 1000);
  return {
    async end() {
      clearInterval(timer);
      await Promise.race([redis.del(key).catch(() => 0), after(500)]);
    },
  };
}

const after = (delay: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delay).unref());
