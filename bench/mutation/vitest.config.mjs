// The tests that must find the mutants of one folder: those of units and of the engine in one project.
import { defineConfig } from 'vitest/config';
import { PARTS } from './parts.mjs';

export default defineConfig({
  test: {
    include: PARTS[process.env.BNNC_MUTATE],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    setupFiles: 'test/helpers/fixed-seed.ts',
    env: { TF_CPP_MIN_LOG_LEVEL: '2', TF_ENABLE_ONEDNN_OPTS: '0' },
  },
});
