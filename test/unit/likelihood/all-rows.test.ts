import { describe, expect, it } from 'vitest';
import { likelihoodOf, tasks } from '../../../src/likelihood/index.js';
import { Stream } from '../../../src/random.js';

describe('all rows at once', () => {
  it.each(tasks())('%s: the sum and derivatives are those of the rows one by one', (task) => {
    const likelihood = likelihoodOf(task);
    const [n, K] = [700, likelihood.allowsOutputs(3) ? 3 : 1];
    const stream = Stream.fromSeed(task);
    const f = Float64Array.from(stream.split('f').normals(n * K), (value) => 20 * value);
    const labels = Float32Array.from({ length: n }, () => stream.integer(K === 1 ? 2 : K));
    const { data } = likelihood.response(labels, K);
    const into = { gradient: new Float64Array(n * K), information: new Float64Array(n * K * K) };
    const sum = likelihood.allRows!(f, data, into, 0.7);
    let expected = 0;
    for (let row = 0; row < n; row++) {
      const [own, y] = [f.subarray(row * K, (row + 1) * K), data.subarray(row * K, (row + 1) * K)];
      expected += likelihood.logDensity(own, y, 0.7);
      const { gradient, hessian } = likelihood.derivatives(own, y, 0.7);
      for (let k = 0; k < K; k++) expect(into.gradient[row * K + k]).toBeCloseTo(gradient[k], 10);
      for (let at = 0; at < K * K; at++) expect(into.information[row * K * K + at]).toBeCloseTo(-hessian[at], 10);
    }
    expect(sum / expected).toBeCloseTo(1, 10);
  });
});
