/**
 * Step 2: the native engine, from the first of these that gives one: what is there already, this machine's cache, the
 * package's own download, the PyPI wheel. None of them: WebAssembly, which needs nothing.
 */

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { buildBinding, hasBinding, linkCached, missingTools } from './binding.mjs';
import { changedFiles, changedInCache, keepCacheRecords, nativeFiles, recordsOf } from './hashes.mjs';
import { withLock } from './lock.mjs';
import { SetupError, faultLine, run, say } from './run.mjs';
import { buildEnvironment, findTfjsNode, isLinked, probe } from './tfjs-node.mjs';
import { fetchLibrary, hasLibrary } from './wheel.mjs';

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * @param {{ retry?: boolean }} options `retry`: look for the native engine even if it was looked for in vain today
 * @returns {Promise<{ tensorflow: string } | { reason: string }>} version of the native library, or why there is none
 */
export async function provideEngine({ retry = false } = {}) {
  if (process.env.BNNC_ENGINE === 'wasm') return { reason: 'BNNC_ENGINE=wasm' };
  const tfjs = findTfjsNode();
  if (!tfjs) return demand({ reason: 'tfjs-node is not installed (npm install --ignore-scripts @tensorflow/tfjs-node)' });
  const known = readStamp(tfjs);
  const changed = known?.files ? changedFiles(known.files, tfjs.folder) : [];
  if (changed.length > 0) discard(tfjs, changed);
  else if (known?.tensorflow && isLinked(tfjs)) return known.files ? known : stamped(tfjs, { tensorflow: known.tensorflow });
  if (known?.reason && !retry && Date.now() - known.at < DAY_MS) return demand(known);
  return demand(stamped(tfjs, await findEngine(tfjs)));
}

/** Keeps what was found, and the hashes of its files, by which a start tells that they are still the same. */
function stamped(tfjs, found) {
  const files = found.tensorflow ? recordsOf(nativeFiles(tfjs), tfjs.folder) : undefined;
  if (files) keepCacheRecords(cacheFolder(), files);
  writeFileSync(stampFile(tfjs), JSON.stringify({ key: stampKey(tfjs), at: Date.now(), ...found, files }));
  return found;
}

/** Files that have changed since they were found to work are got again. */
function discard(tfjs, changed) {
  say(`changed since the last set-up, and got again: ${changed.join(', ')}`);
  rmSync(tfjs.deps, { recursive: true, force: true });
  rmSync(tfjs.binding, { force: true });
  const cache = cacheFolder();
  for (const file of changed) {
    const [name] = path.relative(cache, file).split(path.sep);
    if (name && name !== '..' && !path.isAbsolute(name)) rmSync(path.join(cache, name), { recursive: true, force: true });
  }
}

async function findEngine(tfjs) {
  const cache = cacheFolder();
  const present = await probe(tfjs);
  if (present.version) return { tensorflow: present.version };

  const changed = changedInCache(cache);
  if (changed.length > 0) discard(tfjs, changed);
  if (hasLibrary(cache) && hasBinding(cache, tfjs)) {
    const { version } = await linkCached(cache, tfjs);
    if (version) return { tensorflow: version };
  }
  const own = await ownDownload(tfjs);
  if (own.version) return { tensorflow: own.version };
  const { version, reason } = await withLock(path.join(cache, 'setup.lock'), () => fromWheel(cache, tfjs)).catch(
    (error) => ({ reason: `the cache ${cache} cannot be used: ${error.message}` }),
  );
  return version ? { tensorflow: version } : { reason: `${own.reason}; ${reason}` };
}

/** tfjs-node's install script, which npm was told to leave out: it downloads a library and a binding that fit each other. */
async function ownDownload(tfjs) {
  const offline = await hostFault();
  if (offline) return { reason: `TensorFlow's own download is out of reach (${offline})` };
  say('downloading TensorFlow');
  const manifest = path.join(tfjs.folder, 'package.json');
  const before = readFileSync(manifest);
  const { ok, output } = await run(process.execPath, ['scripts/install.js'], {
    cwd: tfjs.folder,
    env: buildEnvironment(tfjs),
    seconds: 300,
  });
  const result = ok ? await probe(tfjs) : { reason: faultLine(output) };
  if (result.version) return result;
  // The script leaves its own manifest changed and half a download behind when it fails.
  writeFileSync(manifest, before);
  rmSync(tfjs.deps, { recursive: true, force: true });
  return { reason: `TensorFlow's own download failed (${result.reason})` };
}

/** Why the host of the package's download cannot be reached, within 10 s, or undefined. The variables are the package's. */
async function hostFault() {
  const { TFJS_NODE_BASE_URI, TFJS_NODE_CDN_STORAGE, CDN_STORAGE } = process.env;
  // The install script goes through a proxy, our question would not.
  if (['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => process.env[name])) return undefined;
  const host = TFJS_NODE_BASE_URI || TFJS_NODE_CDN_STORAGE || CDN_STORAGE || 'https://storage.googleapis.com/';
  try {
    await fetch(host, { method: 'HEAD', signal: AbortSignal.timeout(10_000) });
    return undefined;
  } catch (error) {
    return error.cause?.code ?? error.cause?.message ?? error.message;
  }
}

async function fromWheel(cache, tfjs) {
  if (!hasBinding(cache, tfjs)) {
    const missing = await missingTools();
    if (missing.length > 0) return { reason: `building it from the TensorFlow wheel needs ${missing.join(', ')}` };
  }
  if (!hasLibrary(cache)) {
    const reason = await fetchLibrary(cache);
    if (reason) return { reason };
  }
  // Another set-up may have built it while this one waited for the lock.
  if (hasBinding(cache, tfjs)) {
    const linked = await linkCached(cache, tfjs);
    if (linked.version) return linked;
  }
  return buildBinding(cache, tfjs);
}

/** Outside the checkout, for all checkouts of this machine. */
function cacheFolder() {
  const { BNNC_CACHE, XDG_CACHE_HOME } = process.env;
  if (BNNC_CACHE) return path.resolve(BNNC_CACHE);
  return path.join(XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'bnnc');
}

function demand(found) {
  if (found.reason && process.env.BNNC_ENGINE === 'native') throw new SetupError(`BNNC_ENGINE=native, but ${found.reason}.`);
  return found;
}

function stampFile(tfjs) {
  return path.join(tfjs.folder, '.bnnc-engine.json');
}

function stampKey(tfjs) {
  return [tfjs.version, process.platform, process.arch, process.versions.modules].join(' ');
}

function readStamp(tfjs) {
  try {
    const stamp = JSON.parse(readFileSync(stampFile(tfjs), 'utf8'));
    return stamp.key === stampKey(tfjs) ? stamp : undefined;
  } catch {
    return undefined;
  }
}
