// One engine in a process of its own, which answers commands line by line.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Commands by engine; each is given the problem file. */
export const engines = (python) => ({
  // As a fit of 4000 steps runs, and as a long one does.
  compiled: (file) => [process.execPath, script('ours.mjs'), file, 'compiled'],
  fused: (file) => [process.execPath, script('ours.mjs'), file, 'fused'],
  eager: (file) => [process.execPath, script('ours.mjs'), file, 'eager'],
  jax: (file) => [python, script('jax_step.py'), file],
  torch: (file) => [python, script('torch_step.py'), file, 'eager'],
  'torch.compile': (file) => [python, script('torch_step.py'), file, 'compile'],
  // Small networks may be faster without a second thread to wait for.
  'torch, one thread': (file) => [python, script('torch_step.py'), file, 'eager', '1'],
  'torch.compile, one thread': (file) => [python, script('torch_step.py'), file, 'compile', '1'],
});

export class EngineProcess {
  /** @param {string[]} command the program and its arguments */
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

/**
 * Milliseconds a step of several running engines, interleaved: the minimum of `rounds` epochs each. The first round compiles
 * and warms up and is not counted.
 */
export async function interleave(running, rounds) {
  const best = Object.fromEntries(Object.keys(running).map((name) => [name, Infinity]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, engine] of Object.entries(running)) {
      const ms = await engine.ask('epoch');
      if (round > 0) best[name] = Math.min(best[name], ms);
    }
  }
  return best;
}
