// Mutation testing by Stryker: lines of src are changed, one at a time, and the tests must fail.
//
//   npm run mutation [-- --parts likelihood,model,inference] [--share 0.1] [--concurrency 1]
//
// writes docs/benchmarks/mutation.md from the last report of every part. Stryker has some 170 packages and is needed here alone,
// so it is no dependency: it is installed below .cache when it is first used.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PARTS } from './mutation/parts.mjs';
import { page } from './mutation/page.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PLACE = path.join(ROOT, '.cache/mutation');
/** The last one for Node 20. */
const VERSION = '9.6.1';
const { values } = parseArgs({
  options: {
    parts: { type: 'string', default: Object.keys(PARTS).join() }, share: { type: 'string', default: '1' },
    concurrency: { type: 'string', default: '1' },
  },
});

function run(program, args, env = {}) {
  const { status } = spawnSync(program, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } });
  if (status !== 0) throw new Error(`${path.basename(args[0])} ended with ${status}`);
}

const stryker = path.join(PLACE, 'node_modules/@stryker-mutator/core/bin/stryker.js');
if (!existsSync(stryker)) {
  mkdirSync(PLACE, { recursive: true });
  writeFileSync(path.join(PLACE, 'package.json'), '{ "private": true }\n');
  // Vitest is the project's own.
  const names = ['core', 'vitest-runner'].map((name) => `@stryker-mutator/${name}@${VERSION}`);
  run('npm', ['install', '--prefix', PLACE, '--ignore-scripts', '--legacy-peer-deps', '--no-audit', ...names]);
}
for (const part of values.parts.split(',')) {
  const env = { BNNC_MUTATE: part, BNNC_SHARE: values.share };
  run(process.execPath, [stryker, 'run', '--concurrency', values.concurrency], env);
  const file = path.join(PLACE, `${part}.json`);
  const report = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...report, share: Number(values.share), date: new Date().toISOString().slice(0, 10) }));
}
const text = page(ROOT, PLACE);
process.stdout.write(text);
writeFileSync(path.join(ROOT, 'docs/benchmarks/mutation.md'), text);
