/** The results of a plan on the server of a queue. */
import { fail } from '../errors.js';
import type { Results } from '../jobs/shared-runner.js';
import { partBytes, partKey, valueOf, type Maker } from '../shards/part.js';
import { planHash, type PlanFacts } from '../shards/plan.js';
import type { Server } from './client.js';
import { KEEP, keys, MAX_PART } from './messages.js';

/** The results of one plan on a server, as those of a folder are in it. */
export class QueueParts implements Results {
  private readonly plan: string;
  private readonly makers = new Map<string, Maker>();
  /** Of results that this process has looked for or saved. */
  private readonly known = new Set<string>();
  /** Who this process is; to be told before anything is saved. */
  maker: Maker | undefined;

  constructor(private readonly server: Server, private readonly facts: PlanFacts) {
    this.plan = planHash(facts);
  }

  /** Who made the results that were used. */
  get usedMakers(): Maker[] {
    return [...this.makers.values()];
  }

  /** The name of a task's result, from which nobody learns more than that. */
  nameOf(key: string): string {
    return partKey(this.plan, key);
  }

  async has(key: string): Promise<boolean> {
    return await this.server.redis.exists(this.keyOf(key)) === 1;
  }

  /** @throws run.queue-damaged */
  async find(key: string): Promise<{ value: unknown } | undefined> {
    const at = this.keyOf(key);
    if (await this.server.redis.strlen(at) > MAX_PART) throw this.damaged('it is too large');
    const bytes = await this.server.redis.getBuffer(at);
    if (bytes === null) return undefined;
    const { header, value } = valueOf(bytes, (what) => this.damaged(what));
    if (header.plan !== this.plan || header.key !== this.nameOf(key)) throw this.damaged('its name is that of another result');
    const { engine, threads, processor } = header;
    this.makers.set(JSON.stringify([engine, threads, processor]), { engine, threads, processor });
    return { value };
  }

  /** @throws run.queue-too-large */
  async save(key: string, value: unknown): Promise<void> {
    const { bytes } = partBytes(this.facts, this.maker!, key, value);
    if (bytes.length > MAX_PART) {
      throw fail('run.queue-too-large', `a result has ${bytes.length} bytes, and a queue carries at most ${MAX_PART}`, {
        hint: 'Share the work by a folder instead: plan, work, merge.',
      });
    }
    await this.server.redis.set(this.keyOf(key), bytes, 'EX', KEEP);
  }

  /** Removes what this process knows of. */
  async clear(): Promise<void> {
    if (this.known.size > 0) await this.server.redis.del(...this.known);
  }

  private keyOf(key: string): string {
    const at = keys.part(this.plan, this.nameOf(key));
    this.known.add(at);
    return at;
  }

  private damaged(what: string): Error {
    return fail('run.queue-damaged', `a result at ${this.server.place.shown} is not as a worker writes it: ${what}`, {
      hint: 'Somebody else writes to this server. Use one of your own, or another database of it.',
    });
  }
}
