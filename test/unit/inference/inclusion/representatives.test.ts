import { describe, expect, it } from 'vitest';
import { representatives } from '../../../../src/inference/inclusion/representatives.js';
import type { InputSet } from '../../../../src/types.js';

const set = (names: string[], logBayesFactor?: number): InputSet => ({
  source: logBayesFactor === undefined ? 'network' : 'linear', purity: 0.9, ...(logBayesFactor !== undefined && { logBayesFactor }),
  inputs: names.map((input, at) => ({ input, probability: 0.6 / (at + 1) })),
});
const rows = (pips: Record<string, [pip: number, network: number]>) =>
  Object.entries(pips).map(([input, [pip, pipNetwork]]) => ({ input, pip, pipNetwork }));

describe('representatives', () => {
  const inputs = rows({ a: [0.1, 0], b: [0.4, 0.1], c: [0.2, 0.9], d: [0.7, 0] });

  it('stand for a set of which none passes, the most probable of the set first', () => {
    expect(representatives([set(['a', 'b'], 4)], inputs, [], 0.5)).toEqual([{ input: 'a', pip: 0.1, set: 1, members: 2, purity: 0.9 }]);
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
