/**
 * How long a job takes on many workers, by the events: a worker asks the server, which answers one after another, does its task,
 * and its result passes the server and then the command, each of which takes one at a time.
 */

/**
 * @param {object} job
 * @param {number} job.tasks
 * @param {number} job.workers
 * @param {number} job.unit seconds of a task's own work
 * @param {number} job.bytes of a result
 * @param {{ start: number; worker: number; server: number; command: number; perByte: number }} costs seconds: of a worker's
 *   start on a run; of a task at the worker, at the server and at the command; and of a byte at the server and at the command
 * @returns {{ seconds: number; server: number; command: number }} the time of the job, and the shares of it that server and
 *   command are busy
 */
export function simulate({ tasks, workers, unit, bytes }, { start, worker, server, command, perByte }) {
  // When each worker asks next, as a heap; all begin at once.
  const free = new Float64Array(workers).fill(start);
  let [serverFree, commandFree, serverBusy, commandBusy] = [0, 0, 0, 0];
  /** Results on their way, in the order in which they are made. */
  const made = [];
  for (let task = 0; task < tasks; task++) {
    const at = free[0];
    serverFree = Math.max(serverFree, at) + server;
    serverBusy += server;
    const done = serverFree + worker + unit;
    made.push(done);
    replaceTop(free, done);
  }
  made.sort((a, b) => a - b);
  let passed = 0;
  for (const done of made) {
    const through = Math.max(passed, done) + perByte * bytes;
    passed = through;
    serverBusy += perByte * bytes;
    commandFree = Math.max(commandFree, through) + command + perByte * bytes;
    commandBusy += command + perByte * bytes;
  }
  return { seconds: commandFree, server: serverBusy / commandFree, command: commandBusy / commandFree };
}

/** @param {Float64Array} heap @param {number} value */
function replaceTop(heap, value) {
  let at = 0;
  for (;;) {
    let least = 2 * at + 1;
    if (least >= heap.length) break;
    if (least + 1 < heap.length && heap[least + 1] < heap[least]) least++;
    if (heap[least] >= value) break;
    heap[at] = heap[least];
    at = least;
  }
  heap[at] = value;
}
