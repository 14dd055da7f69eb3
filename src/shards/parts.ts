/**
 * A folder of results: one file each, named by its task and its content, written whole or not at all.
 */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../errors.js';
import type { Results } from '../jobs/shared-runner.js';
import { readPlainFile } from '../special-file.js';
import { writeFileAtomic } from '../store/files.js';
import { reading, systemCode } from '../store/refusals.js';
import { headerOf, MAX_HEADER, partBytes, partKey, valueOf, type Header, type Maker } from './part.js';
import { planHash, type PlanFacts } from './plan.js';

const NAME = /^([0-9a-f]{32})-([0-9a-f]{16})\.part$/;

/** The results of one plan in a folder. */
export class Parts implements Results {
  private readonly names = new Map<string, string>();
  private readonly foreign: string[] = [];
  private readonly makers = new Map<string, Maker>();
  private readonly seen = new Set<string>();
  private readonly plan: string;
  /** Results that were written here, and that were there. */
  readonly counts = { written: 0, found: 0 };

  /** @param shown the folder as errors name it */
  constructor(private readonly folder: string, private readonly shown: string, private readonly facts: PlanFacts) {
    this.plan = planHash(facts);
  }

  /** Who made the results that were used. */
  get usedMakers(): Maker[] {
    return [...this.makers.values()];
  }

  /** Who this process is; to be told before anything is saved. */
  maker: Maker | undefined;

  /**
   * Looks at what is in the folder.
   * @throws run.part-foreign when there are results of another plan; run.part-damaged, run.not-readable
   */
  async look(): Promise<void> {
    const names = await reading(this.shown, () => readdir(this.folder).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return [];
      throw error;
    }));
    for (const name of names.filter((each) => NAME.test(each) && !this.seen.has(each)).sort()) {
      const header = await this.headerOf(name);
      this.seen.add(name);
      if (header.plan !== this.plan) this.foreign.push(difference(name, header, this.facts));
      // Of two that say the same the first stands, whoever looks.
      else if ((this.names.get(header.key) ?? '~') > name) this.names.set(header.key, name);
    }
    if (this.foreign.length === 0) return;
    throw fail('run.part-foreign', `results of another plan are here: ${this.foreign[0]}`, {
      where: { file: this.shown }, hint: 'Name another folder, or remove these results.',
    });
  }

  async find(key: string): Promise<{ value: unknown } | undefined> {
    const full = this.fullKey(key);
    if (!this.names.has(full)) await this.look();
    const name = this.names.get(full);
    if (name === undefined) return undefined;
    const { header, value } = await this.whole(name);
    this.counts.found++;
    const { engine, threads, processor } = header;
    this.makers.set(JSON.stringify([engine, threads, processor]), { engine, threads, processor });
    return { value };
  }

  async save(key: string, value: unknown): Promise<void> {
    const { header, bytes } = partBytes(this.facts, this.maker!, key, value);
    const name = `${header.key}-${header.sha256.slice(0, 16)}.part`;
    await writeFileAtomic(join(this.folder, name), bytes, join(this.shown, name));
    this.counts.written++;
  }

  private fullKey(key: string): string {
    return partKey(this.plan, key);
  }

  private async headerOf(name: string): Promise<Header> {
    const start = await reading(join(this.shown, name), async () => {
      const file = await open(join(this.folder, name));
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_HEADER), 0, MAX_HEADER, 0);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    });
    return this.named(name, headerOf(start, (what) => this.damaged(name, what)).header);
  }

  private named(name: string, header: Header): Header {
    if (name.startsWith(`${header.key}-${header.sha256.slice(0, 16)}`)) return header;
    throw this.damaged(name, 'its name is that of another result');
  }

  private async whole(name: string): Promise<{ header: Header; value: unknown }> {
    const bytes = await reading(join(this.shown, name), () => readPlainFile(join(this.folder, name)));
    const { header, value } = valueOf(bytes, (what) => this.damaged(name, what));
    return { header: this.named(name, header), value };
  }

  private damaged(name: string, what: string): Error {
    return fail('run.part-damaged', `not a result as bnnc wrote it: ${what}`, {
      where: { file: join(this.shown, name) }, hint: 'Remove the file, and do the work again.',
    });
  }
}

/** In what a result is not of a plan. */
function difference(name: string, { bnnc, configSha256, dataSha256, testSha256 }: Header, facts: PlanFacts): string {
  const of = bnnc !== facts.bnnc ? `bnnc ${bnnc}, not ${facts.bnnc}`
    : configSha256 !== facts.configSha256 ? 'another config'
      : dataSha256 !== facts.dataSha256 ? 'other data'
        : testSha256 !== facts.testSha256 ? 'another test file' : 'another job';
  return `${name} is of ${of}`;
}
