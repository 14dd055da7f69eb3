/** A runner that holds its tasks until somebody asks for one of them. */
import { Interrupted } from '../jobs/abort.js';
import type { Kinds, Runner } from '../jobs/runner.js';
import { isWhole, type Results } from '../jobs/shared-runner.js';

/** What is known of a task before it is done. */
export interface HeldPlace {
  /** Of its result; absent: the task is held for ever, for somebody else does it. */
  key?: string | undefined;
  /** Whether it waits until it is asked for; else it is done at once. */
  held: boolean;
}

export interface Holding<K extends Kinds> {
  results: Results;
  /** The name of the result of a key. */
  nameOf(key: string): string;
  place(kind: keyof K & string, task: K[keyof K]['task']): HeldPlace;
}

interface Held {
  key: string;
  run(onNotice: (notice: unknown) => void): Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** After so long without a new task those that were asked for will not come, in milliseconds. */
const PATIENCE = 10_000;
/** Between two looks for results that let the job go on. */
const LOOK = 100;

/** Holds the tasks of a job and does those that are asked for. */
export class HeldTasks<K extends Kinds> {
  private readonly held = new Map<string, Held>();
  /** Of tasks that nobody asks for. */
  private readonly never = new Set<(reason: unknown) => void>();
  private readonly watching = new Set<() => void>();
  private active = 0;
  private begun = false;
  private since = Date.now();
  private ended: { reason: unknown } | undefined;

  constructor(private readonly holding: Holding<K>) {}

  /** The runner that the job is given. */
  wrap(inner: Runner<K>): Runner<K> {
    const { results, nameOf, place } = this.holding;
    return {
      size: inner.size,
      run: async (kind, task, onNotice) => {
        if (this.ended) throw this.ended.reason;
        const { key, held } = place(kind, task);
        if (key !== undefined && held) {
          return new Promise((resolve, reject) => {
            const run = (tell: (notice: unknown) => void): Promise<unknown> => inner.run(kind, task, tell);
            this.held.set(nameOf(key), { key, run, resolve, reject });
            this.changed();
          });
        }
        if (key === undefined) return new Promise((_, reject) => this.never.add(reject));
        this.active++;
        this.begun = true;
        try {
          const found = await results.find(key);
          if (found) return found.value;
          const value = await inner.run(kind, task, onNotice);
          if (value !== undefined) await results.save(key, value);
          return value;
        } finally {
          this.active--;
          this.changed();
        }
      },
      close: () => inner.close(),
    };
  }

  /**
   * Does the task of this name as soon as the job has come to it; what others have done lets the job go on.
   * @returns false where the job does not come to such a task
   * @throws what the task throws, or what the job has ended with; interrupted.stopped for a task that was stopped
   */
  async do(name: string, onNotice: (notice: unknown) => void): Promise<boolean> {
    for (;;) {
      if (this.ended) throw this.ended.reason;
      const task = this.held.get(name);
      if (task) {
        this.held.delete(name);
        await this.done(task, onNotice);
        return true;
      }
      await this.goOn();
      if (this.held.has(name)) continue;
      if (this.begun && this.active === 0 && Date.now() - this.since > PATIENCE) return false;
      await this.change();
    }
  }

  /** The job has ended, or is to end. */
  end(reason: unknown): void {
    this.ended ??= { reason };
    const all = [...[...this.held.values()].map(({ reject }) => reject), ...this.never];
    this.held.clear();
    this.never.clear();
    for (const reject of all) reject(this.ended.reason);
    this.changed();
  }

  private async done({ key, run, resolve, reject }: Held, onNotice: (notice: unknown) => void): Promise<void> {
    const { results } = this.holding;
    this.active++;
    try {
      const value = await run(onNotice);
      if (!isWhole(value)) throw new Interrupted();
      await results.save(key, value);
      resolve(value);
    } catch (error) {
      reject(error);
      throw error;
    } finally {
      this.active--;
      this.changed();
    }
  }

  /** Takes the results of others for what is held. */
  private async goOn(): Promise<void> {
    for (const [name, { key, resolve, reject }] of [...this.held]) {
      try {
        const found = await this.holding.results.find(key);
        if (!found || !this.held.delete(name)) continue;
        this.since = Date.now();
        resolve(found.value);
      } catch (error) {
        this.held.delete(name);
        reject(error);
      }
    }
  }

  private changed(): void {
    [this.since, this.begun] = [Date.now(), true];
    for (const tell of this.watching) tell();
    this.watching.clear();
  }

  private change(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => { this.watching.delete(tell); resolve(); }, LOOK);
      const tell = (): void => { clearTimeout(timer); resolve(); };
      this.watching.add(tell);
    });
  }
}
