/** The worker's side of a pool. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Interrupted } from '../abort.js';
import { toFault } from './fault.js';
import type { Order, Report } from './messages.js';
import type { Kinds, Performers } from './runner.js';

/**
 * Makes this worker thread do the tasks that the pool sends, one at a time.
 * @param prepare is given what the pool was opened with; what it returns is told to the pool
 */
export function serve<K extends Kinds, Settings>(
  prepare: (settings: Settings) => Promise<unknown>, performers: Performers<K>,
): void {
  const port = parentPort!;
  const say = (report: Report): void => port.postMessage(report);
  const stop = new AbortController();
  const hooks = { signal: stop.signal, onNotice: (value: unknown) => say({ of: 'notice', value }) };
  const report = async (of: 'ready' | 'result', work: () => Promise<unknown>): Promise<void> => {
    try {
      say({ of, value: await work() });
    } catch (error) {
      say({ of: 'fault', fault: toFault(error) });
    }
  };
  port.on('message', (order: Order) => {
    if (order === 'stop') stop.abort();
    else void report('result', () => performers[order.kind](order.task, hooks));
  });
  void report('ready', async () => {
    // An order to stop that is there already is heard before the long start.
    await nextTurn();
    if (stop.signal.aborted) throw new Interrupted();
    return prepare(workerData as Settings);
  });
}
