import { describe, expect, it } from 'vitest';
import {
  allRows, decode, encode, fileSource, fitEncoder, readTable, subsetEncoder, type EncodeNotice, type EncoderOptions,
} from '../../../src/data/index.js';
import type { Encoder } from '../../../src/types.js';
import { renderError } from './render.js';
import { dataOptions, problemOf, read, READ } from './sources.js';

async function fit(text: string, rows?: number[], rest: Partial<Omit<EncoderOptions, 'split'>> = {}) {
  const table = await read(text);
  const encoder = fitEncoder(table, rows ? Int32Array.from(rows) : allRows(table.rows), dataOptions('y', rest));
  return { table, encoder };
}

const columnNames = (encoder: { features: { columns: { name: string }[] }[] }) =>
  encoder.features.flatMap(({ columns }) => columns.map(({ name }) => name));

describe('fitting', () => {
  it('takes rounding noise around a large number for a constant', async () => {
    const { encoder } = await fit('a,b,y\n100000.0000000001,1,0.5\n100000,2,1.5\n100000.0000000002,4,2\n');
    expect(columnNames(encoder)).toEqual(['b']);
    expect(encoder.dropped).toEqual([{ name: 'a', reason: 'constant' }]);
  });

  it('standardises numbers on the training rows, with an indicator if they lack some', async () => {
    const { encoder } = await fit('a,b,y\n1,1,0.5\n3,,1.5\nNA,2,2\n5,4,3\n900,900,4\n', [0, 1, 2, 3]);
    const third = Math.sqrt(0.25 * 0.75);
    expect(encoder.features).toEqual([
      {
        name: 'a',
        kind: 'numeric',
        columns: [
          { name: 'a', type: 'number', mean: 3, scale: Math.sqrt(8 / 3), range: [1, 5] },
          { name: 'a=missing', type: 'missing', mean: 0.25, scale: third },
        ],
        missing: true,
      },
      {
        name: 'b',
        kind: 'numeric',
        columns: [
          {
            name: 'b',
            type: 'number',
            mean: expect.closeTo(7 / 3, 12),
            scale: expect.closeTo(Math.sqrt(14 / 9), 12),
            range: [1, 4],
          },
          { name: 'b=missing', type: 'missing', mean: 0.25, scale: third },
        ],
        missing: true,
      },
    ]);
  });

  it('gives k > 2 levels k indicators and two levels one', async () => {
    const { encoder } = await fit('c,s,y\nb,m,0\na,f,1\nc,m,0\na,f,1\n');
    expect(columnNames(encoder)).toEqual(['c=a', 'c=b', 'c=c', 's=m']);
    expect(encoder.features[0]).toMatchObject({ kind: 'categorical', levels: ['a', 'b', 'c'] });
    expect(encoder.features[0].columns[0]).toEqual({ name: 'c=a', type: 'level', level: 'a', mean: 0.5, scale: 0.5 });
  });

  it('knows only levels of training rows, in numeric order where they are numbers', async () => {
    const { encoder } = await fit('c,y\n10,0\n9,1\nx,0\n', [0, 1]);
    expect(encoder.features[0].levels).toEqual(['9', '10']);
  });

  it('does not divide rare indicators by less than 0.2', async () => {
    const rows = Array.from({ length: 100 }, (_, i) => `${i === 7 ? 'rare' : 'usual'},${i % 2}`);
    const { encoder } = await fit(`c,y\n${rows.join('\n')}`);
    expect(encoder.features[0].columns[0]).toMatchObject({ name: 'c=usual', mean: 0.99, scale: 0.2 });
  });

  it('leaves out what does not vary on the training rows, with the reason', async () => {
    const { encoder } = await fit('k,t,m,half,x,y\n5,z,,5,1,0\n5,z,,,2,1\n6,w,3,5,3,1\n', [0, 1]);
    expect(encoder.dropped).toEqual([
      { name: 'k', reason: 'constant' },
      { name: 't', reason: 'constant' },
      { name: 'm', reason: 'all missing' },
    ]);
    // A number that does not vary still says something by being missing.
    expect(columnNames(encoder)).toEqual(['half=missing', 'x']);
  });

  it('survives very large and very small numbers', async () => {
    const { table, encoder } = await fit('a,b,y\n1e200,1e-200,0\n-1e200,3e-200,1\n0,2e-200,1\n');
    const { x } = encode(table, encoder);
    expect(Array.from(x.data, (value) => Number(value.toFixed(4)))).toEqual([1.2247, -1.2247, -1.2247, 1.2247, 0, 0]);
  });

  it('needs an input', async () => {
    expect(await problemOf(() => fit('a,b,y\n1,x,0\n1,x,1\n'))).toMatchObject({
      code: 'data.no-inputs',
      message: "no input column is left of 2: 'a' (constant), 'b' (constant)",
      where: { file: 'data.csv' },
    });
    expect((await problemOf(() => fit('y\n0\n1\n'))).message).toBe('the target is the only column');
  });
});

