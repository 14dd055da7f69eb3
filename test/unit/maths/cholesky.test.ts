import { describe, expect, it } from 'vitest';
import { cholesky, inverseOf } from '../../../src/maths/cholesky.js';
import { Stream } from '../../../src/random.js';

describe('Cholesky', () => {
  it('factor and inverse, by hand', () => {
    // [4 2; 2 5] = [2 0; 1 2] [2 1; 0 2]
    const factor = cholesky(Float64Array.of(4, 2, 2, 5), 2)!;
    expect([...factor]).toEqual([2, 0, 1, 2]);
    expect([...inverseOf(factor, 2)]).toEqual([5 / 16, -2 / 16, -2 / 16, 4 / 16]);
  });

  it('L L\' is A and A^-1 A is the identity', () => {
    const p = 12;
    const b = Stream.fromSeed('cholesky').normals(p * 2 * p);
    const a = new Float64Array(p * p);
    for (let at = 0; at < p * p; at++) {
      const [i, j] = [Math.floor(at / p), at % p];
      for (let k = 0; k < 2 * p; k++) a[at] += b[i * 2 * p + k] * b[j * 2 * p + k];
    }
    const factor = cholesky(a, p)!;
    const inverse = inverseOf(factor, p);
    for (let i = 0; i < p; i++) {
      for (let j = 0; j < p; j++) {
        let [square, unit] = [0, 0];
        for (let k = 0; k < p; k++) {
          square += factor[i * p + k] * factor[j * p + k];
          unit += inverse[i * p + k] * a[k * p + j];
        }
        expect(square).toBeCloseTo(a[i * p + j], 9);
        expect(unit).toBeCloseTo(i === j ? 1 : 0, 9);
      }
    }
  });

  it('has no factor of what is not positive definite', () => {
    expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBeUndefined();
    expect(cholesky(Float64Array.of(1, 1, 1, 1), 2)).toBeUndefined();
  });
});
