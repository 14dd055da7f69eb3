/** `npm start`: set-up, then the main job on the Raisin data through the command line, each command shown before it runs. */

import { spawn } from 'node:child_process';
import path from 'node:path';
import { runScript, setup } from './setup.mjs';
import { ROOT, SetupError } from './setup/run.mjs';

await runScript(async () => {
  await setup();
  const run = (await bnnc('train', '-c', 'configs/raisin.yaml', '-o', path.join('runs', 'raisin'), '--force')).trim();
  await bnnc('select-features', run, '--format', 'csv');
  await bnnc('prune', run, '-o', path.join('runs', 'raisin-small'), '--force');
});

/** Shows a command, runs it with our terminal and returns what it wrote to stdout. */
function bnnc(...args) {
  process.stdout.write(`\n$ bnnc ${args.join(' ')}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(ROOT, 'bin', 'bnnc.js'), ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      process.stdout.write(chunk);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new SetupError(`bnnc ${args[0]} ended with exit code ${code}; what it said is above.`));
    });
  });
}
