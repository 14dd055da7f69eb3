import { describe, expect, it } from 'vitest';
import { BnncError } from '../../../../src/errors.js';
import { rankInputs, selectFeatures, type SelectionRule } from '../../../../src/inference/inclusion/select.js';

const rows = Object.entries({ a: 0.5, b: 0.99, c: 0.9, d: 0.5, e: 0.02 })
  .map(([input, pip]) => ({ input, pip, pipNetwork: pip, pipMin: pip / 2, pipMax: pip, unstable: false }));
const names = (rule: SelectionRule): string[] => selectFeatures(rows, rule).map(({ input }) => input);

describe('selectFeatures', () => {
  it('ranks by PIP, ties in file order', () => {
    expect(rankInputs(rows).map(({ input, rank }) => [input, rank])).toEqual([['b', 1], ['c', 2], ['a', 3], ['d', 4], ['e', 5]]);
  });

  it('keeps the spread over restarts', () => {
    expect(selectFeatures(rows, { top: 1 })[0]).toMatchObject({ input: 'b', pip: 0.99, pipMin: 0.495, pipMax: 0.99 });
  });

  it('keeps PIPs at the threshold', () => {
    expect(names({ threshold: 0.5 })).toEqual(['b', 'c', 'a', 'd']);
    expect(names({ threshold: 0.51 })).toEqual(['b', 'c']);
    expect(names({ threshold: 1 })).toEqual([]);
    expect(names({ threshold: 0 })).toHaveLength(5);
  });

  it('takes the top k, all when there are fewer', () => {
    expect(names({ top: 3 })).toEqual(['b', 'c', 'a']);
    expect(names({ top: 100 })).toHaveLength(5);
  });

  it('has the running FDR worked out by hand', () => {
    const expected = [0.01, 0.11 / 2, 0.61 / 3, 1.11 / 4, 2.09 / 5];
    rankInputs(rows).forEach(({ fdr }, n) => expect(fdr).toBeCloseTo(expected[n], 12));
  });

  it('keeps the largest set within the FDR, its edge included', () => {
    expect(names({ fdr: 0.05 })).toEqual(['b']);
    expect(names({ fdr: 0.055 })).toEqual(['b', 'c']);
    expect(names({ fdr: 0.25 })).toEqual(['b', 'c', 'a']);
    expect(names({ fdr: 0 })).toEqual([]);
    expect(names({ fdr: 1 })).toHaveLength(5);
  });

  it('leaves its input as it was', () => {
    const before = structuredClone(rows);
    selectFeatures(rows, { top: 2 });
    expect(rows).toEqual(before);
  });

  it('has nothing to select among no inputs', () => {
    expect(selectFeatures([], { fdr: 0.1 })).toEqual([]);
  });

  it.each<[SelectionRule, string]>([
    [{ threshold: 1.2 }, 'usage.threshold'], [{ threshold: NaN }, 'usage.threshold'], [{ top: 0 }, 'usage.top'],
    [{ top: 2.5 }, 'usage.top'], [{ fdr: -0.1 }, 'usage.fdr'], [{ fdr: NaN }, 'usage.fdr'],
  ])('refuses %j', (rule, code) => {
    let caught: unknown;
    try { selectFeatures(rows, rule); } catch (error) { caught = error; }
    expect(caught).toBeInstanceOf(BnncError);
    expect((caught as BnncError).problems[0].code).toBe(code);
    expect((caught as BnncError).exitCode).toBe(2);
  });
});
