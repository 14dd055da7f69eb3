/** The package as somebody installs it: the command and the library in a project that has nothing else. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { npm } = (await import(new URL('../../scripts/setup/run.mjs', import.meta.url).href)) as {
  npm(args: string[], options: { cwd: string; seconds: number }): Promise<{ ok: boolean; output: string }>;
};

const folder = mkdtempSync(join(tmpdir(), 'bnnc-package-'));
const app = join(folder, 'app');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// The tests have built dist: `prepack` would do it again.
const packed = await npm(['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT, seconds: 60 });
if (!packed.ok) throw new Error(packed.output);
const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz'))!);

const NO_NETWORK = /\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|ENOTCACHED|E50\d)\b|no end after/;

/**
 * Why the package cannot be installed for want of a network, or undefined when it is. Without the optional native engine, which
 * would be a download of its own: what is left is what everybody gets where that is blocked.
 */
async function install(): Promise<string | undefined> {
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{"name": "app", "private": true, "type": "module"}');
  const options = ['--prefix', app, '--omit=optional', '--prefer-offline', '--no-audit', '--no-fund', '--fetch-retries=0'];
  const { ok, output } = await npm(['install', ...options, tarball], { cwd: app, seconds: 100 });
  if (ok) return undefined;
  const [reason] = NO_NETWORK.exec(output) ?? [];
  if (reason === undefined) throw new Error(output);
  return reason;
}

const offline = await install();
if (offline !== undefined) console.log(`no npm registry within reach (${offline}): the package is not installed and tried`);

const { BNNC_ENGINE: _engine, ...env } = process.env;
const node = (args: string[]): string => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: app, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')}: exit code ${status}\n${stdout}${stderr}`);
  return stdout;
};
const bnnc = (...args: string[]): string => node([join(app, 'node_modules/bnnc/bin/bnnc.js'), ...args]);

/** A program that has to pass strict type checks; the lines that are marked must not. */
const PROGRAM = `
import {
  BnncError, evaluate, predict, prune, selectFeatures, train,
  type ConfigInput, type FeatureSelection, type Prediction, type TrainedRun,
} from 'bnnc';

import { openModel, predict as predictAlone, type CompressedModel } from 'bnnc/model';
import { Stream } from 'bnnc/parts';

const config: ConfigInput = {
  data: { path: 'birds.csv', target: 'species' }, model: { hidden: [3] },
  train: { epochs: 60, restarts: 1, reference: false },
};
const run: TrainedRun = await train({ config, jobs: 1, out: 'from-program', onProgress: ({ epoch }) => void epoch.toFixed() });
const selection: FeatureSelection = await selectFeatures(run, { top: 1 });
const small = await prune(run, { formats: ['json', 'js'], threshold: 0.2 });
const [first]: Prediction[] = await predict(small, [{ island: 'Biscoe', bill_length_mm: 50, sex: null }], { draws: 2 }).catch(told);
let count = 0;
for await (const { value } of predict(run, 'birds.csv')) count += value === '' ? 0 : 1;
const { metrics } = await evaluate(run, 'birds.csv');
const model: CompressedModel = await openModel(small.files.find(({ file }) => file === 'model.json')!.bytes);
for await (const { value } of predictAlone(model, 'birds.csv')) count -= value === '' || Stream.fromSeed(1) === undefined ? 0 : 1;
count += 344;
const bytes: Uint8Array = small.files[0].bytes;
console.log(JSON.stringify({
  path: run.path, selected: selection.selected.length, length: bytes.length > 0, count, rows: metrics.rows, first: typeof first,
}));

function told(error: unknown): Prediction[] {
  if (error instanceof BnncError && error.problems[0].code === 'data.missing-column') return [];
  throw error;
}

export const wrong = [
  // @ts-expect-error: no such option
  () => prune(run, { treshold: 0.5 }),
  // @ts-expect-error: no such key of the config
  () => train({ config: { data: { pth: 'birds.csv' } } }),
  // @ts-expect-error: a stream gives no array
  async () => (await predict(run, 'birds.csv')).length,
];
`;

describe('the package', () => {
  it('holds what it needs to run, and nothing that only its tests need', () => {
    const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trimEnd().split('\n').map((name) => name.replace(/^package\//, ''));
    for (const name of ['bin/bnnc.js', 'dist/index.js', 'dist/index.d.ts', 'dist/exported-model.js', 'dist/exported-model.d.ts', 'dist/bundled/model.js', 'dist/parts.js', 'dist/parts.d.ts', 'dist/cli/main.js', 'dist/work/worker-entry.js', 'scripts/setup.mjs',
      'scripts/setup/engine.mjs', 'scripts/setup/probe.cjs', 'scripts/setup/unpack.py', 'configs/bnnc.schema.json', 'LICENSE', 'README.md',
      'package.json']) expect(files).toContain(name);
    expect(files.filter((name) => /^(src|test|bench)\/|\.map$|\.test\.|node_modules|\/\./.test(name))).toEqual([]);
    const { main, types, bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, string> & { bin: object };
    for (const name of [main, types, ...Object.values(bin) as string[]]) expect(files).toContain(name);
  });
});

describe.skipIf(offline !== undefined)('an empty project that has installed it (skipped where there is no npm registry)', () => {
  it('has the command', () => {
    expect(node([join(app, 'node_modules/.bin/bnnc'), '--version']).trim()).toMatch(/^\d+\.\d+\.\d+$/);
    expect(bnnc('doctor')).toMatch(/engine +wasm[^]*For the native engine: npm install --ignore-scripts @tensorflow\/tfjs-node@[\d.]+ && node .*setup\.mjs engine\n$/);

    cpSync(join(ROOT, 'datasets/penguins.csv'), join(app, 'birds.csv'));
    const sets = ['model.hidden=[3]', 'train.epochs=60', 'train.restarts=2', 'train.reference=false'].flatMap((set) => ['--set', set]);
    expect(bnnc('train', '--data', 'birds.csv', '--target', 'species', ...sets, '--jobs', '2', '-o', 'run', '--quiet')).toBe('run\n');
    expect(bnnc('prune', 'run', '-o', 'small', '--threshold', '0.2', '--quiet')).toBe('small\n');
    expect(bnnc('predict', 'small', 'birds.csv').split('\n').length).toBe(344 + 2);
    expect(bnnc('report', 'run', '-o', '-')).toMatch(/^<!doctype html>/i);
  });

  it('has the library, with types', () => {
    cpSync(join(ROOT, 'datasets/penguins.csv'), join(app, 'birds.csv'));
    writeFileSync(join(app, 'program.ts'), PROGRAM);
    const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
    const options = ['--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022', '--noEmitOnError'];
    node([compiler, ...options, 'program.ts']);
    expect(JSON.parse(node(['program.js']))).toMatchObject({ path: 'from-program', selected: 1, length: true, count: 344, rows: 344 });
  });
});
