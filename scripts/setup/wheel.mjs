/**
 * TensorFlow's library from its PyPI wheel. Nothing of Python is run but pip and zipfile. The wheel is made for one version
 * of Python; we only take the C library out of it, so the version of the Python that fetches it does not matter.
 */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultLine, run, say } from './run.mjs';

export const TENSORFLOW = '2.21.0';

/** What to ask pip for on each platform. The hashes are those of the wheels this was made for; pip refuses any other. */
const WHEELS = {
  'linux-x64': {
    project: 'tensorflow-cpu',
    tag: 'manylinux_2_27_x86_64',
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  },
  'linux-arm64': {
    project: 'tensorflow',
    tag: 'manylinux_2_27_aarch64',
    sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
  },
};

const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

/** The headers that the binding includes, directly or not. */
const HEADERS = ['tensorflow/c/', 'tensorflow/core/platform/ctstring', 'tsl/platform/ctstring', 'xla/tsl/c/'];

/** Names under which the binding's build looks for the libraries. */
const ALIASES = {
  'libtensorflow.so': LIBRARIES[0],
  'libtensorflow.so.2.9.1': LIBRARIES[0],
  'libtensorflow_framework.so': LIBRARIES[1],
};

/** Folder of the unpacked library in the cache; it has the shape of tfjs-node's own `deps` folder. */
export function libraryFolder(cache) {
  return path.join(cache, `tensorflow-${TENSORFLOW}-${process.platform}-${process.arch}`);
}

/** It is renamed into place when complete; only a broken disk or a person can have taken something from it. */
export function hasLibrary(cache) {
  return LIBRARIES.every((name) => existsSync(path.join(libraryFolder(cache), 'lib', name)));
}

/**
 * Downloads and unpacks the library into the cache.
 * @returns {Promise<string | undefined>} why it was not possible
 */
export async function fetchLibrary(cache) {
  const wheel = WHEELS[`${process.platform}-${process.arch}`];
  if (!wheel) return `there is no TensorFlow wheel for ${process.platform} ${process.arch}`;
  // Or the report would look up names of open connections.
  Object.assign(process.report, { excludeNetwork: true });
  const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  if (!header.glibcVersionRuntime) return 'the TensorFlow wheel needs glibc';
  const python = await findPip();
  if (!python) return 'Python 3 with pip, which would fetch the TensorFlow wheel, is not there';

  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(path.join(cache, 'fetching-'));
  try {
    say(`fetching TensorFlow ${TENSORFLOW} (about 270 MB, once for this machine)`);
    const fault = await download(python, wheel, work);
    if (fault) return `the TensorFlow wheel could not be fetched: ${fault}`;
    return await unpack(python, work, cache);
  } catch (error) {
    return `TensorFlow could not be unpacked: ${error.message}`;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function findPip() {
  for (const name of ['python3', 'python']) {
    const { ok } = await run(name, ['-c', 'import sys, zipfile, pip; assert sys.version_info >= (3, 6)'], { seconds: 30 });
    if (ok) return name;
  }
  return undefined;
}

async function download(python, { project, tag, sha256 }, work) {
  const requirements = path.join(work, 'requirements.txt');
  writeFileSync(requirements, `${project}==${TENSORFLOW} --hash=sha256:${sha256}\n`);
  const target = ['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311', '--platform', tag];
  const options = ['--no-deps', '--only-binary=:all:', '--no-cache-dir', '--quiet', '--retries', '2', '--timeout', '30'];
  const { ok, output } = await run(
    python,
    ['-m', 'pip', 'download', ...options, ...target, '--require-hashes', '-r', requirements, '-d', work],
    { seconds: 1800, env: { PIP_DISABLE_PIP_VERSION_CHECK: '1' } },
  );
  if (ok) return undefined;
  // What pip says last, "no matching distribution", would send the person the wrong way.
  return /connection broken|timed out/i.test(output) ? 'no connection to the package index' : faultLine(output);
}

async function unpack(python, work, cache) {
  const wheel = readdirSync(work).find((name) => name.endsWith('.whl'));
  const prefixes = [...LIBRARIES.map((name) => `tensorflow/${name}`), ...HEADERS.map((name) => `tensorflow/include/${name}`)];
  const script = fileURLToPath(new URL('unpack.py', import.meta.url));
  const { ok, output } = await run(python, [script, path.join(work, wheel), work, ...prefixes], { seconds: 600 });
  if (!ok) return `TensorFlow could not be unpacked: ${faultLine(output)}`;

  const fresh = path.join(work, 'deps');
  mkdirSync(path.join(fresh, 'lib'), { recursive: true });
  for (const name of LIBRARIES) renameSync(path.join(work, 'tensorflow', name), path.join(fresh, 'lib', name));
  for (const [alias, name] of Object.entries(ALIASES)) symlinkSync(name, path.join(fresh, 'lib', alias));
  renameSync(path.join(work, 'tensorflow', 'include'), path.join(fresh, 'include'));
  if (statSync(path.join(fresh, 'lib', LIBRARIES[0])).size < 1e8) return 'the TensorFlow wheel does not hold what it should';
  moveInto(libraryFolder(cache), fresh);
  return undefined;
}

/** Renames `fresh` to `folder`; where another set-up was faster, its folder is as good, unless something is missing in it. */
function moveInto(folder, fresh) {
  const complete = LIBRARIES.every((name) => existsSync(path.join(folder, 'lib', name)));
  if (complete) return;
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
}