describe('encoding', () => {
  it('makes a row-major matrix and standardised or indexed targets', async () => {
    const { table, encoder } = await fit('a,c,y\n1,u,0\n3,v,1\n1,v,0\n3,u,1\n');
    const dataset = encode(table, encoder);
    expect(dataset.x).toEqual({ rows: 4, cols: 2, data: Float32Array.of(-1, -1, 1, 1, -1, 1, 1, -1) });
    expect(dataset.y).toEqual(Float32Array.of(0, 1, 0, 1));
    const part = encode(table, encoder, Int32Array.of(2, 0));
    expect(part.x.data).toEqual(Float32Array.of(-1, 1, -1, -1));
    const { table: line, encoder: regression } = await fit('a,y\n1,1.5\n2,2.5\n', undefined, { task: 'regression' });
    expect(encode(line, regression).y).toEqual(Float32Array.of(-1, 1));
  });

  it('ignores the order of columns and extra ones, and needs no target', async () => {
    const { encoder, table } = await fit('a,c,y\n1,u,0\n3,v,1\n');
    const other = await read('extra,c,more,a\n,v,x,3\n,u,y,1\n');
    const dataset = encode(other, encoder);
    expect(dataset.x.data).toEqual(Float32Array.of(1, 1, -1, -1));
    expect(dataset).not.toHaveProperty('y');
    expect(encode(table, encoder, undefined, { target: 'none' })).not.toHaveProperty('y');
    expect(encode(await read('a,c,y\n1,u,\n3,v,\n'), encoder)).not.toHaveProperty('y');
  });

  it('reads numbers as levels and levels that are numbers, however a chunk stores them', async () => {
    const { encoder } = await fit('c,y\n1,0\nx,1\n2.0,0\nx,1\n');
    const dataset = encode(await read('c\n2\n1.0\n1\n'), encoder);
    expect(dataset.x.data).toEqual(encode(await read('c\n2\n1\n1\nx\n'), encoder, Int32Array.of(0, 1, 2)).x.data);
  });

  it('puts missing numbers at the mean', async () => {
    const { encoder } = await fit('a,y\n1,0\n3,1\n');
    expect(encode(await read('a,b\nNA,1\n'), encoder).x.data).toEqual(Float32Array.of(0));
    expect(encode(await read('a,b\n,1\n'), encoder).x.data).toEqual(Float32Array.of(0));
  });

  it('puts an unseen level into none of several, and at the average of two', async () => {
    const { encoder } = await fit('c,s,y\na,m,0\nb,f,1\nc,m,0\n');
    const mean = 1 / 3;
    const off = Math.fround(-mean / Math.sqrt(mean * (1 - mean)));
    expect(encode(await read('c,s\nz,z\n'), encoder).x.data).toEqual(Float32Array.of(off, off, off, 0));
  });

  it('tells about rows unlike the training rows', async () => {
    const { encoder } = await fit('a,c,s,y\n1,a,u,0\n3,b,v,1\n2,c,u,0\n');
    const notices: EncodeNotice[] = [];
    encode(await read('a,c,s\n2,z,u\n8,q,\n9,a,u\n5,a,u\n'), encoder, undefined, { onNotice: (notice) => notices.push(notice) });
    expect(notices).toEqual([
      { type: 'out-of-range', column: 'a', count: 2, line: 3, example: '8' },
      { type: 'unseen-level', column: 'c', count: 2, line: 2, example: 'z' },
      { type: 'unseen-missing', column: 's', count: 1, line: 3, example: '' },
    ]);
  });

  it('tells nothing about the training rows themselves', async () => {
    const table = await readTable(fileSource('datasets/penguins.csv'), READ);
    const encoder = fitEncoder(table, allRows(table.rows), dataOptions('species'));
    const notices: EncodeNotice[] = [];
    const { x } = encode(table, encoder, undefined, { onNotice: (notice) => notices.push(notice) });
    expect(notices).toEqual([]);
    expect(columnNames(encoder)).toEqual([
      'island=Biscoe', 'island=Dream', 'island=Torgersen', 'bill_length_mm', 'bill_length_mm=missing', 'bill_depth_mm',
      'bill_depth_mm=missing', 'flipper_length_mm', 'flipper_length_mm=missing', 'body_mass_g', 'body_mass_g=missing',
      'sex=MALE', 'sex=missing',
    ]);
    for (let column = 0; column < x.cols; column++) {
      let sum = 0;
      for (let row = 0; row < x.rows; row++) sum += x.data[row * x.cols + column];
      expect(Math.abs(sum / x.rows)).toBeLessThan(1e-6);
    }
  });

  it('is plain JSON between fitting and encoding', async () => {
    const { table, encoder } = await fit('a,c,y\n1,u,0\n,v,1\n3,w,0\n');
    expect(encode(table, JSON.parse(JSON.stringify(encoder)) as Encoder)).toEqual(encode(table, encoder));
  });
});

