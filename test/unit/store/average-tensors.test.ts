import { describe, expect, it } from 'vitest';
import { BnncError } from '../../../src/errors.js';
import { readSafetensors, writeSafetensors } from '../../../src/export/safetensors/safetensors.js';
import { posteriorFromTensors, posteriorToTensors, type StoredPosterior } from '../../../src/store/posterior-tensors.js';
import type { NetworkList, Posterior } from '../../../src/types.js';
import { randomPosterior } from '../../helpers/random-posterior.js';

/** A constant; a skip; a skip and a unit. */
const list: NetworkList = {
  from: Int32Array.of(0, 1, 3, 8), kind: Int32Array.of(0, 0, 1, 0, 1, 2, 3, 4),
  column: Int32Array.of(-1, -1, 1, -1, 0, -1, 2, -1),
  unit: Int32Array.of(-1, -1, -1, -1, -1, 0, 0, 0), output: Int32Array.of(0, 0, 0, 0, 0, -1, -1, 0),
  weight: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
};
const posterior: Posterior = {
  ...randomPosterior({ seed: 1, task: 'regression', activation: 'xtanh', gates: 'both', features: [1, 3], hidden: [2] }),
  average: {
    structures: { ...list, share: Float64Array.of(0.5, 0.3, 0.2) },
    draws: { ...list, noiseVariance: Float64Array.of(0.1, 0.2, 0.3) },
  },
};

describe('a stored average over structures', () => {
  it('comes back bit for bit through a file, of a version that others refuse', () => {
    const { tensors, metadata } = posteriorToTensors(posterior);
    expect(metadata.schemaVersion).toBe('3');
    expect(posteriorFromTensors(readSafetensors(writeSafetensors(tensors, metadata), 'a'), 'a')).toEqual(posterior);
  });

  it.each<[string, (stored: StoredPosterior) => void, RegExp]>([
    ['a missing tensor', ({ tensors }) => { delete tensors['average.draws.kind']; }, /average\.draws\.kind.*missing/],
    ['ends that go back', ({ tensors }) => { tensors['average.draws.from'].data[1] = 5; }, /do not follow one another/],
    ['a column that is not there', ({ tensors }) => { tensors['average.structures.column'].data[2] = 4; }, /a column that is not there/],
    ['an output that is not there', ({ tensors }) => { tensors['average.draws.output'].data[7] = 1; }, /an output that is not there/],
    ['weights out of order', ({ tensors }) => { tensors['average.draws.kind'].data[4] = 3; }, /not in their order/],
    ['an unknown kind', ({ tensors }) => { tensors['average.draws.kind'].data[7] = 9; }, /not in their order/],
    ['a unit of another place', ({ tensors }) => { tensors['average.draws.unit'].data[6] = 1; }, /another unit/],
    ['no bias', ({ tensors }) => { tensors['average.draws.kind'].data[0] = 1; }, /a column|one bias/],
    ['a weight that is no number', ({ tensors }) => { tensors['average.draws.weight'].data[0] = NaN; }, /not finite/],
    ['a variance of 0', ({ tensors }) => { tensors['average.draws.noise_variance'].data[0] = 0; }, /variance/],
    ['a share above 1', ({ tensors }) => { tensors['average.structures.share'].data[0] = 2; }, /share/],
  ])('is refused with %s', (_, change, said) => {
    const stored = posteriorToTensors(structuredClone(posterior));
    change(stored);
    expect(() => posteriorFromTensors(stored, 'a')).toThrow(BnncError);
    expect(() => posteriorFromTensors(stored, 'a')).toThrow(said);
  });
});
