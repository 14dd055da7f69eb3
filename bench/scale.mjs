// What a queue costs for each task, and how far that lets a job grow: measured here with one and two workers, simulated beyond.
//
//   npm run bench:scale [-- --tables 60]      needs redis-server, bullmq and ioredis; writes docs/benchmarks/scale.md
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cpuUsage } from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { calibrate } from 'bnnc';
import { simulate } from './scale/simulate.mjs';
import { facts } from './truth/machine.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { tables: { type: 'string', default: '60' } } });
const tables = Number(values.tables);
const folder = mkdtempSync(path.join(tmpdir(), 'bnnc-scale-'));
/** @type {import('node:child_process').ChildProcess[]} */
const started = [];

/** @param {string} command @param {string[]} args @param {string} ready */
function start(command, args, ready) {
  const child = spawn(command, args, { cwd: folder });
  started.push(child);
  return /** @type {Promise<void>} */ (new Promise((resolve, reject) => {
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => ((said += text).includes(ready) ? resolve() : undefined));
    }
    child.on('exit', () => reject(new Error(said)));
  }));
}

/** @returns {Promise<number>} */
const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    server.close(() => resolve(port));
  });
});

const median = (/** @type {number[]} */ list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const SETS = ['model.hidden=[2]', 'search.steps=0', 'train.epochs=2', 'train.restarts=1', 'inclusion.samples=100', 'model.skip=false'];

/** Times of a calibration with tables as small as can be. @param {string} [queue] @param {number} [count] */
async function timed(queue, count = tables) {
  const begin = performance.now();
  const before = cpuUsage();
  /** @type {number[]} */
  const times = [];
  await calibrate(undefined, {
    rows: 20, inputs: 2, sets: SETS, tables: count, cwd: folder, ...(queue ? { queue } : { jobs: 1 }),
    onTable: () => times.push(performance.now()),
  });
  const { user, system } = cpuUsage(before);
  const steps = times.slice(1).map((time, n) => time - times[n]);
  return {
    first: (times[0] - begin) / 1000, each: median(steps) / 1000,
    mean: (times[times.length - 1] - times[0]) / 1000 / (times.length - 1), cpu: (user + system) / 1e6,
  };
}

const port = await freePort();
const url = `redis://127.0.0.1:${port}`;
try {
  await start('redis-server', ['--port', String(port), '--dir', folder, '--save', '', '--appendonly', 'yes'], 'Ready to accept');
  /** @type {string} a name, for the package is not installed with this one */
  const name = 'ioredis';
  const { Redis } = await import(name);
  const redis = new Redis(url);
  const serverCpu = async () => {
    const said = /** @type {string} */ (await redis.info('cpu'));
    return [...said.matchAll(/used_cpu_(?:sys|user):([\d.]+)/g)].reduce((sum, [, seconds]) => sum + Number(seconds), 0);
  };

  await timed(undefined, 3); // the engine starts
  const local = await timed();
  const worker = () => start(process.execPath, [path.join(ROOT, 'bin/bnnc.js'), 'worker', '--queue', url], 'waiting for tasks');
  await worker();
  await timed(url, 3); // the worker's start is told by the first task of the next
  const before = await serverCpu();
  const short = await timed(url, Math.ceil(tables / 4));
  const between = await serverCpu();
  const one = await timed(url);
  const server = (await serverCpu() - between) / tables;
  console.error({ local, short, one, server, startUp: between - before });
  await worker();
  await timed(url, 4);
  const two = await timed(url);

  const blob = Buffer.alloc(32e6, 1);
  const begin = performance.now();
  await redis.set('blob', blob);
  await redis.getBuffer('blob');
  const perByte = (performance.now() - begin) / 1000 / (2 * blob.length);
  redis.disconnect();

  const overhead = one.each - local.each;
  // What a longer job costs the command more than a shorter one.
  const command = Math.max(0, (one.cpu - short.cpu) / (tables - Math.ceil(tables / 4)));
  const costs = { start: one.first, worker: Math.max(0, overhead), server, command, perByte };
  const ms = (/** @type {number} */ seconds) => (seconds * 1000).toFixed(1);
  const rows = [1, 10, 60, 600].flatMap((unit) => [0.05, 5].map((size) => {
    const cells = [1, 2, 10, 100, 1000].map((workers) => {
      const job = { tasks: 10 * workers, workers, unit, bytes: size * 1e6 };
      const { seconds, server: busy, command: used } = simulate(job, costs);
      const share = (10 * unit) / seconds;
      const mark = Math.max(busy, used) <= 0.5 ? '' : used > busy ? ' c' : ' s';
      return `${Math.round(100 * share)} %${mark}`;
    });
    return `| ${unit} s | ${size} MB | ${cells.join(' | ')} |`;
  }));
  const limit = (/** @type {number} */ size) => Math.round(1 / (Math.max(server, command) + perByte * size * 1e6));
  const { commit, machine } = facts(ROOT);
  const page = [
    '# Many workers', '',
    '`bnnc calibrate --queue` with tables as small as can be (20 rows, 2 inputs, 2 epochs, no skips), so that what the queue costs is seen. The server, the',
    'command and the workers share one machine of two cores, on which other work may run.', '',
    `By \`npm run bench:scale\`, ${new Date().toISOString().slice(0, 10)}, commit ${commit}; ${machine.cores} cores, ${machine.cpu}, Node ${machine.node}; ${tables} tables each.`, '',
    '| | first table, s | median time of a further one, ms | tables per second |', '|---|---:|---:|---:|',
    ...[['in the process of the command', local], ['one worker', one], ['two workers', two]].map(([what, time]) => {
      const { first, each, mean } = /** @type {typeof one} */ (time);
      return `| ${what} | ${first.toFixed(1)} | ${ms(each)} | ${(1 / mean).toFixed(1)} |`;
    }), '',
    `A task takes ${ms(one.each)} ms through the queue and ${ms(local.each)} ms without: a difference of ${ms(overhead)} ms (wanted: 50 ms at most), of which other work on the machine`,
    `may make some milliseconds more or less. For each task the server needs ${ms(server)} ms of a core and the`,
    `command ${ms(command)} ms. A byte of a result takes ${(perByte * 1e9).toFixed(1)} ns on its way to or from the server, which is on the same machine.`, '',
    '## Beyond this machine', '',
    'A simulation with these costs, of jobs with ten tasks for each worker. The figure is the share of the time in which a worker does its tasks, the start of',
    'workers included; `c` where the command is busy more than half of the time, `s` where the server is. It knows no network: transfer is as fast as here, and nothing fails.', '',
    '| task | result | 1 worker | 2 | 10 | 100 | 1,000 |', '|---:|---:|---:|---:|---:|---:|---:|', ...rows, '',
    `Server and command take one thing at a time. So a job cannot end more than about ${limit(0.05)} tasks a second with results of 0.05 MB, and ${limit(5)} with 5 MB, whatever the number of`,
    'workers: with W workers a task must take longer than W divided by that number. Short jobs lose the start of the workers, not the queue.', '',
  ].join('\n');
  writeFileSync(path.join(ROOT, 'docs/benchmarks/scale.md'), page);
  console.log(page);
} finally {
  for (const child of started.reverse()) child.kill();
  await new Promise((resolve) => setTimeout(resolve, 500));
  rmSync(folder, { recursive: true, force: true });
}
