/** Tasks on their way to workers: put into the queue, watched, and taken out when nobody wants them any more. */
import { fail } from '../errors.js';
import { plural } from '../wording.js';
import { programVersion } from '../version.js';
import { call, words, type Words } from '../voice.js';
import type { QueueEvents, Queue, Server } from './client.js';
import type { Taker } from './handing-runner.js';
import {
  errorOf, keys, PREFIX, queueName, readPresence, STOP_CHANNEL, taskNote, WORKERS, type Presence,
} from './messages.js';
import type { QueueParts } from './parts.js';

/** Between two looks for what events have not told, in milliseconds. */
const LOOK = 1000;
/** So many tasks are looked at each time, so that ten thousand that wait are no burden. */
const MOST_LOOKS = 50;
/** Without a worker for so long, it is told. */
const LONELY = 3000;
/** A task whose workers are lost so often is not given to a further one. */
export const MAX_LOST = 3;
/** For the last words to a server. */
const FAREWELL = 3000;

export interface TakerOptions {
  server: Server;
  /** The name of the run, and of its plan. */
  run: string;
  plan: string;
  parts: QueueParts;
  onNote(text: Words): void;
}

interface Waiting {
  key: string;
  unit: string;
  onNotice(notice: unknown): void;
  resolve(): void;
  reject(error: unknown): void;
}

/** Hands the tasks of a run over to the workers of a queue. */
export class QueueTaker implements Taker {
  private readonly waiting = new Map<string, Waiting>();
  private timer: NodeJS.Timeout | undefined;
  private lonelySince = Date.now();
  private toldLonely = false;
  private toldOthers = false;
  private atOnce = 1;
  private checking = false;

  private constructor(
    private readonly options: TakerOptions, private readonly queue: Queue, private readonly events: QueueEvents,
  ) {
    events.on('progress', ({ jobId, data }: { jobId: string; data: unknown }) => this.heard(jobId, data));
    events.on('completed', ({ jobId }: { jobId: string }) => void this.look(jobId));
    events.on('failed', ({ jobId, failedReason }: { jobId: string; failedReason: string }) => this.failed(jobId, failedReason));
    for (const each of [queue, events]) each.on('error', () => {});
    this.timer = setInterval(() => void this.check(), LOOK);
  }

  static async open(options: TakerOptions): Promise<QueueTaker> {
    const { server: { bullmq, another } } = options;
    const name = queueName(programVersion());
    const common = { prefix: PREFIX, skipVersionCheck: true };
    const queue = new bullmq.Queue(name, { ...common, connection: another() });
    const events = new bullmq.QueueEvents(name, { ...common, connection: another() });
    await events.waitUntilReady();
    return new QueueTaker(options, queue, events);
  }

  get size(): number {
    return this.atOnce;
  }

  async take(key: string, unit: string, onNotice: (notice: unknown) => void): Promise<void> {
    const id = `${this.options.run}-${this.options.parts.nameOf(key)}`;
    const done = new Promise<void>((resolve, reject) => this.waiting.set(id, { key, unit, onNotice, resolve, reject }));
    done.catch(() => {});
    await this.put(id, key, unit);
    return done;
  }

  private async put(id: string, key: string, unit: string): Promise<void> {
    const { run, plan, parts } = this.options;
    const note = taskNote({ run, plan, part: parts.nameOf(key), unit, bnnc: programVersion() });
    await this.queue.add('task', note, { jobId: id, removeOnComplete: true, removeOnFail: { age: 60 }, attempts: 1 });
  }

  private heard(id: string, data: unknown): void {
    const task = this.waiting.get(id);
    if (typeof data !== 'object' || data === null || !('notice' in data)) return;
    try {
      task?.onNotice(data.notice);
    } catch {
      // Somebody else has written it: progress is for people, and the next notice comes soon.
    }
  }

  private failed(id: string, reason: string): void {
    const task = this.waiting.get(id);
    this.waiting.delete(id);
    task?.reject(/^job stalled/.test(reason) ? lost(task.unit) : errorOf(reason));
  }

  /** Whether the result is there. */
  private async look(id: string): Promise<boolean> {
    const task = this.waiting.get(id);
    try {
      if (!task || !await this.options.parts.has(task.key)) return false;
    } catch (error) {
      task?.reject(error);
    }
    this.waiting.delete(id);
    task?.resolve();
    return true;
  }

  /** Looks at all that wait: an event may have been lost with its server. */
  private async check(): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    try {
      await this.count();
      // Those that were looked at stand behind the others.
      for (const [id, task] of [...this.waiting].slice(0, MOST_LOOKS)) {
        const { unit, key } = task;
        if (await this.look(id)) continue;
        if (this.waiting.delete(id)) this.waiting.set(id, task);
        const state = await this.queue.getJobState(id);
        if (!this.waiting.has(id)) continue;
        if (state === 'failed') this.failed(id, (await this.queue.getJob(id))?.failedReason ?? '');
        if (state === 'unknown' && !await this.look(id)) await this.put(id, key, unit);
      }
    } catch {
      // The server is away; it is waited for.
    } finally {
      this.checking = false;
    }
  }

  /** Counts the workers, and tells when there are none. */
  private async count(): Promise<void> {
    const { server: { redis, place }, onNote } = this.options;
    const all = await present(redis);
    const mine = all.filter(({ bnnc }) => bnnc === programVersion());
    const others = all.filter((each) => !mine.includes(each));
    this.atOnce = Math.max(1, mine.reduce((sum, { jobs }) => sum + jobs, 0));
    if (mine.length > 0) [this.lonelySince, this.toldLonely] = [Date.now(), false];
    if (others.length > 0 && !this.toldOthers) {
      this.toldOthers = true;
      const versions = [...new Set(others.map(({ bnnc }) => bnnc))].join(', ');
      onNote(`${plural(others.length, 'worker')} of another version (${versions}) cannot take part: this is ${programVersion()}`);
    }
    if (this.toldLonely || Date.now() - this.lonelySince < LONELY) return;
    this.toldLonely = true;
    onNote(words`no worker waits at ${place.shown}; start one there: ${call('serveQueue', { queue: place.shown })}`);
  }

  /** Takes out of the queue what nobody has begun, and has the rest stopped. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    const { server: { redis }, run } = this.options;
    const ids = [...this.waiting.keys()];
    this.waiting.clear();
    const farewell = async (): Promise<void> => {
      // Without it no worker begins a task of this run.
      await redis.del(keys.run(run), keys.file(run, 'data'), keys.file(run, 'test'));
      await redis.publish(STOP_CHANNEL, run);
      await Promise.all(ids.map((id) => this.queue.remove(id).catch(() => 0)));
      await Promise.all([this.queue.close(), this.events.close()]);
    };
    await Promise.race([farewell().catch(() => {}), new Promise((resolve) => setTimeout(resolve, FAREWELL).unref())]);
  }
}

async function present(redis: Server['redis']): Promise<Presence[]> {
  const found = new Set<string>();
  let cursor = '0';
  do {
    const [next, some] = await redis.scan(cursor, 'MATCH', WORKERS, 'COUNT', 1000);
    for (const each of some) found.add(each);
    cursor = next;
  } while (cursor !== '0');
  if (found.size === 0) return [];
  return (await redis.mget(...found)).flatMap((said) => readPresence(said) ?? []);
}

const lost = (unit: string): Error => fail('run.queue-lost', `${MAX_LOST} workers were lost while they did '${unit}', so it is given to no other one`, {
  hint: 'Probably it needs more memory than they have: start workers with fewer tasks at once, or with more memory.',
});
