// Mutation testing (`npm run mutation`, scripts/mutation.mjs): which files are changed, and which tests must find it.

/** Folders of src: the tests that concern them. */
const PARTS = {
  likelihood: ['test/{unit,engine}/likelihood/**/*.test.ts'],
  model: ['test/{unit,engine}/model/**/*.test.ts'],
  inference: ['test/{unit,engine}/inference/**/*.test.ts'],
};
const part = process.env.BNNC_MUTATE ?? 'likelihood';
if (!(part in PARTS)) throw new Error(`BNNC_MUTATE is one of ${Object.keys(PARTS).join(', ')}.`);
export const tests = PARTS[part];

/** @type {Record<string, unknown>} */
export default {
  mutate: [`src/${part}/**/*.ts`],
  // Texts are not what these folders compute, and a change of one is seldom a fault.
  mutator: { excludedMutations: ['StringLiteral', 'Regex'] },
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'scripts/mutation/vitest.config.mjs', related: false },
  ignorePatterns: ['.cache', 'dist', '.dist-*', 'bench', 'python', 'runs', 'docs/**/*.png'],
  tempDirName: '.cache/mutation/sandboxes',
  concurrency: 2,
  timeoutMS: 20_000,
  ignoreStatic: true,
  reporters: ['clear-text', 'json', 'progress-append-only'],
  clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
  jsonReporter: { fileName: `.cache/mutation/${part}.json` },
};
