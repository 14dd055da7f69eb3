import { describe, expect, it } from 'vitest';
import { findStandIns, STAND_IN_CORRELATION } from '../../../../src/inference/inclusion/stand-ins.js';
import { Stream } from '../../../../src/random.js';
import type { EncodedColumn, Feature, InputInclusion, Matrix } from '../../../../src/types.js';

const column = (name: string, type: EncodedColumn['type'] = 'number'): EncodedColumn => ({ name, type, mean: 0, scale: 1 });
const numeric = (name: string): Feature => ({ name, kind: 'numeric', columns: [column(name)] });
const pip = (input: string, value: number): InputInclusion =>
  ({ input, pip: value, pipNetwork: value, pipMin: value, pipMax: value, unstable: false });

function matrix(columns: number[][]): Matrix {
  const rows = columns[0].length;
  return { rows, cols: columns.length, data: Float32Array.from({ length: rows * columns.length }, (_, at) =>
    columns[at % columns.length][Math.floor(at / columns.length)]) };
}

describe('stand-ins', () => {
  const a = [1, 2, 3, 4];
  const near = [2, 1, 4, 3]; // r = 0.6 with a
  const other = [1, 3, 2, 4]; // r = 0.8 with a, 0 with near

  it('are those at or beyond the threshold, of probable inputs, by PIP and then by size', () => {
    const x = matrix([a, near, other, a.map((value) => -5 * value)]);
    const inputs = [pip('a', 0.2), pip('near', 0.04), pip('other', 0.9), pip('minus', 0)];
    expect(STAND_IN_CORRELATION).toBe(0.7);
    expect(findStandIns([numeric('a'), numeric('near'), numeric('other'), numeric('minus')], x, inputs)).toEqual([
      { input: 'other', other: 'a', correlation: 0.8 },
      { input: 'other', other: 'minus', correlation: -0.8 },
      { input: 'a', other: 'minus', correlation: -1 },
      { input: 'a', other: 'other', correlation: 0.8 },
    ]);
  });

  it('of an input of several columns go by the closest pair; indicators of missing cells do not count', () => {
    const x = matrix([a, near, near, other]);
    const features: Feature[] = [
      { name: 'g', kind: 'categorical', columns: [column('g=p', 'level'), column('g=q', 'level')] },
      { name: 'gaps', kind: 'numeric', columns: [column('gaps=missing', 'missing')] },
      numeric('other'),
    ];
    expect(findStandIns(features, x, [pip('g', 1), pip('gaps', 1), pip('other', 0)]))
      .toEqual([{ input: 'g', other: 'other', correlation: 0.8 }]);
  });

  it('are bounded in number, and none of a column that does not vary', () => {
    const stream = Stream.fromSeed('many');
    const base = stream.normals(50);
    const columns = Array.from({ length: 130 }, () => Array.from(stream.normals(50), (value, n) => base[n] + 0.1 * value));
    const features = Array.from({ length: 131 }, (_, f) => numeric(`x${f}`));
    const found = findStandIns(features, matrix([...columns, columns[0].map(() => 3)]), features.map(({ name }) => pip(name, 1)));
    expect(found.length).toBe(100 * 20);
    expect(found.some(({ other: name }) => name === 'x130')).toBe(false);
    expect(found.every(({ correlation }) => correlation >= 0.7 && correlation <= 1)).toBe(true);
  });
});
