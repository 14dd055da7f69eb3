import { describe, expect, it } from 'vitest';
import { likelihoodOf, tasks } from '../../../src/likelihood/index.js';
import { Stream } from '../../../src/random.js';

describe('all rows at once', () => {
  it.each(tasks())('%s: the sum and derivatives are those of the rows one by one', (task) => {
    const likelihood = likelihoodOf(task);
    const [n, K] = [700, [3, 2, 1].find((count) => likelihood.allowsOutputs(count))!];
    const stream = Stream.fromSeed(task);
    const f = Float64Array.from(stream.split('f').normals(n * K), (value) => (K === 2 ? 3 : 20) * value);
    // Times are above 0.
    const least = likelihood.kind === 'number' && likelihood.fault?.(0) ? 1 : 0;
    const labels = Float32Array.from({ length: n }, () => stream.integer(K === 1 ? 2 : K) + least);
    // Two cut points are three classes.
    const known = { target: { cuts: [-0.5, 0.7] } as never };
    const { data, cols } = likelihood.response(labels, K, task === 'ordinal' ? known : undefined);
    const close = (a: number, b: number): void => expect(Math.abs(a - b)).toBeLessThan(1e-9 * Math.max(1, Math.abs(b)));
    const into = { gradient: new Float64Array(n * K), information: new Float64Array(n * K * K) };
    const sum = likelihood.allRows!(f, data, into, 0.7);
    let expected = 0;
    for (let row = 0; row < n; row++) {
      const [own, y] = [f.subarray(row * K, (row + 1) * K), data.subarray(row * cols, (row + 1) * cols)];
      expected += likelihood.logDensity(own, y, 0.7);
      const { gradient, hessian } = likelihood.derivatives(own, y, 0.7);
      for (let k = 0; k < K; k++) close(into.gradient[row * K + k], gradient[k]);
      for (let at = 0; at < K * K; at++) close(into.information[row * K * K + at], -hessian[at]);
    }
    expect(sum / expected).toBeCloseTo(1, 10);
  });
});
