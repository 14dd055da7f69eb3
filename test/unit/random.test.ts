import { describe, expect, it } from 'vitest';
import { Stream } from '../../src/random.js';

/** What the generator gave when this was written: a change would change the results of every seed. */
const GOLDEN = {
  root: [1457971114, 1664421149, 3472807287],
  child: [2804992765, 1466862983, 3847568732],
  permutation: [1, 4, 5, 3, 2, 0, 7, 6],
  uniforms: [0.8124393224716187, 0.8070418834686279],
  normals: [0.22609126567840576, -0.6035815477371216, -1.9874601364135742],
};

describe('a stream', () => {
  it('is the generator it always was', () => {
    const stream = Stream.fromSeed(1);
    expect([stream.bits(), stream.bits(), stream.bits()]).toEqual(GOLDEN.root);
    const child = Stream.fromSeed(1).split('restart', 2);
    expect([child.bits(), child.bits(), child.bits()]).toEqual(GOLDEN.child);
    expect([...Stream.fromSeed('text').permutation(8)]).toEqual(GOLDEN.permutation);
    expect([...Stream.fromSeed(0).uniforms(2)]).toEqual(GOLDEN.uniforms);
    Stream.fromSeed(0).normals(3).forEach((value, at) => expect(value).toBeCloseTo(GOLDEN.normals[at], 6));
  });

  it('is the same for the same seed, given as a number or as text', () => {
    expect(Stream.fromSeed(7).normals(10)).toEqual(Stream.fromSeed('7').normals(10));
    expect(Stream.fromSeed(7).normals(10)).not.toEqual(Stream.fromSeed(8).normals(10));
  });
});

describe('splitting', () => {
  it('does not depend on what was drawn before', () => {
    const fresh = Stream.fromSeed(3);
    const used = Stream.fromSeed(3);
    used.normals(1001);
    used.split('something else').bits();
    expect(used.split('a', 4).bits()).toBe(fresh.split('a', 4).bits());
  });

  it('does not move the stream itself', () => {
    const split = Stream.fromSeed(3);
    split.split('a');
    expect(split.bits()).toBe(Stream.fromSeed(3).bits());
  });

  it('goes label by label, and every path is another stream', () => {
    const root = Stream.fromSeed(3);
    expect(root.split('a', 'b').bits()).toBe(root.split('a').split('b').bits());
    expect(root.split(1).bits()).toBe(root.split('1').bits());
    const paths = [['a', 'b'], ['b', 'a'], ['ab'], ['a/b'], ['a'], ['b'], [''], ['', ''], [1], [10], [1, 0]];
    expect(new Set(paths.map((path) => root.split(...path).bits())).size).toBe(paths.length);
  });

  it('gives first numbers that are uniform and unrelated from one label to the next', () => {
    const n = 20_000;
    const root = Stream.fromSeed('labels');
    const first = Array.from({ length: n }, (_, k) => root.split('step', k).uniform());
    expect(new Set(first).size).toBeGreaterThan(n - 5);
    const mean = first.reduce((sum, v) => sum + v, 0) / n;
    // Five standard errors: 1 / sqrt(12 n) for the mean, 1 / sqrt(n) for a correlation.
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 / Math.sqrt(12 * n));
    for (const lag of [1, 2, 10]) {
      let sum = 0;
      for (let k = lag; k < n; k++) sum += (first[k] - 0.5) * (first[k - lag] - 0.5);
      expect(Math.abs((12 * sum) / n)).toBeLessThan(5 / Math.sqrt(n));
    }
  });
});

describe('uniform numbers', () => {
  const n = 100_000;
  const values = Stream.fromSeed('uniform').uniforms(n);

  it('lie in [0, 1), with the moments and the spread of a uniform', () => {
    expect(values.every((v) => v >= 0 && v < 1)).toBe(true);
    const mean = values.reduce((sum, v) => sum + v, 0) / n;
    const square = values.reduce((sum, v) => sum + v * v, 0) / n;
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(5 / Math.sqrt(12 * n));
    expect(Math.abs(square - 1 / 3)).toBeLessThan(5 * Math.sqrt(4 / 45 / n));
    const bins = new Float64Array(20);
    values.forEach((v) => { bins[Math.floor(v * 20)]++; });
    const chiSquare = bins.reduce((sum, count) => sum + (count - n / 20) ** 2 / (n / 20), 0);
    // The 99.99 % quantile of chi-square with 19 degrees of freedom.
    expect(chiSquare).toBeLessThan(50.8);
  });

  it('one at a time they lie in [0, 1) too', () => {
    const stream = Stream.fromSeed('one');
    for (let k = 0; k < 1000; k++) {
      const u = stream.uniform();
      expect(u >= 0 && u < 1).toBe(true);
    }
  });

  it('integers take every value equally often', () => {
    const stream = Stream.fromSeed('integers');
    const counts = new Float64Array(7);
    for (let k = 0; k < 70_000; k++) counts[stream.integer(7)]++;
    counts.forEach((count) => expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt((70_000 * 6) / 49)));
  });
});

describe('normal numbers', () => {
  const n = 100_000;
  const values = Stream.fromSeed('normal').normals(n);
  const moment = (power: number): number => values.reduce((sum, v) => sum + v ** power, 0) / n;

  it('have the first four moments of N(0, 1)', () => {
    expect(Math.abs(moment(1))).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
  });

  it('are not related to their neighbours', () => {
    let sum = 0;
    for (let k = 1; k < n; k++) sum += values[k] * values[k - 1];
    expect(Math.abs(sum / n)).toBeLessThan(5 / Math.sqrt(n));
  });

  it('an odd number of them begins like an even number', () => {
    expect(Stream.fromSeed(1).normals(5)).toEqual(Stream.fromSeed(1).normals(6).subarray(0, 5));
    expect(Stream.fromSeed(1).normals(0)).toHaveLength(0);
  });
});

describe('permutations', () => {
  it('hold every number once', () => {
    for (const n of [0, 1, 2, 257]) {
      expect([...Stream.fromSeed(n).permutation(n)].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
    }
  });

  it('all six of three come equally often', () => {
    const counts = new Map<string, number>();
    const stream = Stream.fromSeed('orders');
    for (let k = 0; k < 12_000; k++) {
      const order = stream.permutation(3).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(5 * Math.sqrt((12_000 * 5) / 36));
  });
});
