// npm run bench:speed: how fast bnnc is, against JAX and PyTorch and against itself. Prints tables; when all parts ran with all
// sizes it writes docs/benchmarks/speed.md.
//
//   node bench/speed.mjs [--python PATH] [--parts step,command,start,scaling,profile,memory] [--rounds 8] [--command-rounds 3]
//                        [--sizes small,medium,large]
//
// Without --python a virtual environment with JAX, optax and PyTorch is made in the cache, once.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pythonEnvironment, pythonVersions } from './speed/python.mjs';

const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const PARTS = {
  step: async (options) => (await import('./speed/step.mjs')).stepPart(options),
  command: async (options) => (await import('./speed/command.mjs')).commandPart(options),
  start: async () => (await import('./speed/start.mjs')).startPart(),
  scaling: async (options) => (await import('./speed/scaling.mjs')).scalingPart(options),
  profile: async (options) => (await import('./speed/profile.mjs')).profilePart(options),
  memory: async (options) => (await import('./speed/memory.mjs')).memoryPart(options),
};

/** @returns {{ type: 'string', default: string }} */
const text = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({
  options: {
    python: { type: 'string' }, parts: text(Object.keys(PARTS).join()), rounds: text('8'), 'command-rounds': text('3'),
    sizes: text('small,medium,large'),
  },
});
const parts = values.parts.split(',');
const unknown = parts.filter((part) => !Object.hasOwn(PARTS, part));
if (unknown.length > 0) throw new Error(`no such part: ${unknown}; there are ${Object.keys(PARTS)}`);
const sizes = values.sizes.split(',');
const needsPython = parts.includes('step') || parts.includes('command');
const python = values.python ?? (needsPython ? pythonEnvironment() : undefined);
const folder = mkdtempSync(path.join(os.tmpdir(), 'bnnc-speed-'));

try {
  const head = ['# Speed', '',
    `Made by \`npm run bench:speed\` on ${new Date().toISOString().slice(0, 10)}; ${os.cpus().length} cores, ${os.cpus()[0].model.trim()},`
      + ` ${Math.round(os.totalmem() / 2 ** 30)} GB; Node ${process.versions.node}${python ? `; ${pythonVersions(python)}` : ''}.`
      + ' Each ratio stands with its target. What was tried, and why something stays as it is: [speed-notes.md](speed-notes.md).'];
  const sections = [head];
  process.stdout.write(`${head.join('\n')}\n`);
  for (const part of parts) {
    const options = { python, sizes, folder, rounds: Number(values.rounds), commandRounds: Number(values['command-rounds']) };
    sections.push(await PARTS[part](options));
    process.stdout.write(`\n${sections.at(-1).join('\n')}\n`);
  }
  // A partial run is for trying things; the committed file has all parts.
  if (Object.keys(PARTS).every((part) => parts.includes(part)) && sizes.length === 3) {
    mkdirSync(file('../docs/benchmarks'), { recursive: true });
    writeFileSync(file('../docs/benchmarks/speed.md'), `${sections.map((lines) => lines.join('\n').trimEnd()).join('\n\n')}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
