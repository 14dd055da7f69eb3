/** What does tasks: this process, or several worker processes. */

import { Interrupted } from './abort.js';

/** The kinds of tasks: what each is given, what it gives, and what it tells meanwhile. */
export type Kinds = Record<string, { task: object; result: unknown; notice: unknown }>;

/** Does tasks in the order in which they are handed over, at most `size` at once. */
export interface Runner<K extends Kinds> {
  readonly size: number;
  /**
   * The result of a task. When a signal stops the work, a task that has begun gives what it has, and one that has not
   * is never begun. When a task fails, the others are stopped in the same way, and those that have not begun fail with
   * the same error.
   * @throws whatever the task throws; interrupted.stopped; training.worker
   */
  run<N extends keyof K & string>(
    kind: N, task: K[N]['task'], onNotice?: (notice: K[N]['notice']) => void,
  ): Promise<K[N]['result']>;
  /** Ends what was started for the tasks; to be called whatever happens. */
  close(): Promise<void>;
}

export interface TaskHooks<Notice> {
  signal: AbortSignal;
  onNotice(notice: Notice): void;
}

/** How each kind of task is done. */
export type Handlers<K extends Kinds> = {
  [N in keyof K]: (task: K[N]['task'], hooks: TaskHooks<K[N]['notice']>) => Promise<K[N]['result']>;
};

/** Why no more tasks are begun: the signal, or the first failure, which also stops the tasks that run. */
export class Halt {
  private readonly controller = new AbortController();
  private failure: unknown;

  constructor(private readonly outer: AbortSignal | undefined) {
    if (outer?.aborted) this.controller.abort();
    outer?.addEventListener('abort', this.pull);
  }

  private readonly pull = (): void => this.controller.abort();

  /** Aborted as soon as tasks shall stop. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** What a task that cannot begin any more fails with. */
  get reason(): unknown {
    return this.failure ?? new Interrupted();
  }

  fail(error: unknown): void {
    this.failure ??= error;
    this.controller.abort();
  }

  /** Lets go of the signal. */
  release(): void {
    this.outer?.removeEventListener('abort', this.pull);
  }
}

/** Does the tasks in this process, one after the other. */
export function localRunner<K extends Kinds>(handlers: Handlers<K>, signal?: AbortSignal): Runner<K> {
  const halt = new Halt(signal);
  let last: Promise<unknown> = Promise.resolve();
  return {
    size: 1,
    run(kind, task, onNotice = () => {}) {
      const result = last.then(() => {
        if (halt.signal.aborted) throw halt.reason;
        return handlers[kind](task, { signal: halt.signal, onNotice });
      });
      last = result.catch((error: unknown) => halt.fail(error));
      return result;
    },
    close: async () => halt.release(),
  };
}
