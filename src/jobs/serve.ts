/** The worker's side of a pool. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { Interrupted } from './abort.js';
import { toFault } from './fault.js';
import type { Order, Report } from './messages.js';
import type { Kinds, Handlers } from './runner.js';

/**
 * Makes this worker process do the tasks that the pool sends, one at a time.
 * @param worker the process that the pool has started
 * @param prepare is given what the pool was opened with; what it returns is told to the pool
 */
export function serve<K extends Kinds, Settings>(
  worker: NodeJS.Process, prepare: (settings: Settings) => Promise<unknown>, handlers: Handlers<K>,
): void {
  const say = (report: Report): void => { worker.send!(report); };
  const stop = new AbortController();
  const hooks = { signal: stop.signal, onNotice: (value: unknown) => say({ of: 'notice', value }) };
  const report = async (of: 'ready' | 'result', work: () => Promise<unknown>): Promise<void> => {
    try {
      say({ of, value: await work() });
    } catch (error) {
      say({ of: 'fault', fault: toFault(error) });
    }
  };
  worker.on('message', (message) => {
    const order = message as Order;
    if (order === 'stop') stop.abort();
    else void report('result', () => handlers[order.kind](order.task, hooks));
  });
  // Ctrl-C reaches all processes of a terminal; the pool's own process hears it and says what to do. Without that process
  // there is nothing left to do.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) worker.on(signal, () => {});
  worker.on('disconnect', () => worker.exit());
  // A report to a process that was just killed.
  worker.on('error', () => worker.exit());
  void report('ready', async () => {
    // An order to stop that is there already is heard before the long start.
    await nextTurn();
    if (stop.signal.aborted) throw new Interrupted();
    return prepare(JSON.parse(worker.argv[2]) as Settings);
  });
}
