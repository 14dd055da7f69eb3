import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duckdbCell, noCell, type Duckdb } from '../../../src/data/duckdb-cells.js';
import { readTable, streamChunks, tableSource, type ReadOptions, type Table } from '../../../src/data/index.js';
import { databaseOf, fileOf, mapFile, resolveTable, stemOf } from '../../../src/table-path.js';
import { cells, memory, problemOf, READ } from './sources.js';

/** An optional peer: `npm install --no-save @duckdb/node-api` has these tests run. */
const PACKAGE: string = '@duckdb/node-api';
const duckdb = await import(PACKAGE).then((found) => found as Duckdb, () => undefined);

const read = (place: string, query?: string, options: Partial<ReadOptions> = {}): Promise<Table> =>
  readTable(tableSource(`duckdb:${place}`, `duckdb:${path.basename(place)}`, query), { ...READ, ...options });

let folder: string;
beforeAll(() => { folder = mkdtempSync(path.join(tmpdir(), 'bnnc-duckdb-')); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the path of a database', () => {
  it('is told from that of a file, and has one in it', () => {
    expect(['duckdb:a/shop.db', 'duckdb:', 'duckdb::memory:', 'a.csv', 'duckdb:postgres:dbname=a'].map(databaseOf))
      .toEqual(['a/shop.db', '', '', undefined, 'postgres:dbname=a']);
    expect(['duckdb:a/shop.db', 'duckdb:', 'a.csv', 'duckdb:postgres:dbname=a'].map(fileOf)).toEqual(['a/shop.db', undefined, 'a.csv', undefined]);
    expect(['duckdb:a/shop.db', 'duckdb:', '-', 'duckdb:postgres:dbname=a'].map((each) => resolveTable(folder, each)))
      .toEqual([`duckdb:${path.join(folder, 'a', 'shop.db')}`, 'duckdb:', '-', 'duckdb:postgres:dbname=a']);
    expect(resolveTable(folder, 'a.csv')).toBe(path.join(folder, 'a.csv'));
    expect(['duckdb:shop.db', 'duckdb:', '-', 'a'].map((each) => mapFile(each, (file) => `b/${file}`))).toEqual(['duckdb:b/shop.db', 'duckdb:', '-', 'b/a']);
    expect(['duckdb:a/shop.db', 'duckdb:shop.duckdb', 'a/b.csv.gz', 'b.parquet', 'b c.jsonl'].map(stemOf)).toEqual(['shop', 'shop', 'b', 'b', 'b c']);
  });

  it('needs a query, and a query it', async () => {
    expect(await problemOf(() => tableSource('duckdb:shop.db'))).toMatchObject({ code: 'usage.query', where: { file: 'duckdb:shop.db' } });
    expect(await problemOf(() => tableSource('a.csv', 'a.csv', 'select 1'))).toMatchObject({ code: 'usage.query' });
    expect(await problemOf(() => read(path.join(folder, 'none.db'), 'select 1'))).toMatchObject({ code: 'data.missing-file', where: { file: 'none.db' } });
    expect(await problemOf(() => read(folder, 'select 1'))).toMatchObject({ code: 'data.is-directory' });
  });
});

describe('a value of DuckDB', () => {
  it.each<[string, unknown, string | number]>([
    ['INTEGER', -3, -3], ['BIGINT', 12345678901234567n, '12345678901234567'], ['HUGEINT', 42n, '42'], ['UTINYINT', 255, 255],
    ['FLOAT', Math.fround(0.1), 0.1], ['DOUBLE', 0.1, 0.1], ['DECIMAL(9,2)', { toString: () => '0.30' }, '0.30'], ['BOOLEAN', true, 'true'],
    ['VARCHAR', 'x', 'x'], ["ENUM('a', 'b')", 'a', 'a'], ['DATE', { days: 19783 }, '2024-03-01'], ['DATE', { days: -1 }, '1969-12-31'],
    ['TIMESTAMP', { micros: 1709296200500000n }, '2024-03-01T12:30:00.5'], ['TIMESTAMP_S', { seconds: 1709296200n }, '2024-03-01T12:30:00'],
    ['TIMESTAMP_MS', { millis: -1n }, '1969-12-31T23:59:59.999'], ['TIMESTAMP_NS', { nanos: 1n }, '1970-01-01T00:00:00.000000001'],
    ['TIMESTAMP WITH TIME ZONE', { micros: 0n }, '1970-01-01T00:00:00Z'], ['TIME', { micros: 45_000_000_000n }, '12:30:00'],
  ])('of type %s is a cell as a CSV has it', (type, value, cell) => {
    expect(duckdbCell(type, {})(value)).toBe(cell);
    expect(noCell(type, 'a', 'shop.db')).toBeUndefined();
  });

  it('is told where it is no cell', () => {
    for (const type of ['INTEGER[]', 'INTEGER[2]', 'STRUCT("a" INTEGER)', 'MAP(VARCHAR, INTEGER)']) {
      expect(noCell(type, 'a', 'shop.db')!.problems[0]).toMatchObject({ code: 'data.nested-cell', where: { file: 'shop.db' } });
    }
    for (const type of ['BLOB', 'BIT', 'INTERVAL']) expect(noCell(type, 'a', 'shop.db')!.problems[0]).toMatchObject({ code: 'data.binary-column' });
  });
});

