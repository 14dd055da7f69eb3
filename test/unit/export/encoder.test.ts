import { describe, expect, it } from 'vitest';
import { BnncError } from '../../../src/errors.js';
import { readEncoder, writeEncoder } from '../../../src/export/encoder.js';
import { encoderFor } from '../../helpers/random-posterior.js';

const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

function codeOf(bytes: Uint8Array): string {
  try { readEncoder(bytes, 'runs/a/encoder.json'); } catch (error) {
    expect(error).toBeInstanceOf(BnncError);
    expect((error as BnncError).problems[0].where?.file).toBe('runs/a/encoder.json');
    return (error as BnncError).problems[0].code;
  }
  return 'none';
}

describe('encoder.json', () => {
  const encoder = encoderFor('multiclass', [1, 3]);

  it('comes back as it was, and gives the same bytes again', () => {
    const bytes = writeEncoder(encoder);
    expect(readEncoder(bytes, 'a')).toEqual(encoder);
    expect(writeEncoder(readEncoder(bytes, 'a'))).toEqual(bytes);
  });

  it('is refused when damaged, and each fault has its place', () => {
    expect(codeOf(writeEncoder(encoder).slice(0, 40))).toBe('run.not-json');
    expect(codeOf(bytesOf({ ...encoder, schemaVersion: 2 }))).toBe('run.encoder-invalid');
    expect(codeOf(bytesOf({ ...encoder, features: 'all' }))).toBe('run.encoder-invalid');
    expect(codeOf(bytesOf({ ...encoder, extra: 1 }))).toBe('run.encoder-invalid');
    const flat = { ...encoder.features[0], columns: [{ ...encoder.features[0].columns[0], scale: 0 }] };
    expect(codeOf(bytesOf({ ...encoder, features: [flat] }))).toBe('run.encoder-invalid');
    expect(codeOf(bytesOf(null))).toBe('run.encoder-invalid');
  });
});
