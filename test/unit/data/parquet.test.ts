import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allRows, encode, fileSource, fitEncoder, readTable, streamChunks, type ReadOptions, type Table } from '../../../src/data/index.js';
import { Notices } from '../../../src/predict/notices.js';
import { keepingSlices } from '../../../src/data/placed-bytes.js';
import { cells, dataOptions, memory, problemOf, READ } from './sources.js';

/** Written by pyarrow: make.py beside them says what is in them. */
const FIXTURES = fileURLToPath(new URL('../../fixtures/tables', import.meta.url));
const fixture = (name: string): string => path.join(FIXTURES, `${name}.parquet`);
const read = (file: string, options: Partial<ReadOptions> = {}): Promise<Table> =>
  readTable(fileSource(file, path.basename(file)), { ...READ, ...options });

const CSV = `int,long,unsigned,double,float,half,decimal,wide,text,level,code,on,day,utc,local,nanos,time,none
1,12345678901234567,4294967295,1.5,0.1,0.5,0.30,1234567890123456789.05,"é, ""x""",u,01,true,2024-03-01,2024-03-01T12:30:00Z,2024-03-01T12:30:00,1970-01-01T00:00:00.000000001,12:30:00,
,,,,,,,,,,,,,,,,,
-3,42,0,-2e300,3.25,-2,-12345.67,-0.01,b,v,02,false,1969-12-31,1969-12-31T23:59:59.5Z,2024-03-01T00:00:00,2024-03-01T12:30:00,00:00:01.25,
`;

const content = ({ names, columns, rows }: Table): object => ({ names, columns, rows });

let folder: string;
beforeAll(() => { folder = mkdtempSync(path.join(tmpdir(), 'bnnc-parquet-')); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));
/** A file of some columns. */
function written(columns: Record<string, unknown[]>, rowGroupSize?: number, name = 'rows.parquet'): string {
  const columnData = Object.entries(columns).map(([column, data]) => ({ name: column, data }));
  const file = path.join(folder, name);
  writeFileSync(file, new Uint8Array(parquetWriteBuffer({ columnData, ...(rowGroupSize !== undefined && { rowGroupSize }) })));
  return file;
}

describe('Parquet', () => {
  it.each(['snappy', 'gzip', 'brotli', 'zstd', 'lz4', 'v2'])('of all types (%s) has the cells of their texts', async (variant) => {
    const expected = content(await readTable(memory(CSV), READ));
    const table = await read(fixture(`types-${variant}`));
    expect(content(table)).toEqual(expected);
    expect([...table.lines]).toEqual([1, 2, 3]);
    expect(table.headerLine).toBeUndefined();
  });

  it('is read gzipped, from a pipe, and under another name', async () => {
    const file = fixture('types-zstd');
    const bytes = readFileSync(file);
    const expected = await read(file);
    for (const source of [memory(gzipSync(bytes), 'rows.parquet.gz', 1000), memory(bytes, '<stdin>', 1000), memory(bytes, 'rows.csv', 1)]) {
      expect(content(await readTable(source, READ))).toEqual(content(expected));
    }
    expect((await readTable(memory(bytes, '<stdin>', 500), READ)).sha256).toBe(expected.sha256);
  });

  it('may have numbers as texts write them elsewhere', async () => {
    const table = await read(fixture('types-zstd'), { decimal: ',' });
    expect(cells(table, 'decimal')).toEqual([0.3, null, -12345.67]);
    expect(cells(table, 'double')).toEqual([1.5, null, -2e300]);
  });

  it('has times of before there were types of times', async () => {
    const table = await read(fixture('int96'));
    expect(cells(table, 'utc')).toEqual(['2024-03-01T12:30:00', null, '1969-12-31T23:59:59.5']);
  });

  it('knows missing numbers, and NaN as a text', async () => {
    const file = written({ a: [-999, 1.5, 2.5], b: [NaN, 1.5, -0] });
    const table = await read(file, { missing: ['-999'] });
    expect(cells(table, 'a')).toEqual([null, 1.5, 2.5]);
    expect(cells(table, 'b')).toEqual(['NaN', '1.5', '0']);
    expect(cells(await read(file, { missing: ['NaN'] }), 'b')).toEqual([null, 1.5, 0]);
  });

  it('streams the same rows, whatever the row groups', async () => {
    const a = Array.from({ length: 40_000 }, (_, row) => row + 0.5);
    for (const size of [700, 30_000]) {
      const file = written({ a, b: a.map((each) => `t${each % 7}`) }, size);
      const [sizes, all, lines]: [number[], unknown[], number[]] = [[], [], []];
      for await (const table of streamChunks(fileSource(file), { ...READ, chunkRows: 9000 })) {
        sizes.push(table.rows);
        all.push(...cells(table, 'a'));
        lines.push(...table.lines);
      }
      expect(sizes).toEqual([9000, 9000, 9000, 9000, 4000]);
      expect(all).toEqual(a);
      expect(lines).toEqual(a.map((each) => each + 0.5));
    }
  });

  it('has the same rows, whatever the pages of its columns', async () => {
    const rows = Array.from({ length: 500 }, (_, row) => row);
    const columns = {
      a: rows.map((row) => row + 0.5), b: rows.map((row) => (row % 7 === 0 || row > 490 ? null : row)), c: rows.map((row) => `t${row ** 2}`),
      d: rows.map((row) => ['u', 'v'][row % 2]),
    };
    for (const pageSize of [40, 100, 1500]) {
      const columnData = Object.entries(columns).map(([name, data]) => ({ name, data }));
      const bytes = parquetWriteBuffer({ columnData, pageSize, rowGroupSize: 300 });
      const table = await readTable(memory(Buffer.from(bytes), 'pages.parquet'), READ);
      expect(Object.fromEntries(table.names.map((name) => [name, cells(table, name)]))).toEqual(columns);
    }
  });

  it('is told of by rows, for it has no lines', async () => {
    const plain = { a: [1, 2, 3, 4, 5, 6], b: ['u', 'v', 'u', 'v', 'u', 'v'], y: [1, 2.5, 3, 4, 5, 6] };
    const table = await read(written(plain));
    const encoder = fitEncoder(table, allRows(6), dataOptions('y'));
    const other = await read(written({ ...plain, b: ['u', 'v', 'w', 'v', 'u', 'v'] }, 6, 'new.parquet'));
    const notices = new Notices();
    encode(other, encoder, undefined, { target: 'none', onNotice: notices.add });
    const told: string[] = [];
    notices.tell((text) => told.push(text), other.file);
    expect(told).toEqual(["new.parquet: column 'b': a row has a value that no training row has (first 'w' in row 3)"]);
    expect(await problemOf(() => encode(table, { ...encoder, features: [{ ...encoder.features[0], name: 'c' }] })))
      .toMatchObject({ code: 'data.missing-column', where: { file: 'rows.parquet', line: undefined } });
  });

  it('may have lists, groups and bytes where nobody looks', async () => {
    const file = fixture('nested');
    const ignored = Object.fromEntries(['list', 'struct', 'bytes'].map((name) => [name, { kind: 'ignore' }]));
    for (const options of [{ columns: ignored }, { needed: new Set(['a']) }]) {
      const table = await read(file, options);
      expect(table.names).toEqual(['a', 'list', 'struct', 'bytes']);
      expect([cells(table, 'a'), cells(table, 'list'), cells(table, 'bytes')]).toEqual([[1, 2], [null, null], [null, null]]);
    }
  });
});

