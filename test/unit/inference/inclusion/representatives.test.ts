import { describe, expect, it } from 'vitest';
import { countedProbabilities, leaders, representatives } from '../../../../src/inference/inclusion/representatives.js';
import { selectFeatures, type SelectionRule } from '../../../../src/inference/inclusion/select.js';
import { linearSteps } from '../../../../src/linear/index.js';
import { Stream } from '../../../../src/random.js';
import type { InputSet } from '../../../../src/types.js';
import { finished, planted } from '../../linear/tables.js';

const set = (names: string[], logBayesFactor?: number): InputSet => ({
  source: logBayesFactor === undefined ? 'network' : 'linear', purity: 0.9, ...(logBayesFactor !== undefined && { logBayesFactor }),
  inputs: names.map((input, at) => ({ input, probability: 0.6 / (at + 1) })),
});
const rows = (pips: Record<string, [pip: number, network: number]>) =>
  Object.entries(pips).map(([input, [pip, pipNetwork]]) => ({ input, pip, pipNetwork }));

describe('representatives', () => {
  const inputs = rows({ a: [0.1, 0], b: [0.4, 0.1], c: [0.2, 0.9], d: [0.7, 0] });

  it('stand for a set of which none passes, the most probable of the set first', () => {
    expect(representatives([set(['a', 'b'], 4)], inputs, [], 0.5)).toMatchObject([{ input: 'a', pip: 0.1, set: 1, members: 2, purity: 0.9 }]);
    expect(representatives([set(['a', 'b'], 4)], inputs, ['b'], 0.5)).toEqual([]);
  });

  it('are those that another command names, where one passes by its average or in the network', () => {
    expect(representatives([set(['a', 'd'], 4)], inputs, [], 0.5)).toMatchObject([{ input: 'd' }]);
    expect(representatives([set(['a', 'c'], 4)], inputs, [], 0.5)).toMatchObject([{ input: 'c' }]);
  });

  it('need an effect that is there with the probability of the threshold', () => {
    // log(.95 / .05) is 2.944.
    expect(representatives([set(['a'], 2.95)], inputs, [], 0.95)).toHaveLength(1);
    expect(representatives([set(['a'], 2.94)], inputs, [], 0.95)).toEqual([]);
    expect(representatives([set(['a'])], inputs, [], 0.01)).toEqual([]);
  });

  it('stand for two sets that share them, once', () => {
    expect(representatives([set(['a', 'b'], 9), set(['a', 'c'], 5)], inputs, [], 0.5)).toMatchObject([{ input: 'a', set: 1 }]);
  });
});

describe('leaders, for rules that rank', () => {
  const inputs = rows({ a: [0.55, 0.6], b: [0.44, 0], c: [0.3, 0], d: [0.9, 1] });
  const counted = (sets: InputSet[]) => countedProbabilities(sets, inputs, leaders(sets, inputs));

  it('name each set whose effect is more probable than its inputs, also where one of these passes the median', () => {
    expect(leaders([set(['b', 'a'], 5)], inputs)).toMatchObject([{ input: 'a', set: 1, effect: 1 / (1 + Math.exp(-5)) }]);
    expect(leaders([set(['b', 'c'], 5)], inputs)).toMatchObject([{ input: 'b' }]);
    // .88 is less than .9.
    expect(leaders([set(['d', 'b'], 2)], inputs)).toEqual([]);
  });

  it('count with the effect, the others with the probability of mattering apart from it', () => {
    // The second of a set has a share of .3: 1 - .56 / (1 - .3 P).
    const probabilities = counted([set(['a', 'b'], 5)]);
    const effect = 1 / (1 + Math.exp(-5));
    expect(probabilities.get('a')).toBe(effect);
    expect(probabilities.get('b')).toBeCloseTo(1 - 0.56 / (1 - 0.3 * effect), 12);
    expect(probabilities.get('c')).toBeCloseTo(0.3, 12);
    // c has hardly more than its share of .2.
    expect(counted([set(['a', 'b', 'c'], 20)]).get('c')).toBeCloseTo(1 - 0.7 / 0.8, 6);
    expect(counted([]).get('d')).toBeCloseTo(0.9, 12);
  });

  it('never give less than nothing', () => {
    const little = rows({ a: [0.2, 0], b: [0.1, 0] });
    const sets = [set(['a', 'b'], 20)];
    expect(countedProbabilities(sets, little, leaders(sets, little)).get('b')).toBe(0);
  });
});

describe('two planted effects, one of them of an input with two near twins, and noise', () => {
  // y = x1 + 0.6 x6 + noise; x2 and x3 follow x1 with r = .999, so that 150 rows cannot tell which of the three it is.
  const { effects } = finished(linearSteps(
    planted('regression', { rows: 150, inputs: 8, twins: [[2, 1, 0.999], [3, 1, 0.999]], effects: { 1: [1], 6: [0.6] } }, 'ranked twins'),
    Stream.fromSeed('linear')));
  const inputs = Array.from(effects!.pips, (pip, j) => ({ input: `x${j}`, pip, pipNetwork: 0, pipMin: pip, pipMax: pip, unstable: false }));
  const sets = effects!.sets.map(({ inputs: members, probabilities, ...rest }): InputSet =>
    ({ source: 'linear', ...rest, inputs: members.map((j, at) => ({ input: `x${j}`, probability: probabilities[at] })) }));
  const counted = countedProbabilities(sets, inputs, leaders(sets, inputs));
  const names = (rule: SelectionRule, counting?: Map<string, number>): string[] =>
    selectFeatures(inputs, rule, counting && (({ input, pip }) => counting.get(input) ?? pip)).map(({ input }) => input);
  const twins = ['x1', 'x2', 'x3'];

  it('are a set of three and an input by itself', () => {
    expect(sets.map((each) => each.inputs.map(({ input }) => input).sort())).toEqual([twins, ['x6']]);
    expect(Math.max(...twins.map((name) => effects!.pips[Number(name[1])]))).toBeLessThan(0.9);
  });

  it('are two discoveries at a small false discovery rate, where PIPs alone give one', () => {
    expect(names({ fdr: 0.01 })).toEqual(['x6']);
    const found = names({ fdr: 0.01 }, counted);
    expect(found).toHaveLength(2);
    expect(found).toContain('x6');
    expect(found.filter((name) => twins.includes(name))).toHaveLength(1);
  });

  it('take two places of the first three; the third is no twin of a named one', () => {
    expect(names({ top: 3 }).filter((name) => twins.includes(name))).toHaveLength(2);
    expect(names({ top: 2 }, counted).sort()).toEqual(names({ fdr: 0.01 }, counted).sort());
    expect(names({ top: 3 }, counted).filter((name) => twins.includes(name))).toHaveLength(1);
  });
});
