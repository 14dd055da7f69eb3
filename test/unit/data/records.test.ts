import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode, fileSource, fitEncoder, allRows, readTable, recordTable, type Row } from '../../../src/data/index.js';
import { BnncError } from '../../../src/errors.js';

const missing = ['', 'NA'];
const table = (rows: unknown, columns = ['a', 'b']) => recordTable(rows as Row[], { columns, missing });

function problem(rows: unknown): string {
  try {
    table(rows);
  } catch (error) {
    if (!(error instanceof BnncError)) throw error;
    return `${error.problems[0].code} ${error.message}`;
  }
  return 'none';
}

describe('rows as objects', () => {
  it('become columns of numbers and texts, with gaps where nothing is', () => {
    const { columns, lines, names } = table([{ a: 1.5, b: 'x', c: {} }, { a: null, b: true }, { b: undefined }, { a: '2', b: 'NA' }]);
    expect(names).toEqual(['a', 'b']);
    expect(columns[0]).toEqual({ type: 'number', values: Float64Array.of(1.5, NaN, NaN, 2) });
    expect(columns[1]).toEqual({ type: 'text', codes: Int32Array.of(0, 1, -1, -1), levels: ['x', 'true'] });
    expect([...lines]).toEqual([1, 2, 3, 4]);
  });

  it('keep every number as it is', () => {
    fc.assert(fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), (values) => {
      const [column] = table(values.map((a) => ({ a })), ['a']).columns;
      expect(column).toEqual({ type: 'number', values: Float64Array.from(values, (value) => value + 0) });
    }));
  });

  it('are refused when a row or a cell is none, with its place', () => {
    expect(problem([{ a: 1 }, [1, 2]])).toMatch(/^data\.row <rows>:2: a row must be an object/);
    expect(problem([null])).toMatch(/^data\.row <rows>:1: /);
    expect(problem([{ a: new Date(0) }])).toMatch(/^data\.row <rows>:1: column 'a': a cell must be .*, not Date/);
    expect(problem([{ a: () => 1 }])).toMatch(/not a function/);
  });

  it('without a column that is needed name the one that was meant', async () => {
    const csv = await readTable(fileSource('datasets/penguins.csv'), { delimiter: 'auto', missing });
    const encoder = fitEncoder(csv, allRows(csv.rows), { target: 'species', task: 'auto', missing, columns: {} });
    const needed = encoder.features.map(({ name }) => name);
    const [header, ...lines] = readFileSync('datasets/penguins.csv', 'utf8').trim().split('\n').map((line) => line.split(','));
    const rows = lines.map((cells) => Object.fromEntries(cells.map((cell, c) => [header[c], cell])));
    const encoded = encode(recordTable(rows, { columns: needed, missing }), encoder, undefined, { target: 'none' });
    expect(encoded.x).toEqual(encode(csv, encoder, undefined, { target: 'none' }).x);
    const misspelt = rows.map(({ island, ...rest }) => ({ ...rest, islnd: island }));
    expect(() => encode(recordTable(misspelt, { columns: needed, missing }), encoder))
      .toThrow(/^<rows>:1: a column is missing that the model needs: 'island'\. Did you mean 'islnd'\?/);
  });
});
