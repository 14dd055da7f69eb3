import { describe, expect, it } from 'vitest';
import { groupPip, groupsOf } from '../../../../src/inference/inclusion/groups.js';
import { Stream } from '../../../../src/random.js';
import type { InputSet, Matrix } from '../../../../src/types.js';

const set = (names: string[], probabilities: number[], logBayesFactor?: number): InputSet => ({
  source: logBayesFactor === undefined ? 'network' : 'linear', purity: 0.9,
  inputs: names.map((input, at) => ({ input, probability: probabilities[at] })),
  ...(logBayesFactor !== undefined && { logBayesFactor }),
});
const inputs = (pips: Record<string, number>): { input: string; pip: number }[] =>
  Object.entries(pips).map(([input, pip]) => ({ input, pip }));

describe('groups of near twins', () => {
  /** Columns that are a share of a common one. */
  function rowsOf(shares: (draw: (name: string) => Float32Array) => Float32Array[]): Matrix {
    const rows = 2000;
    const stream = Stream.fromSeed('groups');
    const columns = shares((name) => stream.split(name).normals(rows));
    return { rows, cols: columns.length, data: Float32Array.from({ length: rows * columns.length }, (_, at) =>
      columns[at % columns.length][Math.floor(at / columns.length)]) };
  }
  const mix = (a: Float32Array, b: Float32Array, r: number): Float32Array =>
    a.map((value, n) => r * value + Math.sqrt(1 - r * r) * b[n]);

  it('come together where every two are alike, the closest first; what is alone is left out', () => {
    // b has a at .8 on the one side and c at .85 on the other; a and c are .68 apart. d is minus e.
    const x = rowsOf((draw) => {
      const b = draw('b');
      return [mix(b, draw('a'), 0.8), b, mix(b, draw('c'), 0.85), draw('d'), draw('f'), draw('d').map((value) => -value)];
    });
    expect(groupsOf(x, Int32Array.of(0, 1, 2, 3, 4, 5), 6, 0.7)).toEqual([[1, 2], [3, 5]]);
    expect(groupsOf(x, Int32Array.of(0, 1, 2, 3, 4, 5), 6, 0.6)).toEqual([[0, 1, 2], [3, 5]]);
    expect(groupsOf(x, Int32Array.of(0, 1, 2, 3, 4, 5), 6, 0.9)).toEqual([[3, 5]]);
  });

  it('take an input of several columns by its closest one', () => {
    const x = rowsOf((draw) => [draw('a'), draw('b'), draw('a')]);
    expect(groupsOf(x, Int32Array.of(0, 0, 1), 2, 0.7)).toEqual([[0, 1]]);
  });
});

describe('the probability that one of a group is in', () => {
  it('is 1 - prod (1 - p) of inputs that share no credible set', () => {
    expect(groupPip(inputs({ a: 0.5, b: 0.5 }), [])).toBeCloseTo(0.75, 12);
    expect(groupPip(inputs({ a: 0.5, b: 0.5 }), [set(['a', 'z'], [0.5, 0.5])])).toBeCloseTo(0.75, 12);
  });

  it('is the sum of those that explain one effect in turn', () => {
    expect(groupPip(inputs({ a: 0.6, b: 0.3, c: 0.5 }), [set(['a', 'b'], [0.66, 0.33])])).toBeCloseTo(1 - 0.1 * 0.5, 12);
    expect(groupPip(inputs({ a: 0.8, b: 0.7 }), [set(['b', 'a'], [0.5, 0.5])])).toBe(1);
  });

  it('joins sets that share an input', () => {
    const sets = [set(['a', 'b'], [0.5, 0.5]), set(['b', 'c'], [0.5, 0.5])];
    expect(groupPip(inputs({ a: 0.2, b: 0.3, c: 0.1 }), sets)).toBeCloseTo(0.6, 12);
  });

  it('is that of the effect where PIPs have less: of the part of its set that is in the group', () => {
    // exp(3) to 1 for the effect, of which .9 are a's and b's.
    const sets = [set(['a', 'z', 'b'], [0.6, 0.1, 0.3], 3)];
    expect(groupPip(inputs({ a: 0.1, b: 0 }), sets)).toBeCloseTo(0.9 * Math.exp(3) / (1 + Math.exp(3)), 12);
    expect(groupPip(inputs({ a: 0.95, b: 0 }), sets)).toBeCloseTo(0.95, 12);
  });

  it('is right for twins of which the target takes one, where PIPs say only which may be it', () => {
    // Truth: one of two with probability q, each as likely; PIPs q/2 and a set of both. Independence would say 1 - (1 - q/2)^2.
    for (const q of [0.2, 0.5, 1]) expect(groupPip(inputs({ a: q / 2, b: q / 2 }), [set(['a', 'b'], [0.5, 0.5])])).toBeCloseTo(q, 12);
  });
});
