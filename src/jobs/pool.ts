/**
 * Worker processes that do tasks side by side; what they are given and give is copied. They are processes and not threads,
 * because TensorFlow's library does not outlive reliably the threads that load it: one run in ten or so ended in a crash.
 */

import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { fail } from '../errors.js';
import { fromFault } from './fault.js';
import type { Order, Report } from './messages.js';
import { Halt, type Kinds, type Runner } from './runner.js';
import { option, words } from '../voice.js';

export interface PoolOptions<Settings, Ready> {
  /** Module that calls `serve`. */
  entry: URL;
  /** What each worker prepares itself with. */
  settings: Settings;
  /** How many workers. */
  size: number;
  /** Stops the work; the workers hear it between the steps of their tasks. */
  signal?: AbortSignal | undefined;
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
  const idle: ChildProcess[] = [];
  const busy = new Map<ChildProcess, Pending>();
  let closing = false;
  let [tellReady, tellUnready]: [(ready: Ready) => void, (error: unknown) => void] = [() => {}, () => {}];
  const ready = new Promise<Ready>((resolve, reject) => { [tellReady, tellUnready] = [resolve, reject]; });
  ready.catch(() => {}); // whoever does not ask is told by the tasks

  const begin = (): void => {
    while (queue.length > 0 && idle.length > 0) {
      const [worker, pending] = [idle.shift()!, queue.shift()!];
      busy.set(worker, pending);
      tell(worker, pending.order);
    }
  };
  const dropQueue = (): void => { for (const { reject } of queue.splice(0)) reject(halt.reason); };
  const stop = (): void => {
    dropQueue();
    for (const worker of workers) tell(worker, 'stop');
  };
  halt.signal.addEventListener('abort', stop);
  const finish = (worker: ChildProcess): Pending | undefined => {
    const pending = busy.get(worker);
    busy.delete(worker);
    return pending;
  };
  const failed = (worker: ChildProcess, error: unknown): void => {
    if (closing) return;
    const pending = finish(worker);
    halt.fail(error);
    tellUnready(error);
    pending?.reject(error);
  };
  const hear = (worker: ChildProcess, report: Report): void => {
    if (report.of === 'notice') return busy.get(worker)?.onNotice(report.value);
    if (report.of === 'ready') {
      onReady?.(report.value as Ready);
      tellReady(report.value as Ready);
    }
    if (report.of === 'fault') failed(worker, fromFault(report.fault));
    if (report.of === 'result') finish(worker)?.resolve(report.value);
    idle.push(worker);
    begin();
  };

  const workers = Array.from({ length: size }, () => fork(fileURLToPath(entry), [JSON.stringify(settings)], {
    serialization: 'advanced', execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  }));
  for (const worker of workers) {
    worker.on('message', (report) => hear(worker, report as Report));
    worker.on('error', (error) => failed(worker, died(error)));
    worker.on('exit', (code, name) => failed(worker, died(code === null ? `signal ${name}` : `exit code ${code}`)));
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
      await Promise.all(workers.map(ended));
    },
  };
}

/** Sends an order, unless the worker is gone, which its end has told or will tell. */
function tell(worker: ChildProcess, order: Order): void {
  if (worker.connected) worker.send(order, () => {});
}

/** Ends a worker, which has nothing to lose. */
function ended(worker: ChildProcess): Promise<void> {
  if (worker.pid === undefined || worker.exitCode !== null || worker.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    worker.once('exit', () => resolve());
    worker.kill('SIGKILL');
  });
}

function died(reason: unknown): Error {
  const text = reason instanceof Error ? reason.message : String(reason);
  const error = fail('training.worker', `a worker process ended before its work was done: ${text}`, {
    hint: words`With ${option('jobs', 1)} there are no workers, and less memory is needed.`,
  });
  error.cause = reason instanceof Error ? reason : undefined;
  return error;
}
