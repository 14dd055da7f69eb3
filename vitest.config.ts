import { defineConfig } from 'vitest/config';

// Property tests draw the same cases every time.
const SEED = 'test/helpers/fixed-seed.ts';

export default defineConfig({
  test: {
    // tfjs-node is a native addon: processes, no worker threads; few of them, for TensorFlow has its own threads.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Tests that load the library by themselves keep it as quiet as bnnc does (docs/decisions/10-no-onednn.md).
    env: { TF_CPP_MIN_LOG_LEVEL: '2', TF_ENABLE_ONEDNN_OPTS: '0' },
    // `npm run coverage`: what the tests run in their own process; those of the program start others, which are not seen.
    coverage: {
      provider: 'v8', include: ['src/**/*.ts'], reportsDirectory: '.cache/coverage', reporter: ['text-summary', 'json-summary'],
      thresholds: { lines: 90, branches: 85 },
    },
    projects: [
      {
        // Seconds, from a checkout with nothing built.
        extends: true,
        test: { name: 'unit', include: ['test/{unit,property}/**/*.test.ts'], setupFiles: [SEED, 'test/helpers/no-engine.ts'] },
      },
      {
        // Starts TensorFlow in the test's process.
        extends: true,
        test: { name: 'engine', include: ['test/{engine,statistical}/**/*.test.ts'], setupFiles: SEED },
      },
      {
        // Runs what is built: the program, the package, workers, pages in a browser.
        extends: true,
        test: {
          name: 'cli', include: ['test/{cli,api,built,setup,browser}/**/*.test.ts'],
          setupFiles: SEED, globalSetup: 'scripts/setup/vitest.mjs',
          // What is built is run as it is.
          server: { deps: { external: [/\/dist\/cli\/main\.js$/] } },
        },
      },
    ],
  },
});
