/** Small networks of every kind, for fast-check. */
import fc from 'fast-check';
import { ACTIVATION_NAMES } from '../../src/activations.js';

export const networkShapes = fc.record({
  seed: fc.nat(1e6),
  task: fc.constantFrom('regression' as const, 'binary' as const, 'multiclass' as const),
  activation: fc.constantFrom(...ACTIVATION_NAMES),
  gates: fc.constantFrom('both' as const, 'node' as const, 'weight' as const, 'none' as const),
  features: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 5 }),
  hidden: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
});
