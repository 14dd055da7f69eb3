/** `bnnc doctor`: which engine runs and why, which versions are there, and how to get the fast engine. */

import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { enginePreference, startEngine, type Engine } from '../../../engine/backend.js';
import { programVersion } from '../../../version.js';
import { shellPath } from '../../../wording.js';
import type { CliContext } from '../../context.js';
import type { DoctorFlags } from '../../../api/options/look.js';

const NATIVE = '@tensorflow/tfjs-node';

interface Check {
  name: string;
  finding: string;
}

/**
 * Prints the diagnosis; a slow engine is no failure.
 * @throws usage.engine, usage.no-native-engine as {@link startEngine} does for the value of BNNC_ENGINE
 */
export async function run(_args: string[], options: DoctorFlags, context: CliContext): Promise<void> {
  const prefer = enginePreference(context.env.BNNC_ENGINE);
  const engine = await startEngine({ prefer });
  const advice = engine.name === 'wasm' ? howToGetNative(prefer === 'wasm') : null;
  const versions = { bnnc: programVersion(), node: process.versions.node, tfjs: engine.version };
  const system = { platform: platform(), arch: arch(), cores: availableParallelism() };
  const checks = [...runChecks(context.env), ...(options.verbose || options.json ? await stepChecks() : [])];

  if (options.json) {
    const document = { schemaVersion: 1, versions, system, engine, advice, checks };
    return context.terminal.result(`${JSON.stringify(document, null, 2)}\n`);
  }
  const rows: Check[] = [
    { name: 'engine', finding: describe(engine) },
    { name: 'why', finding: engine.why },
    { name: 'threads', finding: `${engine.threads} on ${system.cores} ${system.cores === 1 ? 'core' : 'cores'}` },
    { name: 'bnnc', finding: versions.bnnc },
    { name: 'node', finding: `${versions.node} (${system.platform} ${system.arch})` },
    { name: 'tfjs', finding: versions.tfjs },
  ];
  const shown = options.verbose ? [...rows, ...checks] : rows;
  const width = Math.max(...shown.map(({ name }) => name.length));
  const lines = shown.map(({ name, finding }) => `${name.padEnd(width)}  ${finding}`);
  await context.terminal.result(`${[...lines, ...(advice ? ['', advice] : [])].join('\n')}\n`);
}

function describe(engine: Engine): string {
  return engine.name === 'tensorflow' ? `tensorflow ${engine.tensorflow} (native)` : 'wasm (WebAssembly, several times slower)';
}

/** One sentence; the command differs between a checkout of bnnc and bnnc as someone's dependency. */
function howToGetNative(asked: boolean): string {
  if (asked) return 'For the native engine: unset BNNC_ENGINE.';
  const root = fileURLToPath(new URL('../../../..', import.meta.url));
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
    const { optionalDependencies: wanted } = load('../../../../package.json') as { optionalDependencies: Record<string, string> };
    return [`npm install --ignore-scripts ${NATIVE}@${wanted[NATIVE]}`];
  }
}

/** How many operations a training step is, for a small network and for one whose step is fused. */
async function stepChecks(): Promise<Check[]> {
  const { stepNodes } = await import('../../../train/nodes.js');
  return [[20, 64, 64, 1], [784, 400, 400, 10]].flatMap((widths) => {
    const step = stepNodes(widths);
    return step ? [{ name: `step ${widths.join('-')}`, finding: `${step.nodes} operations${step.fused ? ', fused' : ''}` }] : [];
  });
}

/** What the choice of the engine depends on, looked up rather than loaded. */
function runChecks(env: NodeJS.ProcessEnv): Check[] {
  const load = createRequire(import.meta.url);
  const checks: Check[] = [{ name: 'BNNC_ENGINE', finding: env.BNNC_ENGINE || 'not set' }];
  let manifest: string | undefined;
  try {
    manifest = load.resolve(`${NATIVE}/package.json`);
  } catch {
    checks.push({ name: 'tfjs-node', finding: 'not installed' });
  }
  if (manifest) {
    const folder = path.dirname(manifest);
    const { version, binary } = load(manifest) as { version: string; binary: { napi_versions: number[] } };
    const napi = Math.max(...binary.napi_versions.filter((number) => number <= Number(process.versions.napi)));
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
