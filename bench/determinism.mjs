// The same bytes again, and the same probabilities of both engines, on the six tables of datasets/.
//
//   npm run bench:determinism [-- --tables raisin,penguins] [--parts bytes,search,alone]
//
// writes docs/benchmarks/determinism.md from the last results of tables and parts, which are kept in .cache/determinism.jsonl;
// `--parts ''` writes the page alone.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { table } from './truth/format.mjs';
import { facts } from './truth/machine.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PROGRAM = path.join(ROOT, 'bin/bnnc.js');
const TARGETS = {
  raisin: ['--target', 'Class'], penguins: ['--target', 'species'], breast_cancer: ['--target', 'diagnosis'],
  diabetes: ['--target', 'progression'],
  absences: ['-c', 'configs/absences.yaml'], heart_failure: ['-c', 'configs/heart_failure.yaml'],
};
/** What is measured of each table: bytes of repeated runs, and PIPs of both engines with the search and without it. */
const PARTS = { bytes: bytesOf, search: (name) => engines(name, []), alone: (name) => engines(name, ['search.steps=0']) };
const { values } = parseArgs({
  options: {
    tables: { type: 'string', default: Object.keys(TARGETS).join() }, parts: { type: 'string', default: Object.keys(PARTS).join() },
  },
});
const RESULTS = path.join(ROOT, '.cache/determinism.jsonl');
/** Settings of the runs whose bytes are compared: every part of a training takes place, each for a short time. */
const SHORT = ['train.epochs=200', 'train.restarts=2', 'search.steps=100', 'model.hidden=[8,4]'];
const REPETITIONS = 5;
const JOBS = [1, 2, 4];
/** When a run is interrupted: shares of the time that the first one took, one for each repetition of this. */
const INTERRUPTED = [0.35, 0.6, 0.85];
const SIGINT = 130;
/** What PIPs of the two engines may differ by. */
const BOUND = 0.02;

const folder = mkdtempSync(path.join(tmpdir(), 'bnnc-determinism-'));
try {
  mkdirSync(path.dirname(RESULTS), { recursive: true });
  for (const name of values.tables.split(',')) {
    for (const part of values.parts.split(',').filter(Boolean)) {
      const began = performance.now();
      const result = await PARTS[part](name);
      const minutes = (performance.now() - began) / 60_000;
      const line = { name, part, commit: facts(ROOT).commit, date: new Date().toISOString().slice(0, 10), minutes, result };
      appendFileSync(RESULTS, `${JSON.stringify(line)}\n`);
      console.error(JSON.stringify(line));
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const text = page();
process.stdout.write(text);
writeFileSync(path.join(ROOT, 'docs/benchmarks/determinism.md'), text);

/** Runs the command in the project; after `milliseconds` it is interrupted. */
function bnnc(args, milliseconds) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
    const start = performance.now();
    const timer = milliseconds === undefined ? undefined : setTimeout(() => child.kill('SIGINT'), milliseconds);
    let text = '';
    child.stderr.on('data', (piece) => { text += piece; });
    child.on('close', (code) => {
      clearTimeout(timer);
      if (code !== 0 && code !== SIGINT) throw new Error(`bnnc ${args.join(' ')}: exit code ${code}\n${text}`);
      resolve({ code, milliseconds: performance.now() - start });
    });
  });
}

async function train(name, out, { set, engine = 'native', jobs = 1, after = /** @type {number | undefined} */ (undefined) }) {
  const [flag] = TARGETS[name];
  const data = flag === '-c' ? TARGETS[name] : ['--data', `datasets/${name}.csv`, ...TARGETS[name]];
  const how = ['--seed', '1', ...set.flatMap((each) => ['--set', each]), '--engine', engine, '--jobs', String(jobs)];
  return bnnc(['train', ...data, ...how, '--quiet', '-o', out], after);
}

/** The SHA-256 of every file of a run but its manifest, which has times and the command. */
function fingerprint(run) {
  const names = readdirSync(run, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== 'manifest.json')
    .map((entry) => path.relative(run, path.join(entry.parentPath, entry.name))).sort();
  return new Map(names.map((file) => [file, createHash('sha256').update(readFileSync(path.join(run, file))).digest('hex')]));
}

/** Trains again, with other numbers of jobs and with a break; counts the runs, and names files that differ from the first. */
async function bytesOf(name) {
  const place = (what) => path.join(folder, `${name}-${what}`);
  const runs = [];
  let whole = 0;
  for (let at = 0; at < REPETITIONS; at++) {
    const { milliseconds } = await train(name, place(at), { set: SHORT });
    if (at === 0) whole = milliseconds;
    runs.push({ what: 'again', run: place(at) });
  }
  for (const jobs of JOBS.slice(1)) {
    await train(name, place(`jobs${jobs}`), { set: SHORT, jobs });
    runs.push({ what: `${jobs} jobs`, run: place(`jobs${jobs}`) });
  }
  for (const [at, share] of INTERRUPTED.entries()) {
    const run = place(`cut${at}`);
    const { code } = await train(name, run, { set: SHORT, jobs: JOBS[at], after: share * whole });
    // It was ready before, or had not begun.
    if (code !== SIGINT || !existsSync(run)) continue;
    await bnnc(['train', '--resume', run, '--jobs', String(JOBS[(at + 1) % JOBS.length]), '--quiet']);
    runs.push({ what: 'resumed', run });
  }
  for (const at of [0, 1]) {
    await train(name, place(`wasm${at}`), { set: SHORT, engine: 'wasm', jobs: 1 + at });
    runs.push({ what: 'wasm', run: place(`wasm${at}`) });
  }
  return compared(runs);
}

