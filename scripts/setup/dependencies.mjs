/** Step 1: node_modules as package-lock.json says, without running install scripts (step 2 runs the one that matters). */

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT, SetupError, npm, say } from './run.mjs';

/** The one optional dependency that must be there; the others are builds for other platforms. */
const WANTED = 'node_modules/@tensorflow/tfjs-node';

export async function provideDependencies() {
  if (isInstalled(ROOT)) return;
  say('installing dependencies');
  const hasLock = existsSync(path.join(ROOT, 'package-lock.json'));
  // Without --ignore-scripts npm would remove tfjs-node altogether where its download is blocked.
  const args = [hasLock ? 'ci' : 'install', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const { ok } = await npm([...args, '--loglevel=error'], { inherit: true });
  if (!ok) throw new SetupError('npm could not install the dependencies; what it said is above.');
}

/** Whether npm's record of what it installed agrees with the lock, and the lock with package.json. */
export function isInstalled(root) {
  const read = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
  let wanted;
  let present;
  try {
    wanted = read('package-lock.json').packages;
    present = read('node_modules/.package-lock.json').packages;
  } catch {
    return false;
  }
  const manifest = read('package.json');
  for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) {
    if (!sameEntries(manifest[kind], wanted[''][kind])) return false;
  }
  return Object.entries(wanted).every(([place, { version, optional }]) => {
    if (place === '') return true;
    if (present[place]) return present[place].version === version;
    return optional === true && place !== WANTED;
  });
}

function sameEntries(left = {}, right = {}) {
  const text = (entries) => JSON.stringify(Object.entries(entries).sort());
  return text(left) === text(right);
}
