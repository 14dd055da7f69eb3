/** The run that a worker is at: one at a time, because threads and memory are those of one. */
import { Interrupted } from '../jobs/abort.js';
import type { TaskNote } from './messages.js';
import { Session, type SessionOptions } from './session.js';

/** Gives tasks the session of their run, one run after another in the order in which they come. */
export class Sessions {
  private current: Session | undefined;
  /** A run whose session is being opened, and whether it was stopped meanwhile. */
  private opening: { run: string; stopped: boolean } | undefined;
  private ended = false;
  private active = 0;
  private turn: Promise<unknown> = Promise.resolve();
  private readonly idle = new Set<() => void>();

  constructor(private readonly options: Omit<SessionOptions, 'run' | 'plan'>) {}

  /** Does something with the session of a run, which is open meanwhile. @throws what opening it throws, and what is done */
  async use<T>({ run, plan }: TaskNote, work: (session: Session) => Promise<T>): Promise<T> {
    const entering = this.turn.then(() => this.enter(run, plan));
    this.turn = entering.catch(() => {});
    const session = await entering;
    try {
      return await work(session);
    } finally {
      this.active--;
      if (this.active === 0) {
        for (const tell of this.idle) tell();
        this.idle.clear();
      }
    }
  }

  /** Ends the session of a run. */
  async stop(run: string): Promise<void> {
    if (this.opening?.run === run) this.opening.stopped = true;
    if (this.current?.run === run) await this.closed(this.current);
  }

  /** Ends whichever is open; no other is begun. */
  async end(): Promise<void> {
    this.ended = true;
    if (this.current) await this.closed(this.current);
  }

  private async closed(session: Session): Promise<void> {
    await session.close();
    if (this.current === session) this.current = undefined;
  }

  private async enter(run: string, plan: string): Promise<Session> {
    if (this.current && (this.current.run !== run || this.current.over)) {
      const last = this.current;
      if (this.active > 0) await new Promise<void>((resolve) => this.idle.add(resolve));
      await this.closed(last);
    }
    if (this.ended) throw new Interrupted();
    this.current ??= await this.open(run, plan);
    this.active++;
    return this.current;
  }

  /** @throws interrupted.stopped for a run that is stopped meanwhile */
  private async open(run: string, plan: string): Promise<Session> {
    const opening = this.opening = { run, stopped: false };
    try {
      const session = await Session.open({ ...this.options, run, plan });
      if (!opening.stopped && !this.ended) return session;
      await session.close();
      throw new Interrupted();
    } finally {
      this.opening = undefined;
    }
  }
}
