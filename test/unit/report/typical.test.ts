/** What the form of an interactive report starts with: middles of the training rows, else what the encoder knows. */
import { describe, expect, it } from 'vitest';
import { recordTable } from '../../../src/data/index.js';
import { startsOf } from '../../../src/report/interactive/typical.js';
import type { EncodedColumn, Feature } from '../../../src/types.js';

const number = (mean: number): EncodedColumn => ({ name: 'n', type: 'number', mean, scale: 1 });
const level = (name: string, share: number): EncodedColumn => ({ name, type: 'level', level: name, mean: share, scale: 0.5 });
const FEATURES: Feature[] = [
  { name: 'whole', kind: 'numeric', columns: [number(1234.567)] },
  { name: 'part', kind: 'numeric', columns: [number(0.123456)] },
  { name: 'colour', kind: 'categorical', levels: ['red', 'green', 'blue'], columns: [level('red', 0.2), level('green', 0.5)] },
  { name: 'day', kind: 'date', columns: [number(0)], dates: { order: 'iso', days: [10, 21] } },
  { name: 'size', kind: 'categorical', form: 'ordinal', levels: ['S', 'M', 'L'], columns: [number(1.6)] },
];
const NO_ROWS = { reason: 'the file is gone' };

describe('a form starts', () => {
  it('without rows with means, the likeliest level and the middle of the days', () => {
    const { inputs, fromRows } = startsOf(FEATURES, NO_ROWS);
    expect(fromRows).toBe(false);
    expect(inputs.map(({ value }) => value)).toEqual([1230, 0.123, 'green', 16, 'L']);
    expect(inputs.every(({ whole }) => !whole)).toBe(true);
    // The level without a column of its own has what the others leave.
    const rare = { ...FEATURES[2], columns: [level('red', 0.2), level('green', 0.3)] };
    expect(startsOf([rare], NO_ROWS).inputs[0].value).toBe('blue');
    const cut = [{ ...FEATURES[0], columns: [] }, { name: 'day', kind: 'date', columns: [] } as Feature];
    expect(startsOf(cut, NO_ROWS).inputs.map(({ value }) => value)).toEqual([0, 0]);
  });

  it('with rows at their middle number and most frequent level, of the training rows alone', () => {
    const cells = [[3, 0.5, 'red', '1970-01-05'], [9, 1.5, 'blue', '1970-01-03'], [5, 2.5, 'blue', '1970-01-04'], [100, 9, 'red', '1999-01-01']];
    const table = recordTable(
      cells.map(([whole, part, colour, day]) => ({ whole, part, colour, day })), { columns: ['whole', 'part', 'colour', 'day'], missing: [] });
    const features = FEATURES.slice(0, 4);
    const { inputs, fromRows } = startsOf(features, { table, rows: Int32Array.of(0, 1, 2) });
    expect(fromRows).toBe(true);
    expect(inputs).toEqual([
      { value: 5, whole: true }, { value: 1.5, whole: false }, { value: 'blue', whole: false }, { value: 3, whole: true },
    ]);
    // Of an even number of rows the lower of the two middles; without a column, or a cell, the encoder's.
    expect(startsOf(features.slice(0, 1), { table, rows: Int32Array.of(0, 1, 2, 3) }).inputs[0].value).toBe(5);
    const other = recordTable([{ part: null }, { part: null }], { columns: ['part'], missing: [] });
    const absent = startsOf(features.slice(0, 2), { table: other, rows: Int32Array.of(0, 1) });
    expect(absent.inputs.map(({ value }) => value)).toEqual([1230, 0.123]);
  });
});
