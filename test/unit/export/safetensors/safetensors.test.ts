import { describe, expect, it } from 'vitest';
import { BnncError } from '../../../../src/errors.js';
import { readSafetensors, writeSafetensors, type Tensors } from '../../../../src/export/safetensors/safetensors.js';

const tensors: Tensors = {
  small: { shape: [2, 3], data: Float32Array.of(1, -2, 0.5, 1e-30, 3, Infinity) },
  counts: { shape: [3], data: Int32Array.of(1, -2, 2147483647) },
  wide: { shape: [1], data: Float64Array.of(Math.PI) },
  none: { shape: [0, 4], data: new Float32Array(0) },
  scalar: { shape: [], data: Float32Array.of(7) },
};
const metadata = { format: 'test', note: 'ä ↔ "quoted"' };
const bytes = writeSafetensors(tensors, metadata);

const headerOf = (file: Uint8Array): { text: string; start: number } => {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  return { text: new TextDecoder().decode(file.subarray(8, 8 + length)), start: 8 + length };
};

/** The file with another header. */
function withHeader(change: (header: string) => string): Uint8Array {
  const { text, start } = headerOf(bytes);
  const header = new TextEncoder().encode(change(text));
  const file = new Uint8Array(8 + header.length + bytes.length - start);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  file.set(bytes.subarray(start), 8 + header.length);
  return file;
}

function codeOf(file: Uint8Array): string {
  try { readSafetensors(file, 'runs/a/posterior.safetensors'); } catch (error) {
    expect(error).toBeInstanceOf(BnncError);
    const { problems, exitCode } = error as BnncError;
    expect(exitCode).toBe(6);
    expect(problems[0].where?.file).toBe('runs/a/posterior.safetensors');
    expect(problems[0].hint).toBeTruthy();
    return problems[0].code;
  }
  return 'none';
}

describe('safetensors', () => {
  it('comes back as it was', () => {
    expect(readSafetensors(bytes, 'a')).toEqual({ tensors, metadata });
  });

  it('reads a Buffer, whose slices are views, each tensor in a buffer of its own', () => {
    const read = readSafetensors(Buffer.from(bytes), 'x.safetensors').tensors;
    expect(read).toEqual(tensors);
    expect(Object.values(read).every(({ data }) => data.byteLength === data.buffer.byteLength)).toBe(true);
  });

  it('reads from the middle of a larger buffer', () => {
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    expect(readSafetensors(larger.subarray(3), 'a')).toEqual({ tensors, metadata });
  });

  it('is laid out as the format says', () => {
    const { text, start } = headerOf(bytes);
    const header = JSON.parse(text) as Record<string, { dtype: string; shape: number[]; data_offsets: number[] }>;
    expect(start % 8).toBe(0);
    expect(header.wide).toEqual({ dtype: 'F64', shape: [1], data_offsets: [0, 8] });
    expect(header.small).toEqual({ dtype: 'F32', shape: [2, 3], data_offsets: [8, 32] });
    const view = new DataView(bytes.buffer);
    expect(view.getFloat64(start, true)).toBe(Math.PI);
    expect(view.getFloat32(start + 12, true)).toBe(-2);
    expect(view.getInt32(start + header.counts.data_offsets[0] + 4, true)).toBe(-2);
  });

  it('gives the same bytes each time, and works with nothing in it', () => {
    expect(writeSafetensors(tensors, metadata)).toEqual(bytes);
    expect(readSafetensors(writeSafetensors({}), 'a')).toEqual({ tensors: {}, metadata: {} });
  });

  it('refuses to write a shape that does not fit', () => {
    expect(() => writeSafetensors({ a: { shape: [2], data: new Float32Array(3) } })).toThrow(RangeError);
  });

  it('tells a file cut short anywhere', () => {
    for (let length = 0; length < bytes.length; length++) expect(codeOf(bytes.slice(0, length))).toBe('run.tensors-damaged');
  });

  it.each<[string, Uint8Array, string]>([
    ['bytes too many', Uint8Array.from([...bytes, 0]), 'run.tensors-damaged'],
    ['a header that is not JSON', withHeader((text) => text.replace('{', '(')), 'run.tensors-damaged'],
    ['a header that is a list', withHeader(() => '[]'), 'run.tensors-damaged'],
    ['an overlap', withHeader((text) => text.replace('[8,32]', '[4,28]')), 'run.tensors-damaged'],
    ['a shape of another size', withHeader((text) => text.replace('[2,3]', '[2,2]')), 'run.tensors-damaged'],
    ['a negative size', withHeader((text) => text.replace('[2,3]', '[-2,-3]')), 'run.tensors-damaged'],
    ['a tensor without type', withHeader((text) => text.replace('"dtype":"I32",', '')), 'run.tensors-damaged'],
    ['metadata that are not text', withHeader((text) => text.replace('"test"', '1')), 'run.tensors-damaged'],
    ['another number type', withHeader((text) => text.replace('"I32"', '"BF16"')), 'run.tensors-type'],
  ])('tells %s', (_, file, code) => {
    expect(codeOf(file)).toBe(code);
  });
});
