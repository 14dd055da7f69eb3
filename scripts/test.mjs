/** `npm test [-- arguments of vitest]`: set-up, then the tests. */

import path from 'node:path';
import { runScript, setup } from './setup.mjs';
import { ROOT } from './setup/run.mjs';
import { spawn } from 'node:child_process';

await runScript(async () => {
  await setup();
  const vitest = path.join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit' });
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
});
