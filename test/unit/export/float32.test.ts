import { describe, expect, it } from 'vitest';
import { float32List, float32Text } from '../../../src/export/float32.js';
import { Stream } from '../../../src/random.js';

describe('float32Text', () => {
  it.each([
    [0.1, '0.1'], [-0.1, '-0.1'], [1 / 3, '0.33333334'], [0, '0'], [-0, '0'], [1, '1'], [1e-7, '1e-7'], [16777216, '16777216'],
    [123456789, '123456790'], [3.4028234663852886e38, '3.4028235e+38'], [1.401298464324817e-45, '1e-45'], [2.5e10, '25000000000'],
  ])('prints %d as %s', (value, text) => {
    expect(float32Text(value)).toBe(text);
  });

  it('rounds back to the same number, and no shorter text does', () => {
    const stream = Stream.fromSeed(1);
    const view = new DataView(new ArrayBuffer(4));
    let checked = 0;
    while (checked < 3000) {
      view.setUint32(0, stream.bits());
      const value = view.getFloat32(0);
      if (!Number.isFinite(value) || value === 0) continue;
      const text = float32Text(value);
      expect(Math.fround(Number(text))).toBe(value);
      const digits = text.replace(/e.*/, '').replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length;
      if (digits > 1) expect(Math.fround(Number(value.toPrecision(digits - 1)))).not.toBe(value);
      checked++;
    }
  });

  it('makes JSON lists', () => {
    expect(JSON.parse(float32List(Float32Array.of(0.1, -2, 1e-30)))).toEqual([0.1, -2, 1e-30]);
  });
});
