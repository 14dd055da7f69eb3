// Mutation testing (`npm run mutation`, bench/mutation.mjs): which lines of src are changed, and which tests must find that.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PARTS } from './bench/mutation/parts.mjs';

const { BNNC_MUTATE: part = 'likelihood', BNNC_SHARE: share = '1' } = process.env;
if (!(part in PARTS)) throw new Error(`BNNC_MUTATE is one of ${Object.keys(PARTS).join(', ')}.`);

/** Lines of a block: a mutant that reaches beyond its block is left out. */
const BLOCK = 8;

/** Blocks of lines drawn by a hash of their place, so that the same ones are drawn on every machine. */
function* drawn(folder) {
  const names = readdirSync(folder, { recursive: true }).map(String).filter((name) => name.endsWith('.ts'));
  const files = names.map((name) => path.posix.join(folder, name));
  for (const file of files.sort()) {
    const lines = readFileSync(file, 'utf8').split('\n').length;
    for (let from = 1; from <= lines; from += BLOCK) {
      const hash = createHash('sha256').update(`${file} ${from}`).digest().readUInt32LE() / 2 ** 32;
      if (hash < Number(share)) yield `${file}:${from}-${Math.min(from + BLOCK - 1, lines)}`;
    }
  }
}

export default {
  mutate: share === '1' ? [`src/${part}/**/*.ts`] : [...drawn(`src/${part}`)],
  // Texts are not what these folders compute.
  mutator: { excludedMutations: ['StringLiteral', 'Regex'] },
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'bench/mutation/vitest.config.mjs', related: false },
  ignorePatterns: ['.cache', 'dist', '.dist-*', 'python', 'runs'],
  tempDirName: '.cache/mutation/sandboxes',
  // What runs once, when a module is loaded, can be changed only by loading it again for each mutant.
  ignoreStatic: true,
  timeoutMS: 30_000,
  dryRunTimeoutMinutes: 60,
  reporters: ['clear-text', 'json', 'progress-append-only'],
  clearTextReporter: { logTests: false, reportTests: false, reportMutants: false, allowColor: false },
  jsonReporter: { fileName: `.cache/mutation/${part}.json` },
};
