/** A browser without a window, which is told what to do through a pipe. */
import { spawn, type ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fail } from '../../errors.js';
import { temporaryFolder } from '../../temporary-folder.js';

const ARGUMENTS = [
  '--headless', '--remote-debugging-pipe', '--no-first-run', '--no-default-browser-check', '--disable-gpu', '--hide-scrollbars',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-extensions',
];

interface Message {
  id?: number;
  method?: string;
  result?: Record<string, unknown>;
  error?: { message: string };
}

type Answer = Record<string, unknown>;

/** Calls of the DevTools protocol: messages in JSON, each ended by a zero byte. */
export class Connection {
  private last = 0;
  private readonly waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  private readonly heard = new Map<string, () => void>();
  private session: string | undefined;

  constructor(private readonly to: Writable, from: Readable) {
    let parts: Buffer[] = [];
    from.on('data', (chunk: Buffer) => {
      let start = 0;
      for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, start)) {
        parts.push(chunk.subarray(start, end));
        this.receive(JSON.parse(Buffer.concat(parts).toString()) as Message);
        parts = [];
        start = end + 1;
      }
      parts.push(chunk.subarray(start));
    });
    // That the browser is gone is told by its end.
    to.on('error', () => undefined);
  }

  /** A page of its own, which later calls are for. */
  async openPage(): Promise<void> {
    const { targetId } = await this.call('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.call('Target.attachToTarget', { targetId, flatten: true });
    this.session = sessionId as string;
  }

  call(method: string, params: object = {}): Promise<Answer> {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.to.write(`${JSON.stringify({ id, method, params, ...(this.session !== undefined && { sessionId: this.session }) })}\0`);
    });
  }

  /** When an event comes for the next time. */
  event(method: string): Promise<void> {
    return new Promise((resolve) => this.heard.set(method, resolve));
  }

  private receive({ id, method, result = {}, error }: Message): void {
    if (method !== undefined) this.heard.get(method)?.();
    const call = id === undefined ? undefined : this.waiting.get(id);
    if (!call) return;
    this.waiting.delete(id!);
    if (error) call.reject(new Error(error.message));
    else call.resolve(result);
  }
}

export interface BrowserOptions {
  /** Its path. */
  path: string;
  /** Whether the process may do everything: the browser then only runs without its sandbox. */
  isRoot: boolean;
  /** Milliseconds for all of the work. */
  timeout: number;
  signal?: AbortSignal | undefined;
}

/**
 * Does the work with a page; the browser and all that it wrote are gone afterwards.
 * @param folder of its own, empty, and gone afterwards
 * @throws run.browser-failed, usage.temporary-folder
 */
export async function withPage<T>(
  { path, isRoot, timeout, signal }: BrowserOptions, work: (page: Connection, folder: string) => Promise<T>,
): Promise<T> {
  const folder = temporaryFolder('bnnc-page-');
  const flags = [...ARGUMENTS, `--user-data-dir=${join(folder, 'profile')}`, ...(isRoot ? ['--no-sandbox'] : []), 'about:blank'];
  const child = spawn(path, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  let timer: NodeJS.Timeout | undefined;
  try {
    const page = new Connection(child.stdio[3] as Writable, child.stdio[4] as Readable);
    const ended = new Promise<never>((_, reject) => {
      child.once('error', reject);
      signal?.addEventListener('abort', () => reject(new Error('it was interrupted')), { once: true });
      child.once('exit', (code) => reject(new Error(`it ended with ${code ?? 'a signal'}`)));
      timer = setTimeout(() => reject(new Error(`it was not done after ${timeout / 1000} seconds`)), timeout);
    });
    const done = page.openPage().then(() => work(page, folder));
    done.catch(() => undefined);
    return await Promise.race([done, ended]);
  } catch (error) {
    throw fail('run.browser-failed', `the browser could not print the page: ${(error as Error).message}`, {
      where: { file: path }, hint: 'Name another browser in the variable CHROME_PATH; or write the page as HTML and print it from a browser.',
    });
  } finally {
    clearTimeout(timer);
    await stopped(child);
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}
