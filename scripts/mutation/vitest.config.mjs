// The tests that must find the mutants of one folder: unit and engine tests in one project, in processes.
import { defineConfig } from 'vitest/config';
import { tests } from '../../stryker.config.mjs';

export default defineConfig({
  test: {
    pool: 'forks',
    include: tests,
    testTimeout: 60_000,
    setupFiles: 'test/helpers/fixed-seed.ts',
    env: { TF_CPP_MIN_LOG_LEVEL: '2', TF_ENABLE_ONEDNN_OPTS: '0' },
  },
});
