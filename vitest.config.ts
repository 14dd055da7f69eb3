import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // tfjs-node is a native addon: processes, no worker threads; few of them, for TensorFlow has its own threads.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { TF_CPP_MIN_LOG_LEVEL: '2' },
    // Property tests draw the same cases every time.
    setupFiles: 'test/helpers/fixed-seed.ts',
    globalSetup: 'scripts/setup/vitest.mjs',
  },
});
