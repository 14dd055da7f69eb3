/** The compiled binding between Node and TensorFlow: from the cache, or built from tfjs-node's own sources. */

import { copyFileSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { faultLine, run, say } from './run.mjs';
import { buildEnvironment, probe } from './tfjs-node.mjs';
import { TENSORFLOW, libraryFolder } from './wheel.mjs';

/** The binding speaks Node-API, so one file serves every Node version with that level of it. */
function cachedBinding(cache, tfjs) {
  const name = `tfjs-node-${tfjs.version}-tensorflow-${TENSORFLOW}-napi-v${tfjs.napi}-${process.platform}-${process.arch}.node`;
  return path.join(cache, name);
}

export function hasBinding(cache, tfjs) {
  return existsSync(cachedBinding(cache, tfjs));
}

/** Which of the tools that a build needs are not there. */
export async function missingTools() {
  const found = async (...names) => {
    for (const name of names) if ((await run(name, ['--version'], { seconds: 30 })).ok) return true;
    return false;
  };
  const missing = [];
  if (!(await found(...[process.env.CXX, 'g++', 'c++'].filter(Boolean)))) missing.push('a C++ compiler (g++)');
  if (!(await found('make'))) missing.push('make');
  if (!(await found('python3', 'python'))) missing.push('Python 3');
  return missing;
}

/**
 * Links the cached library into tfjs-node and puts the cached binding beside it.
 * @returns {Promise<{ version?: string, reason?: string }>} what {@link probe} says of the pair
 */
export async function linkCached(cache, tfjs) {
  linkLibrary(cache, tfjs);
  place(cachedBinding(cache, tfjs), tfjs.binding);
  return probe(tfjs);
}

/** Builds the binding against the cached library, and keeps it in the cache when it loads; result as {@link linkCached}. */
export async function buildBinding(cache, tfjs) {
  say('building the TensorFlow binding (some 15 s, once for this machine)');
  linkLibrary(cache, tfjs);
  const preGyp = createRequire(path.join(tfjs.folder, 'package.json')).resolve('@mapbox/node-pre-gyp/bin/node-pre-gyp');
  const { ok, output } = await run(process.execPath, [preGyp, 'install', '--build-from-source'], {
    cwd: tfjs.folder,
    env: buildEnvironment(tfjs),
    seconds: 600,
  });
  for (const folder of ['build', `build-tmp-napi-v${tfjs.napi}`]) rmSync(path.join(tfjs.folder, folder), { recursive: true, force: true });
  if (!ok) return { reason: `the TensorFlow binding could not be built: ${faultLine(output)}` };
  const result = await probe(tfjs);
  if (result.version) place(tfjs.binding, cachedBinding(cache, tfjs));
  return result;
}

function linkLibrary(cache, tfjs) {
  // What is linked here belongs to the cache: only the link itself is removed.
  if (lstatSync(tfjs.deps, { throwIfNoEntry: false })) rmSync(tfjs.deps, { recursive: true, force: true });
  symlinkSync(libraryFolder(cache), tfjs.deps);
}

/** Copies a file so that whoever has the old one loaded keeps it, and nobody sees half a file. */
function place(from, to) {
  mkdirSync(path.dirname(to), { recursive: true });
  const fresh = `${to}.${process.pid}`;
  copyFileSync(from, fresh);
  renameSync(fresh, to);
}