describe.runIf(duckdb === undefined)('databases (tests of queries skipped: @duckdb/node-api is not installed)', () => {
  it('are refused with the command that installs what reads them', async () => {
    expect(await problemOf(() => read('', 'select 1 as a'))).toMatchObject({
      code: 'data.no-duckdb', message: 'a database is read by the package @duckdb/node-api, which is not installed',
      hint: 'Install it: npm install @duckdb/node-api',
    });
  });
});

describe.skipIf(duckdb === undefined)('a database', () => {
  let shop: string;
  beforeAll(async () => {
    shop = path.join(folder, 'shop.db');
    const instance = await duckdb!.DuckDBInstance.create(shop);
    const connection = await instance.connect();
    const { count, prepare } = await connection.extractStatements(`
      create table big as select i::integer as a, 't' || (i % 7) as b from range(5000) t(i);
      create table rows as select * from (values
        (1, 12345678901234567, 0.1::float, 0.30::decimal(9,2), 'é, "x"', '01', true, date '2024-03-01', timestamp '2024-03-01 12:30:00', [1]),
        (null, null, null, null, null, null, null, null, null, null),
        (-3, 42, 3.25, -12.5, ' b ', '02', false, date '1969-12-31', timestamp '2024-03-01 00:00:00.5', [2]))
        t("int", "long", "float", "decimal", "text", "code", "on", "day", "time", "list");`).then((all) => ({ count: all.count, prepare: all.prepare.bind(all) }));
    for (let n = 0; n < count; n++) await (await prepare(n)).run();
    connection.disconnectSync();
    instance.closeSync();
  });

  it('has the cells that a CSV of the query has', async () => {
    const csv = 'int,long,float,decimal,text,code,on,day,time\n'
      + '1,12345678901234567,0.1,0.30,"é, ""x""",01,true,2024-03-01,2024-03-01T12:30:00\n,,,,,,,,\n'
      + '-3,42,3.25,-12.50,b,02,false,1969-12-31,2024-03-01T00:00:00.5\n';
    const [expected, found] = [await readTable(memory(csv), READ), await read(shop, 'select * exclude list from rows')];
    expect({ ...found, sha256: '', file: '', delimiter: ',', lines: 0, headerLine: 1 }).toEqual({ ...expected, sha256: '', file: '', lines: 0 });
    expect([...found.lines]).toEqual([1, 2, 3]);
    expect(cells(await read(shop, 'select decimal from rows', { decimal: ',' }), 'decimal')).toEqual([0.3, null, -12.5]);
  });

  it('has the hash of its cells', async () => {
    const [first, again, other] = [
      await read(shop, 'select a, b from big'), await read(shop, 'select big.a, b from big'), await read(shop, 'select a from big'),
    ];
    expect(again.sha256).toBe(first.sha256);
    expect(first.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(other.sha256).not.toBe(first.sha256);
  });

  it('streams the rows', async () => {
    const [sizes, all]: [number[], unknown[]] = [[], []];
    for await (const table of streamChunks(tableSource(`duckdb:${shop}`, 'shop', 'select * from big'), { ...READ, chunkRows: 1500 })) {
      sizes.push(table.rows);
      all.push(...cells(table, 'a'));
    }
    expect(sizes).toEqual([1500, 1500, 1500, 500]);
    expect(all).toEqual(Array.from({ length: 5000 }, (_, n) => n));
  });

  it('may be in memory, and its query several statements', async () => {
    const csv = path.join(folder, 'rows.csv');
    writeFileSync(csv, 'a,b\n1,x\n2,y\n');
    const table = await read('', `create table t as select * from '${csv}'; select a + 1 as c, b from t order by a desc`);
    expect([cells(table, 'c'), cells(table, 'b')]).toEqual([[3, 2], ['y', 'x']]);
  });

  it('may have lists where nobody looks', async () => {
    expect(await problemOf(() => read(shop, 'select * from rows'))).toMatchObject({ code: 'data.nested-cell' });
    expect(cells(await read(shop, 'select * from rows', { columns: { list: { kind: 'ignore' } } }), 'int')).toEqual([1, null, -3]);
  });

  it.each<[string, RegExp, object]>([
    ['select *\nfrom nix', /Catalog Error: Table with name nix does not exist/, { line: 2, column: 6, source: 'from nix' }],
    ['selec 1', /^the query fails: Parser Error: syntax error at or near "selec"$/, { line: 1, column: 1 }],
    ["select error('boo') as a", /Invalid Input Error: boo/, {}], [' -- nothing', /there is no statement/, {}],
    ['drop table rows', /read-only/, {}], ['set threads = 1', /gives no rows/, {}],
  ])('tells why the query fails: %j', async (query, message, where) => {
    const problem = await problemOf(() => read(shop, query));
    expect(problem).toMatchObject({ code: 'data.query-failed', where: { file: 'duckdb:shop.db', ...where } });
    expect(problem.message).toMatch(message);
    expect(problem.hint).toContain('data.query');
  });

  it('is told where it has no rows, or is none', async () => {
    expect(await problemOf(() => read(shop, 'select * from big limit 0'))).toMatchObject({ code: 'data.no-rows' });
    expect(await problemOf(() => read(shop, 'select a, a from big'))).toMatchObject({ code: 'data.duplicate-header' });
    const text = path.join(folder, 'text.db');
    writeFileSync(text, 'no database '.repeat(100));
    expect(await problemOf(() => read(text, 'select 1 as a'))).toMatchObject({ code: 'data.invalid-database', where: { file: 'duckdb:text.db' } });
  });
});
