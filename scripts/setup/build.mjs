/** Step 3: src compiled to dist, and `bnnc/model` bundled, when the sources have changed. */

import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT, SetupError, run, say } from './run.mjs';

const DIST = path.join(ROOT, 'dist');
const STAMP = path.join(DIST, '.sources');

/**
 * @param {{ check?: boolean }} [options] without `check` the types are not looked at: quicker, and tests of one part run
 *   while the types of another do not agree
 */
export async function build({ check = true } = {}) {
  const sources = hashSources();
  const [built, checked] = existsSync(STAMP) ? readFileSync(STAMP, 'utf8').split(' ') : [];
  if (built === sources && (checked === 'checked' || !check)) return;
  say('building');
  // A folder at the same depth, so that the source maps' relative paths hold after the renaming.
  const fresh = path.join(ROOT, `.dist-${process.pid}`);
  try {
    const compiler = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const options = ['-p', 'tsconfig.build.json', '--outDir', fresh, ...(check ? [] : ['--noCheck'])];
    const { ok, output } = await run(process.execPath, [compiler, ...options]);
    if (!ok) {
      say(output);
      throw new SetupError('the build failed; what the compiler said is above.');
    }
    copyPageScripts(fresh);
    await bundle(fresh);
    writeFileSync(path.join(fresh, path.basename(STAMP)), `${sources} ${check ? 'checked' : 'unchecked'}`);
    replace(DIST, fresh);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Scripts of pages are read as they are. */
function copyPageScripts(folder) {
  const from = path.join(ROOT, 'src');
  for (const name of readdirSync(from, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'))) {
    copyFileSync(path.join(from, name), path.join(folder, name));
  }
}

async function bundle(folder) {
  try {
    const { bundleModel } = await import('./bundle.mjs');
    await bundleModel(folder);
  } catch (error) {
    // The bundler wants a newer Node than bnnc does. The compiled files do the same.
    say(`bnnc/model is not bundled and starts a little slower: ${error instanceof Error ? error.message : error}`);
  }
}

function replace(folder, fresh) {
  const old = path.join(ROOT, `.dist-old-${process.pid}`);
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(fresh, folder);
  rmSync(old, { recursive: true, force: true });
}

/** Hash of all that a build reads, but for node_modules, of which the versions of compiler and bundler stand for all. */
function hashSources() {
  const hash = createHash('sha256');
  const files = readdirSync(path.join(ROOT, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  const settings = ['tsconfig.json', 'tsconfig.build.json', 'scripts/setup/bundle.mjs', 'node_modules/typescript/package.json',
    'node_modules/rolldown/package.json'];
  for (const file of [...settings.map((name) => path.join(ROOT, name)).filter((name) => existsSync(name)), ...files]) {
    hash.update(`${path.relative(ROOT, file)}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}
