/** A worker's side of one run: its plan is read and its job is begun once, and each task is done when the queue asks for it. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EnginePreference } from '../engine/preference.js';
import { Interrupted } from '../jobs/abort.js';
import type { AllTasks } from '../work/handlers.js';
import { identityOf } from '../work/units.js';
import type { Workers } from '../work/workers.js';
import { makerOf } from '../shards/makers.js';
import { perform } from '../shards/perform.js';
import { HeldTasks, type HeldPlace } from './held-runner.js';
import type { TaskNote } from './messages.js';
import { QueueParts } from './parts.js';
import { refused, takeRun, type RunPlace, type TakenRun } from './run-note.js';

export interface SessionOptions extends RunPlace {
  jobs: number;
  engine: EnginePreference;
}

/** One run at a worker. */
export class Session {
  readonly run: string;
  /** Whether it can do no more, for a task has failed or was stopped. */
  over = false;
  private readonly controller = new AbortController();
  private readonly tasks: HeldTasks<AllTasks>;
  private readonly job: Promise<void>;

  private constructor({ plan, temporary }: TakenRun, { server, run, folder, jobs, engine }: SessionOptions) {
    this.run = run;
    const parts = new QueueParts(server, plan);
    const place = <N extends keyof AllTasks>(kind: N, task: AllTasks[N]['task']): HeldPlace => {
      const { key, unit, last } = identityOf(kind, task);
      return { key: last ? undefined : key, held: unit !== undefined };
    };
    this.tasks = new HeldTasks<AllTasks>({ results: parts, nameOf: (key) => parts.nameOf(key), place });
    const through = (workers: Workers): Workers => {
      parts.maker = makerOf(workers);
      return { ...this.tasks.wrap(workers), engine: workers.engine };
    };
    const { signal } = this.controller;
    const work = { plan, path: join(folder, 'plan.jsonl'), shown: plan.dataName, engine, jobs, signal, through, apart: true };
    const end = (reason: unknown): void => {
      this.over = true;
      this.tasks.end(reason);
    };
    this.job = perform(work)
      .then(() => end(refused('its job has ended already')), end)
      .finally(() => { if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true }); });
  }

  /** Reads a run from the server, and begins it. @throws what `takeRun` throws */
  static async open(options: SessionOptions): Promise<Session> {
    return new Session(await takeRun(options), options);
  }

  /** Does a task. @throws what it fails with; run.queue-refused for one that the plan does not have */
  async do({ part, unit }: TaskNote, onNotice: (notice: unknown) => void): Promise<void> {
    try {
      if (!await this.tasks.do(part, onNotice)) throw refused(`its plan has no such task: '${unit}'`);
    } catch (error) {
      this.over = true;
      throw error;
    }
  }

  /** Stops what is being done. */
  async close(): Promise<void> {
    this.over = true;
    this.controller.abort();
    this.tasks.end(new Interrupted());
    await this.job;
  }
}
