import { describe, expect, it } from 'vitest';
import { allRows, encode, fitEncoder, readTable, recordTable, streamChunks, type ReadOptions } from '../../../src/data/index.js';
import { numberReader, styleOf } from '../../../src/data/style.js';
import { dataOptions, memory, problemOf } from './sources.js';

const DOT = 1163.74;

describe('numbers', () => {
  const read = (text: string, style: Parameters<typeof numberReader>[0]): number => numberReader(style)(text);

  it.each([
    ['1,163.74', { thousands: ',' }, DOT], ['1.163,74', { decimal: ',', thousands: '.' }, DOT], ["1'163.74", { thousands: "'" }, DOT],
    ['1 163,74', { decimal: ',', thousands: ' ' }, DOT], ['1\u202f163,74', { decimal: ',', thousands: ' ' }, DOT],
    ['-1.234.567', { decimal: ',', thousands: '.' }, -1234567], ['1163,74', { decimal: ',', thousands: '.' }, DOT],
    [',5', { decimal: ',' }, 0.5], ['1,5e-3', { decimal: ',' }, 0.0015], ['12', { decimal: ',' }, 12], ['1,000', { thousands: ',' }, 1000],
    ['1.299,99', { decimal: ',', thousands: '.' }, 1299.99],
  ] as const)('%s', (text, style, value) => {
    expect(read(text, style)).toBe(value);
  });

  it.each([
    ['1.5', { decimal: ',', thousands: '.' }], ['1.5', { decimal: ',' }], ['12,34', { thousands: ',' }], ['1,1634', { thousands: ',' }],
    ['1.163.74', { decimal: ',', thousands: '.' }], ['1,5,5', { decimal: ',' }], ['', { decimal: ',' }], [',', { decimal: ',' }],
    ['1 63', { thousands: ' ' }], ['0x10', { decimal: ',' }],
  ] as const)('not %s', (text, style) => {
    expect(read(text, style)).toBeNaN();
  });
});

describe('a table that is written otherwise', () => {
  const GERMAN = { delimiter: ';', missing: [''], decimal: ',', thousands: '.' } as const;
  const learned = 'p;y\n1.299,99;a\n5;b\n7,5;a\n';
  const table = (text: string, options: ReadOptions) => readTable(memory(Buffer.from(text), 'data.csv'), options);

  it('is read, and so are tables to predict and rows in memory', async () => {
    const read = await table(learned, GERMAN);
    const encoder = fitEncoder(read, allRows(read.rows), { ...dataOptions('y'), decimal: ',', thousands: '.' });
    expect(encoder.style).toEqual({ decimal: ',', thousands: '.' });
    const [{ range }] = encoder.features[0].columns;
    expect(range).toEqual([5, 1299.99]);
    const whole = encode(await table('p\n1.299,99\n', GERMAN), encoder).x.data;
    for await (const chunk of streamChunks(memory(Buffer.from('p\n1.299,99\n'), 'a.csv'), { ...GERMAN, chunkRows: 1 })) {
      expect(encode(chunk, encoder).x.data).toEqual(whole);
    }
    const rows = recordTable([{ p: 1299.99 }, { p: '1.299,99' }], { columns: ['p'], missing: [], style: encoder.style });
    expect(encode(rows, encoder).x.data).toEqual(Float32Array.of(whole[0], whole[0]));
  });

  it('takes no number that is written otherwise again', async () => {
    const read = await table('p;y\n1.299,99;a\n1.5;b\n7,5;a\n', GERMAN);
    const wrong = await problemOf(() => fitEncoder(read, allRows(read.rows), dataOptions('y')));
    expect(wrong).toMatchObject({ code: 'data.not-a-number', message: "column 'p': '1.5' is not a number", where: { line: 3 } });
  });

  it('may have quotes that mean nothing', async () => {
    for (const delimiter of [',', '\t']) {
      const text = ['a', 'b\n5" pipe', '1\n"odd', '2\n'].join(delimiter);
      const { columns, rows } = await table(text, { delimiter: 'auto', missing: [], quote: 'none' });
      expect(rows).toBe(2);
      expect(columns[0]).toMatchObject({ levels: ['5" pipe', '"odd'] });
      expect(await problemOf(() => table(text, { delimiter: 'auto', missing: [] }))).toMatchObject({ code: 'data.stray-quote' });
    }
  });

  it('is remembered only where it is not as usual', () => {
    expect(styleOf({ encoding: 'auto', quote: 'double', decimal: '.', thousands: 'none' })).toBeUndefined();
    expect(styleOf({ encoding: 'latin1', quote: 'none' })).toEqual({ encoding: 'latin1', quote: 'none' });
  });
});