function compared(runs) {
  const first = { native: fingerprint(runs[0].run), wasm: fingerprint(runs.find(({ what }) => what === 'wasm').run) };
  const differ = runs.flatMap(({ what, run }) => {
    const [own, other] = [fingerprint(run), what === 'wasm' ? first.wasm : first.native];
    const files = [...new Set([...own.keys(), ...other.keys()])].filter((file) => own.get(file) !== other.get(file));
    return files.length > 0 ? [`${what}: ${files.join(', ')}`] : [];
  });
  const count = (wanted) => runs.filter(({ what }) => what === wanted).length;
  return { again: count('again'), jobs: JOBS.length - 1, resumed: count('resumed'), wasm: count('wasm'), files: first.native.size, differ };
}

/** PIPs of both engines with settings that are otherwise those by default. */
async function engines(name, set) {
  const pips = [];
  for (const engine of ['native', 'wasm']) {
    const run = path.join(folder, `${name}-${engine}-${set.length}`);
    await train(name, run, { set, engine, jobs: 2 });
    pips.push(pipsOf(run));
  }
  const [native, wasm] = pips;
  const worst = [...native.keys()].map((input) => ({ input, native: native.get(input), wasm: wasm.get(input) }))
    .sort((a, b) => Math.abs(b.native - b.wasm) - Math.abs(a.native - a.wasm));
  const far = worst.filter((each) => Math.abs(each.native - each.wasm) > BOUND).length;
  return { inputs: native.size, far, worst: worst[0] };
}

function pipsOf(run) {
  const [, ...lines] = readFileSync(path.join(run, 'inclusion/inputs.csv'), 'utf8').trim().split('\n');
  return new Map(lines.map((line) => line.split(',')).map(([input, pip]) => [input, Number(pip)]));
}

/** The last result of each table in a part. */
function lastOf(part) {
  const lines = existsSync(RESULTS) ? readFileSync(RESULTS, 'utf8').trim().split('\n').map((line) => JSON.parse(line)) : [];
  const last = new Map(lines.filter((line) => line.part === part).map((line) => [line.name, line]));
  return Object.keys(TARGETS).flatMap((name) => last.get(name) ?? []);
}

function page() {
  const { machine } = facts(ROOT);
  const minutes = Object.keys(PARTS).flatMap(lastOf).reduce((sum, line) => sum + line.minutes, 0);
  const bytes = lastOf('bytes');
  const differ = bytes.flatMap(({ name, result }) => result.differ.map((each) => `- ${name}: ${each}`));
  const engine = (part) => table(
    ['table', 'commit', 'inputs', 'largest difference', 'of', 'native', 'WebAssembly', `beyond ${BOUND}`],
    lastOf(part).map(({ name, commit, result: { inputs, far, worst: { input, native, wasm } } }) => [
      name, commit, inputs, Math.abs(native - wasm).toPrecision(2), `\`${input}\``, native.toFixed(4), wasm.toFixed(4), far,
    ]));
  return [
    '# Determinism', '',
    `By \`npm run bench:determinism\`, ${new Date().toISOString().slice(0, 10)}; ${machine.cores} cores, ${machine.cpu}, Node ${machine.node}.`,
    `${minutes.toFixed(0)} minutes in all, while other programs kept the machine busy. Tables that are not named were not run.`, '',
    '## The same bytes', '',
    `Trainings with seed 1 and ${SHORT.map((each) => `\`${each}\``).join(', ')}.`,
    'All files of each run but `manifest.json`, which has the time and the command, are compared with those of the first run: of repetitions',
    `with one job; of runs with two and four jobs; of runs that were interrupted after ${INTERRUPTED.map((each) => `${100 * each} %`).join(', ')}`,
    'of the time and went on with another number of jobs; and of two runs by WebAssembly, with one and two jobs, with each other. A run that was',
    'ready before its signal came, or had not begun, is not counted.', '',
    ...table(['table', 'commit', 'repetitions', 'other jobs', 'resumed', 'WebAssembly', 'files of a run', 'runs that differ'],
      bytes.map(({ name, commit, result: { again, jobs, resumed, wasm, files, differ: { length } } }) =>
        [name, commit, again, jobs, resumed, wasm, files, length])),
    ...(differ.length > 0 ? [...differ, ''] : []),
    '## The engines beside each other', '',
    'PIPs of the inputs by native TensorFlow and by WebAssembly, seed 1, two jobs. Both draw the same noise, and round otherwise.',
    'Up to commit fe33724 each drew noise of its own: of breast_cancer without the search seven PIPs then differed by more than .02, the worst by .17.', '',
    'With the settings by default:', '', ...engine('search'),
    'Without the search over structures (`search.steps=0`):', '', ...engine('alone'),
  ].join('\n');
}
