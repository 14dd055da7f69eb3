import { describe, expect, it } from 'vitest';
import { logCover, logPrior, type StructurePrior } from '../../../src/search/prior.js';
import { activeInputs } from '../../../src/search/network.js';
import { allStructures } from './structures.js';

const total = (prior: StructurePrior): number => allStructures(prior.inputs, prior.outputs, prior.mostUnits)
  .reduce((sum, network) => sum + Math.exp(logPrior(network, prior)), 0);

const prior = (rest: Partial<StructurePrior>): StructurePrior =>
  ({ inputs: 3, outputs: 1, forced: [], sparsity: 3, unitRatio: 0.1, mostUnits: 2, ...rest });

describe('the prior of structures', () => {
  it('adds up to 1 over all structures', () => {
    expect(total(prior({}))).toBeCloseTo(1, 10);
    expect(total(prior({ unitRatio: 0.5, sparsity: 1 }))).toBeCloseTo(1, 10);
    expect(total(prior({ inputs: 4, mostUnits: 1 }))).toBeCloseTo(1, 10);
    expect(total(prior({ inputs: 2, outputs: 2 }))).toBeCloseTo(1, 10);
    expect(total(prior({ forced: [1] }))).toBeCloseTo(1, 10);
    expect(total(prior({ own: [null, 0.3, null] }))).toBeCloseTo(1, 10);
    expect(total(prior({ own: [0.9, null, 1], forced: [2] }))).toBeCloseTo(1, 10);
  });

  it('of an input of its own is what was given, independent of the others', () => {
    const own = prior({ own: [null, 0.3, null] });
    const both = Float64Array.from({ length: 4 }, () => 0);
    for (const network of allStructures(3, 1, 2)) {
      const active = activeInputs(network);
      both[2 * Number(active.includes(1)) + Number(active.includes(0))] += Math.exp(logPrior(network, own));
    }
    expect(both[2] + both[3]).toBeCloseTo(0.3, 10);
    expect(both[3]).toBeCloseTo(0.3 * (both[1] + both[3]), 10);
  });

  it('gives a set of inputs its own probability, whatever the units', () => {
    const own = prior({});
    const bySize = new Float64Array(4);
    for (const network of allStructures(3, 1, 2)) bySize[activeInputs(network).length] += Math.exp(logPrior(network, own));
    // Beta(1, 3)-binomial of 3: 3/6 1, then times (3 - k) / (5 - k).
    const expected = [1 / 2, 3 / 10, 3 / 20, 1 / 20];
    bySize.forEach((share, k) => expect(share).toBeCloseTo(expected[k], 10));
  });

  it('knows how often random edges reach all inputs', () => {
    // Of two inputs the skips are none, one or both with 1/3 each; an only unit has one or both with 1/2 each.
    expect(Math.exp(logCover(2, 1))).toBeCloseTo(1 / 3 + (1 / 3) * (1 / 2 + 1 / 4) + (1 / 3) * (1 / 2), 12);
    expect(logCover(80, 3)).toBeLessThan(0);
  });
});
