import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../../src/shards/encode.js';

const VALUE = {
  numbers: [0, -0, 1e-300, NaN, Infinity, -Infinity], none: undefined, nil: null, holes: [undefined, null], text: 'ä\n', yes: true,
  arrays: [
    new Float64Array([1, NaN]), new Float32Array([0.1]), new Uint8Array([1, 2, 3]), new Int32Array([-1]), new Float32Array(0),
  ],
  map: new Map<unknown, unknown>([['a', 1], [2, new Map()]]), $: 'own', nested: { $: { $: 1 } },
};

describe('a value as bytes', () => {
  it('comes back as it was', () => {
    expect(decode(encode(VALUE))).toStrictEqual(VALUE);
  });

  it('does so whatever it is', () => {
    const arrays = [fc.float64Array(), fc.int16Array()];
    const leaf = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined), ...arrays);
    fc.assert(fc.property(fc.object({ values: [leaf], withNullPrototype: false }), (value) => {
      expect(decode(encode(value))).toEqual(value);
    }), { seed: 20, numRuns: 200 });
  });

  it('keeps an array that occurs twice as one, and takes no more than its part of a buffer', () => {
    const array = new Float32Array(8).fill(1).subarray(2, 4);
    const bytes = encode([array, { again: array }]);
    const [first, { again }] = decode(bytes) as [Float32Array, { again: Float32Array }];
    expect(again).toBe(first);
    expect([...first]).toEqual([1, 1]);
    expect(first.buffer.byteLength).toBe(8);
  });

  it.each([new Date(0), () => 1, Symbol('a'), new Set([1]), 1n])('is refused for what is no plain value: %s', (value) => {
    expect(() => encode({ value })).toThrow(TypeError);
  });

  it.each([
    ['no line', '1'], ['no JSON', '{\n'], ['a length that is not there', '{"$":"Float64Array","length":200000000}\n'],
    ['a length below 0', '{"$":"Float64Array","length":-1}\n'], ['an unknown tag', '{"$":"Date"}\n'], ['a tag of its prototype', '{"$":"constructor"}\n'],
    ['an array that does not come before', '{"$":"same","as":0}\n'], ['an array in the place of an index', '{"$":"same","as":"length"}\n'],
    ['more than it says', '1\nabcdefgh'], ['pairs that are none', '{"$":"Map","of":[[1]]}\n'], ['nesting without end', `${'['.repeat(200_000)}\n`],
  ])('is refused with %s', (_what, text) => {
    expect(() => decode(Buffer.from(text))).toThrow();
  });

  it('cannot change what other objects are', () => {
    const made = decode(Buffer.from('{"__proto__":{"polluted":1},"$x":{"$":"object","of":[["__proto__",{"polluted":1}]]}}\n'));
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
