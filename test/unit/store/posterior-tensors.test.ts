import { describe, expect, it } from 'vitest';
import { BnncError } from '../../../src/errors.js';
import { readSafetensors, writeSafetensors } from '../../../src/export/safetensors/safetensors.js';
import { posteriorFromTensors, posteriorToTensors, type StoredPosterior } from '../../../src/store/posterior-tensors.js';
import { randomPosterior } from '../../helpers/random-posterior.js';

const posterior = randomPosterior({
  seed: 1, task: 'multiclass', activation: 'silu', gates: 'both', features: [1, 3], hidden: [4, 2],
});

function codeOf(change: (stored: StoredPosterior) => void): string {
  const stored = posteriorToTensors(structuredClone(posterior));
  change(stored);
  try { posteriorFromTensors(stored, 'runs/a/posterior.safetensors'); } catch (error) {
    expect(error).toBeInstanceOf(BnncError);
    const { exitCode, problems } = error as BnncError;
    expect(exitCode).toBe(6);
    expect(problems[0].where?.file).toBe('runs/a/posterior.safetensors');
    return problems[0].code;
  }
  return 'none';
}

describe('a stored posterior', () => {
  it('comes back bit for bit through a file', () => {
    const { tensors, metadata } = posteriorToTensors(posterior);
    const read = readSafetensors(writeSafetensors(tensors, metadata), 'a');
    expect(posteriorFromTensors(read, 'a')).toEqual(posterior);
  });

  it('comes back with a Gaussian spike, which must be narrower than its slab', () => {
    const spiked = { ...posterior, gates: 'none' as const, layers: posterior.layers.map((layer) => ({ ...layer, prior: { ...layer.prior, spike: 0.05 } })) };
    const stored = posteriorToTensors(spiked);
    expect(stored.metadata.spike).toBe('gaussian');
    expect(posteriorFromTensors(readSafetensors(writeSafetensors(stored.tensors, stored.metadata), 'a'), 'a')).toEqual(spiked);
    stored.tensors['layer1.prior'].data[3] = 1;
    expect(() => posteriorFromTensors(stored, 'a')).toThrow(/narrower/);
    delete stored.metadata.spike;
    expect(() => posteriorFromTensors(stored, 'a')).toThrow(/layer1\.prior/);
  });

  it('has version 2 with a background, which programs of version 1 would drop, also where all layers are plain', () => {
    const linear = randomPosterior({ seed: 2, task: 'multiclass', activation: 'silu', gates: 'node', features: [1, 3], hidden: [] });
    for (const plain of [posterior, linear]) {
      expect(posteriorToTensors(plain).metadata.schemaVersion).toBe('1');
      const weight = Float32Array.from({ length: 12 }, (_, at) => at / 8);
      const background = { weight, bias: Float32Array.of(1, -2, 0.5), share: 0.25 };
      const { tensors, metadata } = posteriorToTensors({ ...plain, background });
      expect(metadata.schemaVersion).toBe('2');
      expect(posteriorFromTensors(readSafetensors(writeSafetensors(tensors, metadata), 'a'), 'a')).toEqual({ ...plain, background });
      // As it was written before: under version 1, beside the whole network.
      const { 'background.share': _, ...former } = tensors;
      expect(posteriorFromTensors({ tensors: former, metadata: { ...metadata, schemaVersion: '1' } }, 'a'))
        .toEqual({ ...plain, background: { ...background, share: 1 } });
    }
  });

  it('is not changed by storing', () => {
    expect(codeOf(() => undefined)).toBe('none');
  });

  it.each<[string, (stored: StoredPosterior) => void, string]>([
    ['other tensors', (s) => { s.metadata = {}; }, 'run.not-a-posterior'],
    ['another version', (s) => { s.metadata.schemaVersion = '4'; }, 'run.posterior-version'],
    ['an unknown task', (s) => { s.metadata.task = 'ranking'; }, 'run.posterior-invalid'],
    ['no gates', (s) => { delete s.metadata.gates; }, 'run.posterior-invalid'],
    ['no number of layers', (s) => { delete s.metadata.layers; }, 'run.posterior-invalid'],
    ['a layer too many', (s) => { s.metadata.layers = '4'; }, 'run.posterior-invalid'],
    ['a missing tensor', (s) => { delete s.tensors['layer2.mu']; }, 'run.posterior-invalid'],
    ['a tensor of another shape', (s) => { s.tensors['layer1.mu'].shape = [2, 8]; }, 'run.posterior-invalid'],
    ['a tensor of another type', (s) => { s.tensors['layer1.group'].data = new Float32Array(4); }, 'run.posterior-invalid'],
    ['a number that is none', (s) => { s.tensors['layer1.sigma'].data[3] = NaN; }, 'run.posterior-invalid'],
    ['a gate that is not there', (s) => { s.tensors['layer1.group'].data[0] = 9; }, 'run.posterior-invalid'],
    ['layers that do not fit', (s) => {
      for (const part of Object.keys(s.tensors)) {
        if (part.startsWith('layer1.')) s.tensors[part.replace('layer1', 'layer2')] = s.tensors[part];
      }
    }, 'run.posterior-invalid'],
    ['a classifier with one output', (s) => { s.metadata.task = 'binary'; }, 'run.posterior-invalid'],
    ['a probability of 2', (s) => { s.tensors['layer1.alpha'].data[0] = 2; }, 'run.posterior-invalid'],
    ['a negative standard deviation', (s) => { s.tensors['layer1.bias_sigma'].data[0] = -1; }, 'run.posterior-invalid'],
  ])('is refused with %s', (_, change, code) => {
    expect(codeOf(change)).toBe(code);
  });
});
