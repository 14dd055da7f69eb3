// Peak memory of `bnnc train` against its bound; reads the high-water mark from /proc (Linux).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { Stream } from 'bnnc/parts';
import { table } from './table.mjs';

const MB = 1e6;
const program = fileURLToPath(new URL('../../bin/bnnc.js', import.meta.url));
const CASES = {
  small: { rows: 900, columns: 7, hidden: [32, 16], classes: 2 },
  long: { rows: 20_000, columns: 500, hidden: [64, 32], classes: 0 },
  wide: { rows: 5000, columns: 784, hidden: [400, 400], classes: 10 },
};

/** A CSV of standard normal numbers with four decimals; the target depends on the first two columns. */
async function writeData(file, { rows, columns, classes }) {
  const stream = Stream.fromSeed('memory').split(rows, columns);
  const out = createWriteStream(file);
  out.write(`${Array.from({ length: columns }, (_, i) => `x${i + 1}`).join(',')},y\n`);
  for (let n = 0; n < rows; n++) {
    const x = stream.split(n).normals(columns);
    const y = x[0] - x[1];
    const target = classes === 0 ? y.toFixed(4) : `c${Math.min(classes - 1, Math.max(0, Math.floor(y + classes / 2)))}`;
    if (!out.write(`${Array.from(x, (v) => v.toFixed(4)).join(',')},${target}\n`)) await once(out, 'drain');
  }
  out.end();
  await finished(out);
}

/** The high-water mark of a process's resident memory in bytes; 0 when it has gone. */
function highWater(pid) {
  try {
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Runs the command and returns its peak resident memory and what it took. */
async function measure(args) {
  const begun = performance.now();
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (text) => { errors += text; });
  let peak = 0;
  const timer = setInterval(() => { peak = Math.max(peak, highWater(child.pid)); }, 20);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`bnnc ${args.join(' ')}: exit code ${code}\n${errors}`);
  return { peak, seconds: (performance.now() - begun) / 1000 };
}

const megabytes = (bytes) => (bytes / MB).toFixed(0);

export async function memoryPart({ folder }) {
  const rows = [];
  for (const [name, problem] of Object.entries(CASES)) rows.push(await peakOf(name, problem, folder));
  return ['## Memory', '',
    'Peak resident memory of `bnnc train --jobs 1` (one process) with one restart, the dense reference and 3 epochs on generated data, against 400 MB + 3 ×'
      + ' the encoded rows + 250 bytes a weight.', '',
    ...table(['data', 'hidden', 'encoded, MB', 'weights', 'peak, MB', 'bound, MB', 'within', 'seconds'], rows)];
}

async function peakOf(name, problem, folder) {
  const { rows, columns, hidden, classes } = problem;
  const file = path.join(folder, `${name}.csv`);
  await writeData(file, problem);
  const { peak, seconds } = await measure([
    'train', '--data', file, '--target', 'y', '--out', path.join(folder, name), '--quiet', '--jobs', '1',
    '--set', `model.hidden=[${hidden}]`, '--set', 'train.epochs=3', '--set', 'train.restarts=1',
  ]);
  rmSync(file);
  const widths = [columns, ...hidden, classes > 2 ? classes : 1];
  const weights = hidden.reduce((sum, width, l) => sum + widths[l] * width, hidden.at(-1) * widths.at(-1));
  const encoded = 4 * rows * columns;
  const bound = 400 * MB + 3 * encoded + 250 * weights;
  return [`${rows} × ${columns}`, hidden.join('-'), megabytes(encoded), weights, megabytes(peak), megabytes(bound),
    peak <= bound ? 'yes' : 'no', seconds.toFixed(1)];
}
