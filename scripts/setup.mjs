#!/usr/bin/env node
/**
 * Makes a checkout ready: dependencies, native engine, build. Needs nothing but Node and npm; each step is skipped when its
 * result is there. `node scripts/setup.mjs [dependencies] [engine] [build]`: without a name, all three.
 */

import { realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './setup/build.mjs';
import { provideDependencies } from './setup/dependencies.mjs';
import { provideEngine } from './setup/engine.mjs';
import { withLock } from './setup/lock.mjs';
import { ROOT, SetupError, say } from './setup/run.mjs';

const STEPS = ['dependencies', 'engine', 'build'];

/**
 * @param {{ steps?: string[], retry?: boolean }} [options] `retry`: look for the native engine again if it was looked for
 *   in vain earlier today
 * @throws SetupError
 */
export async function setup({ steps = STEPS, retry = false } = {}) {
  requireNode();
  await withLock(path.join(ROOT, '.cache', 'setup.lock'), async () => {
    if (steps.includes('dependencies')) await provideDependencies();
    const engine = steps.includes('engine') ? await provideEngine({ retry }) : undefined;
    if (steps.includes('build')) await build();
    if (engine) say(engineLine(engine));
  });
}

/** @param {{ tensorflow?: string, reason?: string }} engine */
function engineLine({ tensorflow, reason }) {
  if (tensorflow) return `engine: tensorflow ${tensorflow} (native)`;
  if (process.env.BNNC_ENGINE === 'wasm') return `engine: wasm (${reason})`;
  const command = ROOT.split(path.sep).includes('node_modules') ? 'the same command' : '`npm run setup`';
  return `engine: wasm, several times slower than native: ${reason}. Once that is mended, ${command} gets the native one.`;
}

function requireNode() {
  const [major] = process.versions.node.split('.');
  if (Number(major) < 20) throw new SetupError(`bnnc needs Node 20 or newer; this is Node ${process.versions.node}.`);
}

/** Runs a script's main function and tells its failures without a stack where they are expected. */
export async function runScript(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    say(error instanceof SetupError ? `set-up: ${error.message}` : error.stack);
    process.exitCode = 1;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await runScript(async () => {
    const steps = process.argv.slice(2);
    const unknown = steps.find((name) => !STEPS.includes(name));
    if (unknown) throw new SetupError(`unknown step '${unknown}'; there are ${STEPS.join(', ')}.`);
    // Asked for by name, it tries again; `npm start` and `npm test` do so once a day.
    await setup({ steps: steps.length > 0 ? steps : STEPS, retry: true });
  });
}