describe('slices that are kept', () => {
  it('are read once as long as there is room, whatever their number', async () => {
    const asked: number[] = [];
    const bytes = {
      byteLength: 100 << 18, close: () => Promise.resolve(),
      slice: (start: number, end = 100 << 18) => {
        asked.push(start);
        return Promise.resolve(new ArrayBuffer(end > 90 << 18 ? 0 : 8));
      },
    };
    const { slice, forget } = keepingSlices(bytes);
    const UNIT = 1 << 18;
    for (const start of [0, 10, 20, 0, 10, 20, 0]) expect((await slice(start * UNIT, (start + 10) * UNIT)).byteLength).toBe(8);
    expect(asked).toEqual([0, 10 * UNIT, 20 * UNIT]);
    // A fourth takes the place of the oldest; what is too large takes none.
    await slice(40 * UNIT, 50 * UNIT);
    await slice(20 * UNIT, 30 * UNIT);
    await slice(50 * UNIT);
    await slice(50 * UNIT);
    await slice(10 * UNIT, 20 * UNIT);
    expect(asked.slice(3)).toEqual([40 * UNIT, 50 * UNIT, 50 * UNIT, 10 * UNIT]);
    // What is over is forgotten, so that it fills no room.
    forget();
    for (const start of [10, 10, 20, 30]) await slice(start * UNIT, (start + 10) * UNIT);
    expect(asked.slice(7)).toEqual([10 * UNIT, 20 * UNIT, 30 * UNIT]);
  });
});

describe('a fault in Parquet', () => {
  it('is a column that holds no cells', async () => {
    const file = fixture('nested');
    const skip = (...names: string[]) => ({ columns: Object.fromEntries(names.map((name) => [name, { kind: 'ignore' }])) });
    const message = (name: string, what: string) => `column '${name}': a cell must be a number, a text, a boolean, a date or null, not ${what}`;
    expect(await problemOf(() => read(file))).toMatchObject({
      code: 'data.nested-cell', message: message('list', 'a list'), where: { file: 'nested.parquet' }, hint: expect.stringContaining('kind: ignore') as unknown,
    });
    expect(await problemOf(() => read(file, skip('list')))).toMatchObject({ message: message('struct', 'a group of columns') });
    expect(await problemOf(() => read(file, skip('list', 'struct')))).toMatchObject({
      code: 'data.binary-column', message: "column 'bytes' has bytes that are no text in UTF-8", where: { file: 'nested.parquet', line: 2 },
    });
  });

  it('is a file that is cut off, damaged or of another format', async () => {
    const bytes = readFileSync(fixture('types-zstd'));
    const damaged = Buffer.from(bytes).fill(255, 4, 2000);
    for (const [content, name] of [
      [bytes.subarray(0, bytes.length / 2), 'cut.parquet'], [bytes.subarray(0, 6), 'short.parquet'], [damaged, 'damaged.parquet'],
      [Buffer.from('a,b\n1,2\n'), 'a.parquet'], [Buffer.alloc(0), 'empty.parquet'], [bytes.subarray(0, -4), 'end.parquet'],
    ] as const) {
      writeFileSync(path.join(folder, name), content);
      for (const source of [fileSource(path.join(folder, name), name), memory(content, name, 1000)]) {
        const problem = await problemOf(() => readTable(source, READ));
        expect(problem).toMatchObject({ code: 'data.invalid-parquet', where: { file: name } });
        expect(problem.hint).toContain('copy or download it again');
      }
    }
    expect(await problemOf(() => readTable(memory(gzipSync(bytes).subarray(0, 900), 'a.parquet.gz'), READ))).toMatchObject({ code: 'data.invalid-gzip' });
  });

  it('is a table without rows', async () => {
    expect(await problemOf(() => read(written({ a: [] as number[], b: [] as number[] })))).toMatchObject({ code: 'data.no-rows' });
  });
});
