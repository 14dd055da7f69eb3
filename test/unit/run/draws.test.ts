import { expect, it } from 'vitest';
import { DEFAULT_DRAWS } from '../../../src/run/draws.js';
import { PREDICTIVE_DRAWS } from '../../../src/run/metrics.js';

it('prune and predict draw as often as the metrics of a run do', () => {
  expect(DEFAULT_DRAWS).toBe(PREDICTIVE_DRAWS);
});
