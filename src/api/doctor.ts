/** Which engine runs and why, which versions are there, and how to get the fast engine. */

import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEngine, type Engine } from '../engine/backend.js';
import { programVersion } from '../version.js';
import { shellPath } from '../wording.js';
import { ENGINE_WISH, engineOf, NAPI_VERSION, NODE_VERSION } from './environment.js';

const NATIVE = '@tensorflow/tfjs-node';

/** Something that was looked up. */
export interface Check {
  name: string;
  finding: string;
}

export interface Diagnosis {
  versions: { bnnc: string; node: string; tfjs: string };
  system: { platform: string; arch: string; cores: number };
  engine: Engine;
  /** How to get the fast engine; null where it runs. */
  advice: string | null;
  checks: Check[];
}

/**
 * Starts the engine and looks at what its choice depends on; a slow engine is no failure.
 * @param steps look also how many operations a training step is
 * @throws {BnncError} `usage.engine`, `usage.no-native-engine` for the value of BNNC_ENGINE
 */
export async function doctor({ steps = false }: { steps?: boolean } = {}): Promise<Diagnosis> {
  const prefer = engineOf({});
  const engine = await startEngine({ prefer });
  return {
    versions: { bnnc: programVersion(), node: NODE_VERSION, tfjs: engine.version },
    system: { platform: platform(), arch: arch(), cores: availableParallelism() },
    engine,
    advice: engine.name === 'wasm' ? howToGetNative(prefer === 'wasm') : null,
    checks: [...runChecks(), ...(steps ? await stepChecks() : [])],
  };
}

/** One sentence; the command differs between a checkout of bnnc and bnnc as someone's dependency. */
function howToGetNative(asked: boolean): string {
  if (asked) return 'For the native engine: unset BNNC_ENGINE.';
  const root = fileURLToPath(new URL('../..', import.meta.url));
  if (!root.includes(`${path.sep}node_modules${path.sep}`)) return `For the native engine: npm run setup (in ${root})`;
  const setup = `node ${shellPath(path.join(root, 'scripts', 'setup.mjs'))} engine`;
  return `For the native engine: ${[...missingPackage(), setup].join(' && ')}`;
}

/** Where its download is blocked, npm leaves an optional package out: how to get it without that. */
function missingPackage(): string[] {
  const load = createRequire(import.meta.url);
  try {
    load.resolve(`${NATIVE}/package.json`);
    return [];
  } catch {
    const { optionalDependencies: wanted } = load('../../package.json') as { optionalDependencies: Record<string, string> };
    return [`npm install --ignore-scripts ${NATIVE}@${wanted[NATIVE]}`];
  }
}

/** How many operations a training step is, for a small network and for one whose step is fused. */
async function stepChecks(): Promise<Check[]> {
  const { stepNodes } = await import('../train/nodes.js');
  return [[20, 64, 64, 1], [784, 400, 400, 10]].flatMap((widths) => {
    const step = stepNodes(widths);
    return step ? [{ name: `step ${widths.join('-')}`, finding: `${step.nodes} operations${step.fused ? ', fused' : ''}` }] : [];
  });
}

/** What the choice of the engine depends on, looked up rather than loaded. */
function runChecks(): Check[] {
  const load = createRequire(import.meta.url);
  const checks: Check[] = [{ name: 'BNNC_ENGINE', finding: ENGINE_WISH || 'not set' }];
  let manifest: string | undefined;
  try {
    manifest = load.resolve(`${NATIVE}/package.json`);
  } catch {
    checks.push({ name: 'tfjs-node', finding: 'not installed' });
  }
  if (manifest) {
    const folder = path.dirname(manifest);
    const { version, binary } = load(manifest) as { version: string; binary: { napi_versions: number[] } };
    const napi = Math.max(...binary.napi_versions.filter((number) => number <= NAPI_VERSION));
    checks.push({ name: 'tfjs-node', finding: `${version} in ${folder}` });
    checks.push({ name: 'binding', finding: place(path.join(folder, 'lib', `napi-v${napi}`, 'tfjs_binding.node')) });
    checks.push({ name: 'library', finding: place(path.join(folder, 'deps', 'lib')) });
  }
  checks.push({ name: 'wasm', finding: place(path.dirname(load.resolve('@tensorflow/tfjs-backend-wasm'))) });
  checks.push({ name: 'processor', finding: cpus()[0]?.model ?? 'unknown' });
  checks.push({ name: 'memory', finding: `${(totalmem() / 2 ** 30).toFixed(1)} GiB` });
  return checks;
}

function place(file: string): string {
  return existsSync(file) ? realpathSync(file) : `missing: ${file}`;
}
