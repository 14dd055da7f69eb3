// Start-up: wall time of commands that should answer at once, beside node alone.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { table, verdict } from './table.mjs';

const ROUNDS = 20;
const PROGRAM = fileURLToPath(new URL('../../bin/bnnc.js', import.meta.url));
const COMMANDS = {
  'node -e 0': ['-e', '0'], 'bnnc --help': [PROGRAM, '--help'], 'bnnc --version': [PROGRAM, '--version'],
  'bnnc train --help': [PROGRAM, 'train', '--help'], 'bnnc doctor': [PROGRAM, 'doctor'],
};
const TARGETS = { 'bnnc --help': 0.15 };

export async function startPart() {
  const best = Object.fromEntries(Object.keys(COMMANDS).map((name) => [name, Infinity]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, args] of Object.entries(COMMANDS)) {
      const begun = performance.now();
      execFileSync(process.execPath, args, { stdio: 'ignore' });
      best[name] = Math.min(best[name], (performance.now() - begun) / 1000);
    }
  }
  const row = ([name, seconds]) => [`\`${name}\``, verdict(seconds, TARGETS[name], 3), (seconds - best['node -e 0']).toFixed(3)];
  return ['## Start-up', '', `Wall time in seconds, the minimum of ${ROUNDS} interleaved runs. \`doctor\` starts TensorFlow.`, '',
    ...table(['command', 'seconds', 'above node alone'], Object.entries(best).map(row))];
}
