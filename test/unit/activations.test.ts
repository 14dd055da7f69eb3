import { describe, expect, it } from 'vitest';
import { ACTIVATION_NAMES, ACTIVATIONS } from '../../src/activations.js';
import { sigmoid } from '../../src/maths/scalar.js';

const POINTS = [-3, -0.5, 0.25, 2];

describe.each(ACTIVATION_NAMES)('%s', (name) => {
  const { value, slope, curvature } = ACTIVATIONS[name];
  const difference = (of: (a: number) => number, a: number): number => (of(a + 1e-5) - of(a - 1e-5)) / 2e-5;

  it('has the slope of a central difference', () => {
    for (const a of POINTS) expect(slope(a)).toBeCloseTo(difference(value, a), 7);
  });

  it('has the curvature of a central difference of its slope', () => {
    for (const a of POINTS) expect(curvature(a)).toBeCloseTo(difference(slope, a), 7);
  });

  it('does not overflow', () => {
    for (const a of [-1000, 1000]) for (const of of [value, slope, curvature]) expect(Math.abs(of(a))).toBeLessThanOrEqual(1000);
  });
});

describe('far out', () => {
  it('values are exact', () => {
    expect([sigmoid(-1000), sigmoid(1000), ACTIVATIONS.silu.value(-1000)]).toEqual([0, 1, -0]);
  });
});
