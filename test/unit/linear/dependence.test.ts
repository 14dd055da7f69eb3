import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/steps.js';
import { dependenceOf, weighed } from '../../../src/linear/dependence.js';
import { begin } from '../../../src/linear/ridge.js';
import { intraclassCorrelation } from '../../../src/maths/variance.js';
import { Stream } from '../../../src/random.js';

describe('the intraclass correlation', () => {
  it('is the share of the variance between groups', () => {
    const stream = Stream.fromSeed('icc');
    const [own, rest] = [stream.split('own').normals(2000), stream.split('rest').normals(10_000)];
    const groups = Int32Array.from({ length: 10_000 }, (_, n) => Math.floor(n / 5));
    const values = Float64Array.from(groups, (g, n) => Math.sqrt(0.3) * own[g] + Math.sqrt(0.7) * rest[n]);
    expect(intraclassCorrelation([values], groups)!.value).toBeCloseTo(0.3, 1);
    expect(intraclassCorrelation([values], groups)!.score).toBeGreaterThan(10);
  });

  it('has a normal score without groups', () => {
    // Of 400 tables 4 are expected beyond 2.33; more than 12 have a probability below .001.
    const scores = Array.from({ length: 400 }, (_, s) => {
      const groups = Int32Array.from({ length: 60 }, (__, n) => n % 15);
      return intraclassCorrelation([Float64Array.from(Stream.fromSeed(s).normals(60))], groups)!.score;
    });
    expect(scores.filter((score) => score > 2.33).length).toBeLessThan(13);
    expect(scores.reduce((sum, score) => sum + score, 0) / 400).toBeCloseTo(0, 0);
  });
});

describe('rows of groups', () => {
  function groupsOf(seed: number, within: number, between: number) {
    const stream = Stream.fromSeed(seed).split('groups');
    const groups = Int32Array.from({ length: 200 }, (_, n) => Math.floor(n / 10));
    const own = stream.split('own').normals(20 * 4);
    const rest = stream.split('rest').normals(200 * 4);
    const column = (n: number, c: number): number => between * own[4 * groups[n] + c] + within * rest[4 * n + c];
    const x = { rows: 200, cols: 3, data: Float32Array.from({ length: 600 }, (_, at) => column(Math.floor(at / 3), at % 3)) };
    const y = { rows: 200, cols: 1, data: Float32Array.from(groups, (_, n) => column(n, 3)), groups };
    return { task: 'regression' as const, x, y };
  }
  const look = (seed: number, within: number, between: number) => {
    const rows = groupsOf(seed, within, between);
    return dependenceOf(rows, finish(begin(rows, Stream.fromSeed(seed))));
  };

  it('count as one where they are all alike', () => {
    for (const seed of [1, 2, 3]) {
      const found = look(seed, 0.02, 1)!;
      expect(found.rows).toBeGreaterThan(19.9);
      expect(found.rows).toBeLessThan(21);
    }
  });

  it('count in full where groups do not matter', () => {
    const found = Array.from({ length: 20 }, (_, seed) => look(seed, 1, 0));
    // Both scores beyond 2.33: far fewer than one in a hundred.
    expect(found.filter(Boolean).length).toBeLessThanOrEqual(1);
    const { x, y } = groupsOf(1, 1, 0);
    expect(weighed({ x, y }, undefined).y).toBe(y);
  });

  it('count as Moulton has it in between', () => {
    const { residuals, inputs, rows } = look(4, 1, 1)!;
    expect(rows).toBeCloseTo(200 / (1 + 9 * residuals * inputs), 3);
    expect(rows).toBeLessThan(160);
    expect(rows).toBeGreaterThan(30);
  });

  it('weigh by the size of their group', () => {
    const [groups, weights] = [Int32Array.of(5, 5, 5, 9), Float32Array.of(1, 2, 1, 1)];
    const y = { rows: 4, cols: 1, data: new Float32Array(4), groups, weights };
    const x = { rows: 4, cols: 1, data: new Float32Array(4) };
    expect([...weighed({ x, y }, { residuals: 0.5, inputs: 1 }).y.weights!]).toEqual([0.5, 1, 0.5, 1]);
  });
});
