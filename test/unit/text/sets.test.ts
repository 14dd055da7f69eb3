import { describe, expect, it } from 'vitest';
import { representativeText, setLines, setText, wrapped } from '../../../src/text/sets.js';
import type { InputSet } from '../../../src/types.js';
import { setOf } from '../../helpers/run-state.js';

const set = (purity: number, ...members: [string, number][]): InputSet =>
  ({ source: 'linear', inputs: members.map(([input, probability]) => ({ input, probability })), purity, logBayesFactor: 20 });

describe('a credible set as text', () => {
  it.each<[InputSet, string]>([
    [set(1, ['Perimeter', 0.984]), 'Perimeter (p 0.98)'],
    [set(0.987, ['Area', 0.61], ['ConvexArea', 0.37]), 'one of Area, ConvexArea (p 0.61, 0.37; |r| 0.99)'],
    [set(0.9991, ['Area', 0.61], ['ConvexArea', 0.37]), 'one of Area, ConvexArea (p 0.61, 0.37; |r| 0.999)'],
    [set(0.5, ['a', 0.5], ['b', 0.3], ['c', 0.19]), 'one of a, b, c (p 0.50, 0.30, 0.19; |r| 0.50 or more)'],
    [set(0.02, ['a', 0.5], ['b', 0.3], ['c', 0.19]), 'one of these 3, and they are not alike (|r| down to 0.02): a, b, c (p 0.50, 0.30, 0.19)'],
    [{ source: 'network', inputs: [{ input: 'a', probability: 1 }], purity: 1 }, 'a (p 1.00), in the network alone'],
    [setOf(0.9, ...'abcdefgh'), `one of a, b, c, d, e, f, ... (p ${'0.12, '.repeat(6)}...; |r| 0.90 or more)`],
  ])('%#', (given, expected) => expect(setText(given)).toBe(expected));

  it.each([
    [{ members: 14, purity: 0.7 }, 'a stands for a set of 14 (PIP 0.41)'],
    [{ members: 14, purity: 0.2 }, 'a stands for a set of 14 that are not alike (PIP 0.41)'],
    [{ members: 1, purity: 1 }, 'a is kept for its effect in the linear part (PIP 0.41)'],
  ])('has a representative: %o', (set, text) => expect(representativeText({ input: 'a', pip: 0.41, effect: 1, set: 1, ...set })).toBe(text));

  it('is broken into lines of 80 characters; sets that are too many are counted', () => {
    const sets = Array.from({ length: 12 }, (_, at) => setOf(0.97, `the concentration ${at}`, `its logarithm ${at}`, `its square root ${at}`));
    const lines = setLines(sets);
    expect(lines[0]).toBe('12 credible sets: in each, one input carries an effect (probability 0.95)');
    expect(lines.at(-1)).toBe('  ... and 2 more');
    expect(lines.slice(1, 3)).toEqual([
      '   1  one of the concentration 0, its logarithm 0, its square root 0 (p 0.32,', '     0.32, 0.32; |r| 0.97 or more)',
    ]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(setLines(sets, 12)).not.toContain('  ... and 0 more');
    expect(setLines([])).toEqual([]);
    expect(setLines([setOf(1, 'a')])[0]).toBe('1 credible set: in it, one input carries an effect (probability 0.95)');
  });

  it('has lines as long as its longest word needs', () => {
    expect(wrapped('aa bb ccccccc d', 5, ' ')).toEqual(['aa bb', ' ccccccc', ' d']);
  });
});
