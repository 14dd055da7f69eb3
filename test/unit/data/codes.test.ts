import { describe, expect, it } from 'vitest';
import { allRows, columnRemarks, describeTable, encode, fitEncoder, type EncoderOptions } from '../../../src/data/index.js';
import { say } from '../../../src/voice.js';
import { everyReader, modelOf } from '../../helpers/export-agreement.js';
import { cells, dataOptions, read } from './sources.js';

const table = (name: string, column: readonly string[]) =>
  read(`${name},x,y\n${column.map((cell, i) => `${cell},${i % 7},${i % 2}`).join('\n')}\n`);

async function fit(column: readonly string[], columns: EncoderOptions['columns'] = {}) {
  const found = await table('c', column);
  const encoder = fitEncoder(found, allRows(found.rows), dataOptions('y', { columns }));
  const remarks = columnRemarks(found, allRows(found.rows), encoder, { columns });
  return { table: found, encoder, remarks: remarks.map((words) => say(words)) };
}

const KEY = 2n * 10n ** 17n;
const keys = Array.from({ length: 60 }, (_, i) => String(KEY + BigInt(i)));

describe('whole numbers of more than 15 digits', () => {
  it('are keys, all of them different where a double knows only few', async () => {
    expect(new Set(keys.map(Number)).size).toBeLessThan(10);
    const { table: found, encoder } = await fit(keys);
    expect(cells(found, 'c')).toEqual(keys);
    expect(encoder.dropped).toEqual([{ name: 'c', reason: 'keys of more than 15 digits' }]);
    expect(describeTable(found)[0]).toMatchObject({ kind: 'identifier', distinct: 60 });
  });

  it('are levels where each has several rows, said so', async () => {
    const { encoder, remarks } = await fit(Array.from({ length: 60 }, (_, i) => keys[i % 3]));
    expect(encoder.features[0]).toMatchObject({ kind: 'categorical', levels: keys.slice(0, 3) });
    expect(remarks).toEqual(["input 'c' is read as keys, because its numbers have more than 15 digits; "
      + "sets: ['data.columns.c.kind=numeric'] reads amounts"]);
  });

  it('are amounts where that is said, and where they are few among other numbers', async () => {
    const told = await fit(keys, { c: { kind: 'numeric' } });
    expect(told.encoder.features[0]).toMatchObject({ kind: 'numeric' });
    expect(told.remarks).toEqual([]);
    const few = await fit([...Array.from({ length: 20 }, (_, i) => String(i)), keys[0]]);
    expect(few.encoder.features[0].columns[0]).toMatchObject({ type: 'number', range: [0, 19], clip: 10 });
    const fractions = await fit([...keys.slice(0, 10), '1.5']);
    expect(fractions.encoder.features[0].kind).toBe('numeric');
  });
});

describe('leading zeros', () => {
  const zips = ['05123', '94103', '05123', '94103', '5123', '94103'];

  it('make codes, said so', async () => {
    const { encoder, remarks } = await fit(zips);
    expect(encoder.features[0]).toMatchObject({ kind: 'categorical', levels: ['05123', '5123', '94103'] });
    expect(remarks).toEqual(["input 'c' is read as codes, because its numbers have leading zeros; "
      + "sets: ['data.columns.c.kind=numeric'] reads amounts"]);
    const many = await fit(Array.from({ length: 60 }, (_, i) => String(i).padStart(4, '0')));
    expect(many.encoder.dropped).toEqual([{ name: 'c', reason: 'identifier-like codes with leading zeros' }]);
  });

  it('are nothing where numbers have fractions or signs, or are declared amounts', async () => {
    for (const [column, columns] of [[['007', '1.5', '2', '3'], {}], [['007', '-1', '2', '3'], {}], [zips, { c: { kind: 'numeric' } }]] as const) {
      const { table: found, encoder } = await fit(column, columns);
      expect(encoder.features[0].kind).toBe('numeric');
      const { x } = encode(found, encoder, Int32Array.of(0));
      const { mean, scale } = encoder.features[0].columns[0];
      expect(x.data[0] * scale + mean).toBeCloseTo(Number(column[0]), 2);
    }
    expect(describeTable(await table('c', ['007', '1.5']))[0]).toMatchObject({ kind: 'numeric', min: 1.5, max: 7 });
  });

  it('mean texts among them are no mistake', async () => {
    const { encoder } = await fit([...Array.from({ length: 30 }, (_, i) => ['01234', '99999'][i % 2]), 'K1A']);
    expect(encoder.features[0].levels).toEqual(['01234', '99999', 'K1A']);
  });

  it('are the same to every export', async () => {
    const csv = `c,k,w,y\n${Array.from({ length: 60 }, (_, i) => `${zips[i % 6]},${keys[i % 3]},${i % 7},${i}`).join('\n')}\n`;
    const model = await modelOf(csv);
    const rows = [...zips, '005123', '1', ''].map((c, i) => ({ c, k: keys[i % 5], w: `00${i}` }));
    const { program, ...others } = await everyReader(model, rows);
    expect(new Set(program.slice(0, 5)).size).toBeGreaterThan(3);
    for (const found of Object.values(others)) found.forEach((value, i) => expect(value).toBeCloseTo(program[i], 4));
  });
});