describe('mistakes', () => {
  it('missing columns, all of them, with the names that may be meant', async () => {
    const { encoder } = await fit('Area,Extent,Perimeter,y\n1,1,1,0\n2,2,2,1\n');
    expect(await renderError(async () => encode(await read('area,Extent\n1,2\n', {}, 'new.csv'), encoder))).toBe(
      "new.csv:1: 2 columns are missing that the model needs: 'Area', 'Perimeter'. Did you mean 'area'?",
    );
    expect(await problemOf(async () => encode(await read('Area,Perimeter,q\n1,2,3\n'), encoder))).toMatchObject({
      code: 'data.missing-column',
      message: "a column is missing that the model needs: 'Extent'",
    });
  });

  it('text where training saw numbers', async () => {
    const { encoder } = await fit('a,y\n1,0\n3,1\n');
    expect(await renderError(async () => encode(await read('a\n1\nx\n', {}, 'new.csv'), encoder))).toBe(
      "new.csv:3: column 'a': 'x' is not a number. "
      + "The model was trained on numbers here; a missing cell is empty or 'NA' or '?'.",
    );
    expect((await problemOf(async () => encode(await read('a;b\n1,5;2\n'), encoder))).hint).toMatch(/as the table does/);
    expect((await problemOf(async () => encode(await read('a\n1\nNaN\n'), encoder))).code).toBe('data.not-finite');
    expect(encode(await read('a\n1\nx\n3\n'), encoder, Int32Array.of(0, 2)).x.data).toEqual(Float32Array.of(-1, 1));
  });

  it('a number beyond the network inputs', async () => {
    const { encoder } = await fit('a,y\n1,0\n3,1\n');
    expect(await problemOf(async () => encode(await read('a\n1\n1e300\n'), encoder))).toMatchObject({
      code: 'data.not-finite',
      where: { line: 3 },
    });
  });

  it('an unknown class', async () => {
    const { encoder } = await fit('a,y\n1,Besni\n3,Kecimen\n');
    expect(await problemOf(async () => encode(await read('a,y\n1,Besni\n2,besni\n'), encoder))).toMatchObject({
      code: 'data.unknown-class',
      message: "column 'y': 'besni' is not one of the classes 'Besni', 'Kecimen'",
      hint: "Did you mean 'Besni'?",
      where: { file: 'data.csv', line: 3 },
    });
  });

  it('a target that is missing in some rows, or text for regression', async () => {
    const { encoder } = await fit('a,y\n1,1.5\n3,2.5\n2,3.5\n');
    expect(await problemOf(async () => encode(await read('a,y\n1,1\n2,\n'), encoder))).toMatchObject({
      code: 'data.missing-target',
      where: { line: 3 },
    });
    expect((await problemOf(async () => encode(await read('a,y\n1,one\n'), encoder))).code).toBe('data.not-a-number');
  });
});

describe('subsetEncoder', () => {
  it('keeps columns, drops features without any, and still knows all levels', async () => {
    const { table, encoder } = await fit('a,c,s,y\n1,a,u,0\n,b,v,1\n3,c,u,0\n');
    expect(columnNames(encoder)).toEqual(['a', 'a=missing', 'c=a', 'c=b', 'c=c', 's=v']);
    const kept = [true, false, false, true, false, false];
    const subset = subsetEncoder(encoder, kept);
    expect(columnNames(subset)).toEqual(['a', 'c=b']);
    expect(subset.dropped).toEqual([{ name: 's', reason: 'pruned' }]);
    expect(encoder.dropped).toEqual([]);
    const whole = encode(table, encoder).x;
    const notices: EncodeNotice[] = [];
    const part = encode(table, subset, undefined, { onNotice: (notice) => notices.push(notice) }).x;
    expect(Array.from(part.data)).toEqual(Array.from(whole.data).filter((_, i) => kept[i % whole.cols]));
    expect(notices.filter(({ type }) => type === 'unseen-level')).toEqual([]);
    expect(encode(await read('c,a\na,1\n'), subset).x.cols).toBe(2);
  });

  it('does not take a missing cell for a new one when its indicator is gone', async () => {
    const { table, encoder } = await fit('a,c,y\n1,u,0\n,,1\n3,v,0\n4,w,1\n');
    const kept = encoder.features.flatMap(({ columns }) => columns.map(({ type }) => type !== 'missing'));
    const whole = encode(table, encoder).x;
    const notices: EncodeNotice[] = [];
    const part = encode(table, subsetEncoder(encoder, kept), undefined, { onNotice: (notice) => notices.push(notice) }).x;
    expect(Array.from(part.data)).toEqual(Array.from(whole.data).filter((_, i) => kept[i % whole.cols]));
    expect(notices).toEqual([]);
  });

  it('wants one flag a column', async () => {
    const { encoder } = await fit('a,y\n1,0\n3,1\n');
    expect(() => subsetEncoder(encoder, [true, false])).toThrow(RangeError);
  });
});

describe('decode', () => {
  it('recovers cells', async () => {
    const { table, encoder } = await fit('a,c,s,y\n1,a,u,0\n,b,,1\n3,c,v,0\n');
    const { x } = encode(table, encoder);
    const rows = [0, 1, 2].map((row) => [...decode(encoder, x.data.subarray(row * x.cols, (row + 1) * x.cols)).values()]);
    expect(rows).toEqual([[expect.closeTo(1, 6), 'a', 'u'], [null, 'b', null], [expect.closeTo(3, 6), 'c', 'v']]);
  });
});
