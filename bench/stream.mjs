// npm run bench:stream: ten million rows through the stdin of `bnnc predict`, then up to three million of Parquet files, and the
// memory that takes (Linux: from /proc).
// Writes docs/benchmarks/stream.md unless --rows says otherwise.
//
//   node bench/stream.mjs [--rows 10000000]
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { clearInterval, setInterval } from 'node:timers';
import { parseArgs } from 'node:util';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { number, table } from './truth/format.mjs';
import { facts } from './truth/machine.mjs';

const ALL = 10_000_000;
const PARTS = 10;
/** Rows of a row group. */
const GROUP = 100_000;
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
  const files = [];
  for (const share of [0.01, 0.1, 0.3]) files.push(...await parquet(Math.round(rows * share)));
  const page = document(marks, files);
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

/** The rows in row groups of 100,000, each number moved a bit so that few are equal, to a CSV and to a Parquet file. */
async function parquet(count) {
  const [header, ...body] = readFileSync(data, 'utf8').trimEnd().split('\n').map((line) => line.split(','));
  const file = path.join(folder, 'rows.parquet');
  const writer = new ByteWriter();
  /** @returns {import('hyparquet').SchemaElement} */
  const element = (name) => (name === 'Class'
    ? { name, repetition_type: 'OPTIONAL', type: 'BYTE_ARRAY', converted_type: 'UTF8' } : { name, repetition_type: 'OPTIONAL', type: 'DOUBLE' });
  const out = new ParquetWriter({ writer, schema: [{ name: 'root', num_children: header.length }, ...header.map(element)] });
  const taken = () => {
    const bytes = writer.getBytes().slice();
    writer.index = 0;
    return bytes;
  };
  writeFileSync(file, '');
  for (let from = 0; from < count; from += GROUP) {
    const held = Array.from({ length: Math.min(GROUP, count - from) }, (_, n) => from + n);
    const columnData = header.map((name, at) => ({
      name, data: held.map((row) => (name === 'Class' ? body[row % body.length][at] : Number(body[row % body.length][at]) * (1 + row / 1e9))),
    }));
    await out.write({ columnData, rowGroupSize: GROUP });
    appendFileSync(file, taken());
  }
  await out.finish();
  appendFileSync(file, taken());
  const marks = [];
  for (const to of ['csv', 'parquet']) {
    const target = path.join(folder, `predicted-${count}.${to}`);
    const began = performance.now();
    const child = spawn(process.execPath, [program, 'predict', 'small', file, '-o', target], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    let peak = 0;
    const look = setInterval(() => { ({ peak } = memoryOf(child.pid) ?? { peak }); }, 50);
    const code = await new Promise((resolve) => child.once('close', resolve));
    clearInterval(look);
    if (code !== 0) throw new Error(`exit code ${code}`);
    marks.push({ count, to, peak, seconds: (performance.now() - began) / 1000 });
  }
  return marks;
}

/** Undefined of a process that has ended. */
function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  if (!status.includes('VmRSS')) return undefined;
  const megabytes = (key) => (Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)[1]) * 1024) / 1e6;
  return { resident: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}

function document(marks, files) {
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
    '', '## Parquet', '',
    'Files with these columns in row groups of 100,000 rows, all numbers different, through `bnnc predict small rows.parquet -o FILE`.', '',
    ...table(['rows', 'to', 'peak, MB', 'seconds'], files.map(({ count, to, peak, seconds }) =>
      [count.toLocaleString('en'), to, number(peak), seconds.toFixed(0)])),
  ].join('\n').trimEnd() + '\n';
}
