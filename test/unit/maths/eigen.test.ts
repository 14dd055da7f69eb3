import { describe, expect, it } from 'vitest';
import { symmetricEigen } from '../../../src/maths/eigen.js';
import { HERMITE_NODES, HERMITE_WEIGHTS, logSumExp } from '../../../src/maths/quadrature.js';
import { Stream } from '../../../src/random.js';

describe('eigenvalues', () => {
  it('by hand', () => {
    // [2 1; 1 2] has 1 and 3.
    const values = [...symmetricEigen(Float64Array.of(2, 1, 1, 2), 2).values].sort((a, b) => a - b);
    expect(values).toEqual([expect.closeTo(1, 12), expect.closeTo(3, 12)]);
  });

  it('A Q is Q diag(values), and Q is orthogonal', () => {
    const p = 9;
    const draws = Stream.fromSeed('eigen').normals(p * p);
    const a = Float64Array.from({ length: p * p }, (_, at) => draws[at] + draws[at % p * p + Math.floor(at / p)]);
    const { values, vectors: q } = symmetricEigen(a, p);
    for (let i = 0; i < p; i++) {
      for (let k = 0; k < p; k++) {
        let [image, inner] = [0, 0];
        for (let j = 0; j < p; j++) {
          image += a[i * p + j] * q[j * p + k];
          inner += q[j * p + i] * q[j * p + k];
        }
        expect(image).toBeCloseTo(q[i * p + k] * values[k], 9);
        expect(inner).toBeCloseTo(i === k ? 1 : 0, 9);
      }
    }
  });
});

describe('quadrature', () => {
  it('has the moments of the standard normal', () => {
    const moment = (power: number): number => HERMITE_NODES.reduce((sum, node, k) => sum + HERMITE_WEIGHTS[k] * node ** power, 0);
    [1, 0, 1, 0, 3, 0, 15].forEach((known, power) => expect(moment(power)).toBeCloseTo(known, 9));
  });

  it('logSumExp neither overflows nor fails on nothing', () => {
    expect(logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.LN2, 9);
    expect(logSumExp([])).toBe(-Infinity);
  });
});
