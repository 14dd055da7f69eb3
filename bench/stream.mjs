// npm run bench:stream: ten million rows through the stdin of `bnnc predict`, and the memory that takes (Linux: from /proc).
// Writes docs/benchmarks/stream.md unless --rows says otherwise.
//
//   node bench/stream.mjs [--rows 10000000]
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { number, table } from './truth/format.mjs';
import { facts } from './truth/machine.mjs';

const ALL = 10_000_000;
const PARTS = 10;
const project = fileURLToPath(new URL('..', import.meta.url));
const program = path.join(project, 'bin/bnnc.js');
const data = path.join(project, 'datasets/raisin.csv');
const rows = Number(parseArgs({ options: { rows: { type: 'string', default: String(ALL) } } }).values.rows);
const folder = mkdtempSync(path.join(os.tmpdir(), 'bnnc-stream-'));

try {
  const bnnc = (...args) => execFileSync(process.execPath, [program, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  bnnc('train', '--quiet', '--data', data, '--target', 'Class', '--seed', '1', '--set', 'train.restarts=1', '--out', 'run');
  bnnc('prune', 'run', '--quiet', '--out', 'small');
  const marks = await through(['predict', 'small', '-']);
  const page = document(marks);
  process.stdout.write(page);
  if (rows === ALL) writeFileSync(path.join(project, 'docs/benchmarks/stream.md'), page);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Feeds the rows; after each tenth of them the predictions that came back, resident and peak memory in MB, seconds so far. */
async function through(args) {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
  let lines = -1; // the header
  child.stdout.on('data', (bytes) => {
    for (const byte of bytes) if (byte === 10) lines++;
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  const [header, ...body] = readFileSync(data, 'utf8').trimEnd().split('\n');
  const block = `${body.join('\n')}\n`;
  const began = performance.now();
  const marks = [];
  child.stdin.write(`${header}\n`);
  for (let sent = 0; sent < rows;) {
    const count = Math.min(body.length, rows - sent);
    const text = count === body.length ? block : `${body.slice(0, count).join('\n')}\n`;
    if (!child.stdin.write(text)) await new Promise((go) => child.stdin.once('drain', go));
    sent += count;
    if (sent < (rows * (marks.length + 1)) / PARTS) continue;
    marks.push({ sent, lines, ...memoryOf(child.pid), seconds: (performance.now() - began) / 1000 });
  }
  child.stdin.end();
  const code = await closed;
  if (code !== 0 || lines !== rows) throw new Error(`exit code ${code}, ${lines} predictions of ${rows}`);
  return marks;
}

function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (key) => (Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)[1]) * 1024) / 1e6;
  return { resident: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}

function document(marks) {
  const { commit, machine } = facts(project);
  const last = marks.at(-1);
  return [
    '# Streaming', '',
    `Made by \`npm run bench:stream\` on ${new Date().toISOString().slice(0, 10)}, commit ${commit}; ${machine.cores} cores, ${machine.cpu}, ` +
      `${machine.gigabytes} GB; Node ${machine.node}; load of the machine at the end ${os.loadavg()[0].toFixed(1)}.`, '',
    `The rows of datasets/raisin.csv over and over through \`bnnc predict small -\`, ${rows.toLocaleString('en')} in all; every one came back as a`,
    `prediction. ${Math.round(rows / last.seconds).toLocaleString('en')} rows a second; the peak rose by ${number(last.peak - marks[0].peak)} MB from the first tenth to the last.`, '',
    ...table(['rows in', 'predictions out', 'resident, MB', 'peak, MB', 'seconds'], marks.map(({ sent, lines, resident, peak, seconds }) =>
      [sent.toLocaleString('en'), lines.toLocaleString('en'), number(resident), number(peak), seconds.toFixed(0)])),
  ].join('\n').trimEnd() + '\n';
}
