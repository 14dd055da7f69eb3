/** Step 3: src compiled to dist, when the sources have changed. */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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
    writeFileSync(path.join(fresh, path.basename(STAMP)), `${sources} ${check ? 'checked' : 'unchecked'}`);
    replace(DIST, fresh);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function replace(folder, fresh) {
  const old = path.join(ROOT, `.dist-old-${process.pid}`);
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(fresh, folder);
  rmSync(old, { recursive: true, force: true });
}

/** Hash of everything that the compiler reads, but for node_modules, of which the compiler's version stands for all. */
function hashSources() {
  const hash = createHash('sha256');
  const files = readdirSync(path.join(ROOT, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  const settings = ['tsconfig.json', 'tsconfig.build.json', 'node_modules/typescript/package.json'];
  for (const file of [...settings.map((name) => path.join(ROOT, name)), ...files]) {
    hash.update(`${path.relative(ROOT, file)}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}
