// npm run bench:speed: one training step in bnnc (compiled, eager), JAX and PyTorch, on the same numbers, interleaved in one
// run; checks that the losses agree, takes minima, prints a table and writes docs/benchmarks/speed.md.
//
//   node bench/speed.mjs [--python PATH] [--rounds 8] [--sizes small,medium,large]
//
// Without --python a virtual environment with JAX, optax and PyTorch from PyPI is made in the cache (some GB, once).
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { writeProblem } from './speed/problem.mjs';

const HERE = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const PROBLEMS = {
  small: { widths: [20, 64, 64, 1], task: 'regression' },
  medium: { widths: [784, 300, 100, 10], task: 'multiclass' },
  large: { widths: [784, 400, 400, 10], task: 'multiclass' },
};
const { values: options } = parseArgs({
  options: {
    python: { type: 'string' }, rounds: { type: 'string', default: '8' }, sizes: { type: 'string', default: 'small,medium,large' },
  },
});
const python = options.python ?? environment();
const script = (name) => path.join(HERE, 'speed', name);
const ENGINES = {
  compiled: (file) => [process.execPath, script('ours.mjs'), file, 'compiled'],
  eager: (file) => [process.execPath, script('ours.mjs'), file, 'eager'],
  jax: (file) => [python, script('jax_step.py'), file],
  torch: (file) => [python, script('torch_step.py'), file, 'eager'],
  'torch.compile': (file) => [python, script('torch_step.py'), file, 'compile'],
};

function environment() {
  const cache = process.env.BNNC_CACHE ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'bnnc');
  const home = path.join(cache, 'bench-python');
  const program = path.join(home, 'bin', 'python');
  if (!existsSync(path.join(home, 'complete'))) {
    mkdirSync(cache, { recursive: true });
    execFileSync('python3', ['-m', 'venv', '--clear', home], { stdio: 'inherit' });
    execFileSync(program, ['-m', 'pip', 'install', '-q', 'numpy', 'jax', 'optax', 'torch'], { stdio: 'inherit' });
    writeFileSync(path.join(home, 'complete'), '');
  }
  return program;
}

/** One engine in a process of its own, which answers commands line by line. */
class EngineProcess {
  constructor([program, ...args]) {
    this.child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' } });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async ask(command) {
    this.child.stdin.write(`${command}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`${this.child.spawnargs.join(' ')} ended before it answered '${command}'`);
    return JSON.parse(value);
  }

  end() {
    this.child.stdin.end('end\n');
  }
}

async function measure(name, folder) {
  const file = path.join(folder, `${name}.bin`);
  writeProblem(file, PROBLEMS[name]);
  const start = ([engine, command]) => [engine, new EngineProcess(command(file))];
  const engines = Object.fromEntries(Object.entries(ENGINES).map(start));
  const checks = {};
  for (const [engine, running] of Object.entries(engines)) checks[engine] = await running.ask('check');
  const facts = await engines.compiled.ask('facts');
  const disagreement = Math.max(...Object.values(checks).map((losses) =>
    Math.max(...losses.map((loss, at) => Math.abs(loss - checks.compiled[at]) / Math.abs(loss)))));
  const times = Object.fromEntries(Object.keys(engines).map((engine) => [engine, []]));
  // The first round compiles and warms up; it is not counted.
  for (let round = 0; round <= Number(options.rounds); round++) {
    for (const [engine, running] of Object.entries(engines)) {
      const ms = await running.ask('epoch');
      if (round > 0) times[engine].push(ms);
    }
  }
  Object.values(engines).forEach((running) => running.end());
  const best = Object.fromEntries(Object.entries(times).map(([engine, all]) => [engine, Math.min(...all)]));
  return { name: PROBLEMS[name].widths.join('-'), best, disagreement, ...facts };
}

function report(results) {
  const versions = execFileSync(python, ['-c', 'import jax, torch, optax; print(f"JAX {jax.__version__}, optax {optax.__version__}, '
    + 'PyTorch {torch.__version__}")']).toString().trim();
  const row = (title, cell) => `| ${title} | ${results.map(cell).join(' | ')} |`;
  const ratio = (of) => (result) => (result.best.compiled / of(result)).toFixed(2);
  return [
    '# Speed of a training step', '',
    `Made by \`npm run bench:speed\` on ${new Date().toISOString().slice(0, 10)}; ${os.cpus().length} cores, ${os.cpus()[0].model.trim()}; `
      + `Node ${process.versions.node}; ${versions}.`,
    `Gates both, silu, batch 128, local reparameterisation, Adam; milliseconds a step, the minimum of ${options.rounds} interleaved epochs`
      + ' of 39 steps each. The engines share the start and the minibatches; without noise the log-likelihoods of the first 20 steps agree'
      + ` to a relative ${Math.max(...results.map(({ disagreement }) => disagreement)).toExponential(1)}.`, '',
    row('', ({ name }) => name), `|---|${results.map(() => '---:|').join('')}`,
    ...Object.keys(ENGINES).map((engine) => row(engine === 'compiled' || engine === 'eager' ? `bnnc, ${engine}` : engine, ({ best }) =>
      best[engine].toFixed(2))),
    row('bnnc compiled ÷ JAX', ratio(({ best }) => best.jax)),
    row('bnnc compiled ÷ the better PyTorch', ratio(({ best }) => Math.min(best.torch, best['torch.compile']))),
    row('bnnc compiled ÷ bnnc eager', ratio(({ best }) => best.eager)),
    row('operations a step', ({ nodes }) => nodes),
    row('recording and compiling, seconds', ({ compileMs }) => (compileMs / 1000).toFixed(1)), '',
  ].join('\n');
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'bnnc-speed-'));
try {
  const results = [];
  for (const name of options.sizes.split(',')) results.push(await measure(name, folder));
  const text = report(results);
  process.stdout.write(text);
  // A partial run is for trying things; the committed table has all sizes.
  if (results.length === Object.keys(PROBLEMS).length) {
    const target = path.join(HERE, '..', 'docs', 'benchmarks', 'speed.md');
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
