// Runs cells in worker processes, one process for each, so that its memory is given back.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('worker.mjs', import.meta.url));
const ENVIRONMENT = { TF_NUM_INTRAOP_THREADS: '1', TF_CPP_MIN_LOG_LEVEL: '2' };

/**
 * @param {import('./worker.mjs').Order[]} orders
 * @param {number} jobs processes at a time
 * @param {(record: any) => void} onRecord called with each record, in the order in which cells finish
 * @param {AbortSignal} signal when it aborts, the processes are ended and the cells under way are lost
 * @param {string} worker the program of a process
 */
export async function runCells(orders, jobs, onRecord, signal, worker = WORKER) {
  const waiting = [...orders];
  const lane = async () => {
    while (waiting.length > 0 && !signal.aborted) {
      const order = waiting.shift();
      const record = await runCell(order, signal, worker);
      if (record) onRecord(record);
    }
  };
  await Promise.all(Array.from({ length: jobs }, lane));
}

function runCell(order, signal, worker) {
  return new Promise((resolve) => {
    const child = fork(worker, { env: { ...process.env, ...ENVIRONMENT }, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    const complaints = [];
    let record;
    const end = () => child.kill('SIGKILL');
    signal.addEventListener('abort', end);
    child.stderr.on('data', (chunk) => complaints.push(chunk));
    child.on('message', (message) => { record = message; });
    child.on('close', (code, by) => {
      signal.removeEventListener('abort', end);
      if (signal.aborted && !record) return resolve(undefined);
      const why = `the process ended with ${by ?? code}: ${Buffer.concat(complaints).toString().slice(-2000)}`;
      resolve(record ?? { ...order.cell, status: 'failed', message: why });
    });
    child.send(order);
  });
}
