// Changed tables, configs, runs and models by the ten thousand: bnnc refuses each in its own words, or does what was asked.
//
//   npm run bench:fuzz [-- --cases 12000] [--seed 1] [--kinds CSV,...] [--program 20]
//
// writes docs/benchmarks/fuzz.md when all kinds ran. A fault is printed with its number; `--kinds NAME --only NUMBER` repeats it.
import { fork, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Stream } from 'bnnc/parts';
import { makeBase } from './fuzz/base.mjs';
import { placed } from './fuzz/case.mjs';
import { KINDS } from './fuzz/kinds.mjs';
import { facts } from './truth/machine.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '12000' }, seed: { type: 'string', default: '1' }, kinds: { type: 'string', default: Object.keys(KINDS).join() },
    only: { type: 'string' }, program: { type: 'string', default: '20' },
  },
});
/** Milliseconds of the processor, and those that pass; megabytes. */
const [HANG, STUCK, MEMORY] = [10_000, 60_000, 1024];

/** Before Node 22.13 it had another name. */
const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';

const temporary = mkdtempSync(path.join(tmpdir(), 'bnnc-fuzz-'));
const [base, folder] = ['base', 'case'].map((name) => path.join(temporary, name));
for (const each of [base, folder, path.join(folder, 'tmp')]) mkdirSync(each);

/** Runs cases in a process that is replaced when it dies or hangs. */
async function casesOf(name, from, to) {
  const found = { cases: 0, refused: new Map(), faults: [], longest: 0, memory: 0 };
  let next = from;
  while (next < to) next = await ofProcess(name, next, to, found);
  return found;
}

function ofProcess(name, from, to, found) {
  return new Promise((resolve) => {
    const execArgv = [PERMISSION, '--allow-fs-read=*', `--allow-fs-write=${folder}/*`, '--allow-worker', '--no-warnings'];
    const child = fork(path.join(ROOT, 'bench/fuzz/worker.mjs'), { execArgv, env: { ...process.env, TMPDIR: path.join(folder, 'tmp') }, silent: true });
    let [at, text, timer] = [from, '', undefined];
    child.stderr.on('data', (piece) => { text = (text + piece).slice(-2000); });
    const watch = () => {
      clearTimeout(timer);
      timer = setTimeout(() => { text = 'it hangs'; child.kill('SIGKILL'); }, STUCK);
    };
    child.on('message', (/** @type {any} */ message) => {
      if (message.begun !== undefined) [at] = [message.begun, watch()];
      if (message.done === undefined) return;
      at = message.done + 1;
      count(name, message, found);
    });
    child.on('close', () => {
      clearTimeout(timer);
      if (at < to) count(name, { done: at++, ms: 0, memory: 0, how: '', fault: `its process ended: ${text}` }, found);
      resolve(at);
    });
    child.send({ name, seed: values.seed, from, to, base, folder });
  });
}

function count(name, /** @type {any} */ message, found) {
  const { done, ms, memory, how, refused } = message;
  let { fault } = message;
  found.cases++;
  if (refused) found.refused.set(refused, (found.refused.get(refused) ?? 0) + 1);
  found.longest = Math.max(found.longest, ms);
  if (ms > HANG) fault ??= 'it takes too long';
  if (ms > HANG / 3) console.error(`${name} ${done} (${how}): ${(ms / 1000).toFixed(1)} s`);
  if (memory > MEMORY && found.memory <= MEMORY) fault ??= `${memory.toFixed(0)} MB`;
  found.memory = Math.max(found.memory, memory);
  if (!fault) return;
  found.faults.push(fault);
  console.error(`${name} ${done} (${how}): ${fault.split('\n').slice(0, 4).join('\n')}`);
}

/** The same by the program itself. */
function byProgram(name, from, to) {
  let faults = 0;
  for (let n = from; n < to; n++) {
    const setting = { stream: Stream.fromSeed(`${values.seed} ${name} ${n}`), base, folder };
    const args = KINDS[name].args(setting, placed(KINDS[name], setting));
    const command = [path.join(ROOT, 'bin/bnnc.js'), ...args];
    const { status, signal, stderr } = spawnSync(process.execPath, command, { cwd: path.join(folder, 'out'), timeout: STUCK });
    if ([0, 2, 3, 4, 5, 6].includes(status)) continue;
    faults++;
    console.error(`${name} ${n} by the program: ${signal ?? status} ${stderr.toString().slice(0, 500)}`);
  }
  return faults;
}

const names = values.kinds.split(',');
const [rows, program] = [[], { cases: 0, faults: 0 }];
const total = { cases: 0, faults: 0 };
try {
  await makeBase(base);
  for (const name of names) {
    const cases = Math.ceil(KINDS[name].share * Number(values.cases));
    const [from, to] = values.only === undefined ? [0, cases] : [Number(values.only), Number(values.only) + 1];
    const found = await casesOf(name, from, to);
    const refusals = [...found.refused.values()].reduce((sum, n) => sum + n, 0);
    const most = [(found.longest / 1000).toFixed(1), found.memory.toFixed(0)];
    const cells = [name, found.cases, refusals, found.refused.size, found.faults.length, ...most];
    rows.push(`| ${cells.join(' | ')} |`);
    console.error(rows.at(-1));
    total.cases += found.cases;
    total.faults += found.faults.length;
    const some = values.only === undefined ? Number(values.program) : 1;
    program.faults += byProgram(name, from, from + some);
    program.cases += some;
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
const { commit, machine } = facts(ROOT);
const page = [
  '# Changed input', '',
  'Sound files are changed, and bnnc is asked to use them: bits are flipped; files are cut, and pieces of them left out, repeated or put elsewhere; words',
  'that other readers take for more than text are put in, and other encodings; keys are removed, repeated, renamed and put in another order; values become',
  'huge, deep, or of another kind. A fault is an error that is not one of [errors.md](../errors.md), more than 10 s of the processor or 60 s, more than 1 GB, a write outside the',
  'output folder (Node refuses the process all other places), a number that is not finite, or a changed run or model that predicts something else without a',
  'word. Where its checksum was mended or left out a model may predict something else, as its owner wants.', '',
  `By \`npm run bench:fuzz -- --cases ${values.cases} --seed ${values.seed}\`, ${new Date().toISOString().slice(0, 10)}, commit ${commit};`,
  `${machine.cores} cores, ${machine.cpu}, Node ${machine.node}.`, '',
  '| what was changed | cases | refused | with so many codes | faults | longest, s | memory, MB |', '|---|---:|---:|---:|---:|---:|---:|', ...rows,
  `| all | ${total.cases} | | | ${total.faults} | | |`, '',
  `The first case of a process loads the program, which is in its time. ${program.cases} of these cases were repeated by the command itself: ${program.faults}`,
  'ended with another exit code than [errors.md](../errors.md) has, or not within 60 s.', '',
].join('\n');
if (names.length === Object.keys(KINDS).length && values.only === undefined) writeFileSync(path.join(ROOT, 'docs/benchmarks/fuzz.md'), page);
else console.log(page);
process.exitCode = total.faults + program.faults > 0 ? 1 : 0;
