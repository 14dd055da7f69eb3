/** Worker threads that do tasks side by side. Arrays over shared memory are seen by all of them; all else is copied. */

import { Worker } from 'node:worker_threads';
import { fail } from '../../errors.js';
import { fromFault } from './fault.js';
import type { Order, Report } from './messages.js';
import { Halt, type Kinds, type Runner } from './runner.js';

export interface PoolOptions<Settings, Ready> {
  /** Module that calls `serve`. */
  entry: URL;
  /** What each worker prepares itself with. */
  settings: Settings;
  /** How many workers. */
  size: number;
  /** Stops the work; the workers hear it between the steps of their tasks. */
  signal?: AbortSignal;
  /** Called when a worker is prepared, with what it says of itself. */
  onReady?: (ready: Ready) => void;
}

export interface Pool<K extends Kinds, Ready> extends Runner<K> {
  /** What the first worker that was prepared says of itself. @throws what it failed with */
  readonly ready: Promise<Ready>;
}

interface Pending {
  order: Order;
  onNotice(notice: unknown): void;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** Starts the workers. */
export function openPool<K extends Kinds, Settings, Ready>(options: PoolOptions<Settings, Ready>): Pool<K, Ready> {
  const { entry, settings, size, signal, onReady } = options;
  const halt = new Halt(signal);
  const queue: Pending[] = [];
  const idle: Worker[] = [];
  const busy = new Map<Worker, Pending>();
  /** Called when a worker has prepared itself, or has failed to. */
  const settle = new Map<Worker, () => void>();
  let closing = false;
  let [tellReady, tellUnready]: [(ready: Ready) => void, (error: unknown) => void] = [() => {}, () => {}];
  const ready = new Promise<Ready>((resolve, reject) => { [tellReady, tellUnready] = [resolve, reject]; });
  ready.catch(() => {}); // whoever does not ask is told by the tasks

  const begin = (): void => {
    while (queue.length > 0 && idle.length > 0) {
      const [worker, pending] = [idle.shift()!, queue.shift()!];
      busy.set(worker, pending);
      worker.postMessage(pending.order);
    }
  };
  const dropQueue = (): void => { for (const { reject } of queue.splice(0)) reject(halt.reason); };
  const stop = (): void => {
    dropQueue();
    for (const worker of workers) worker.postMessage('stop' satisfies Order);
  };
  halt.signal.addEventListener('abort', stop);
  const finish = (worker: Worker): Pending | undefined => {
    const pending = busy.get(worker);
    busy.delete(worker);
    return pending;
  };
  const failed = (worker: Worker, error: unknown): void => {
    settle.get(worker)?.();
    if (closing) return;
    const pending = finish(worker);
    halt.fail(error);
    tellUnready(error);
    pending?.reject(error);
  };
  const hear = (worker: Worker, report: Report): void => {
    if (report.of === 'notice') return busy.get(worker)?.onNotice(report.value);
    if (report.of === 'ready') {
      onReady?.(report.value as Ready);
      settle.get(worker)?.();
      tellReady(report.value as Ready);
    }
    if (report.of === 'fault') failed(worker, fromFault(report.fault));
    if (report.of === 'result') finish(worker)?.resolve(report.value);
    idle.push(worker);
    begin();
  };

  const workers = Array.from({ length: size }, () => new Worker(entry, { workerData: settings }));
  const settled = workers.map((worker) => new Promise<void>((resolve) => settle.set(worker, resolve)));
  for (const worker of workers) {
    worker.on('message', (report: Report) => hear(worker, report));
    worker.on('messageerror', (error) => failed(worker, error));
    worker.on('error', (error) => failed(worker, died(error)));
    worker.on('exit', (code) => failed(worker, died(`exit code ${code}`)));
  }

  return {
    size, ready,
    run: (kind, task, onNotice = () => {}) => new Promise((resolve, reject) => {
      queue.push({ order: { kind, task }, onNotice, resolve, reject });
      if (halt.signal.aborted) dropQueue();
      else begin();
    }),
    async close() {
      closing = true;
      halt.release();
      stop();
      // A native library must not be torn away from under its own start.
      await Promise.all(settled);
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function died(reason: unknown): Error {
  const text = reason instanceof Error ? reason.message : String(reason);
  const error = fail('training.worker', `a worker thread ended before its work was done: ${text}`, {
    hint: 'With --jobs 1 there are none, and less memory is needed.',
  });
  error.cause = reason instanceof Error ? reason : undefined;
  return error;
}
