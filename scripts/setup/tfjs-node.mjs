/** Where tfjs-node lies, what its native part needs, and whether it loads. */

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT, faultLine, npmProgram, run } from './run.mjs';

const PROBE = fileURLToPath(new URL('probe.cjs', import.meta.url));

/**
 * The installed package, found as the program itself will find it, hence also when bnnc is someone's dependency.
 * @returns {{ folder: string, version: string, napi: number, binding: string, deps: string } | undefined}
 */
export function findTfjsNode() {
  const load = createRequire(path.join(ROOT, 'package.json'));
  let manifest;
  try {
    manifest = load.resolve('@tensorflow/tfjs-node/package.json');
  } catch {
    return undefined;
  }
  const folder = path.dirname(manifest);
  const { version, binary } = JSON.parse(readFileSync(manifest, 'utf8'));
  const napi = Math.max(...binary.napi_versions.filter((number) => number <= Number(process.versions.napi)));
  const binding = path.join(folder, 'lib', `napi-v${napi}`, 'tfjs_binding.node');
  return { folder, version, napi, binding, deps: path.join(folder, 'deps') };
}

/** Whether the files of the native part are there; a look, no proof. */
export function isLinked(tfjs) {
  const names = { win32: 'tensorflow.dll', darwin: 'libtensorflow.2.dylib' };
  const library = names[process.platform] ?? 'libtensorflow_framework.so.2';
  return existsSync(tfjs.binding) && existsSync(path.join(tfjs.deps, 'lib', library));
}

/** Loads it in a process of its own: `{ version }` of the TensorFlow library, or `{ reason }`. */
export async function probe(tfjs) {
  if (!existsSync(tfjs.binding)) return { reason: 'its native part is not built' };
  const { ok, output } = await run(process.execPath, [PROBE, tfjs.folder], { seconds: 120 });
  const version = ok && /^\d+\.\d+\S*$/m.exec(output)?.[0];
  return version ? { version } : { reason: faultLine(output) };
}

/** Environment in which node-pre-gyp finds npm's node-gyp, and node-gyp the headers of Node, without asking the network. */
export function buildEnvironment(tfjs) {
  const bins = [path.join(tfjs.folder, 'node_modules', '.bin'), path.join(tfjs.folder, '..', '..', '.bin')];
  const program = npmProgram();
  const gyp = program && path.join(program, '..', '..', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  const prefix = path.dirname(path.dirname(process.execPath));
  const headers = existsSync(path.join(prefix, 'include', 'node', 'node.h')) ? prefix : undefined;
  return {
    PATH: [...bins, process.env.PATH].join(path.delimiter),
    npm_config_node_gyp: process.env.npm_config_node_gyp ?? (gyp && existsSync(gyp) ? gyp : undefined),
    npm_config_nodedir: process.env.npm_config_nodedir ?? headers,
    JOBS: 'max',
  };
}
