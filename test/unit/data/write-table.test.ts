import { gunzipSync } from 'node:zlib';
import { parquetMetadata } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { readTable } from '../../../src/data/index.js';
import { tableFormat, tablePieces, type WrittenColumn } from '../../../src/data/write-table.js';
import { Stream } from '../../../src/random.js';
import { cells, memory, READ } from './sources.js';

const COLUMNS: WrittenColumn[] = [{ name: 'label, "x"', type: 'text' }, { name: 'p', type: 'number' }, { name: '__proto__', type: 'number' }];
const draws = Stream.fromSeed('written').normals(70_000);
const rows = Array.from(draws, (value, n) => [['é', 'a "b"', 'c'][n % 3], value, n]);

async function* batches(size: number): AsyncGenerator<(string | number)[][]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}

async function written(path: string, size = 1024): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of tablePieces(tableFormat(path), COLUMNS, batches(size))) pieces.push(Buffer.from(piece as string));
  return Buffer.concat(pieces);
}

describe('CSV for spreadsheets', () => {
  const NAMES = ['=HYPERLINK("http://a")', '+1+cmd', '-2+3', '@SUM(A1)', ' =1', '\t=1', '\uff1d1', 'a=b', '-1.5', '+3e2', 'x\u001b[2J', ''];
  const written = async (safe: boolean): Promise<string> => {
    const parts: string[] = [];
    async function* rows(): AsyncGenerator<[string, number][]> {
      yield NAMES.map((name) => [name, -1]);
    }
    const columns: WrittenColumn[] = [{ name: '=a', type: 'text' }, { name: 'n', type: 'number' }];
    for await (const piece of tablePieces({ kind: 'csv', gzipped: false, safe }, columns, rows())) parts.push(String(piece));
    return parts.join('');
  };

  it('has no text that is run, and numbers as they are', async () => {
    expect((await written(true)).split('\n')).toEqual([
      "'=a,n", `"'=HYPERLINK(""http://a"")",-1`, "'+1+cmd,-1", "'-2+3,-1", "'@SUM(A1),-1", "' =1,-1", "'\t=1,-1", "'\uff1d1,-1",
      'a=b,-1', '-1.5,-1', '+3e2,-1', 'x\\x1b[2J,-1', ',-1', '',
    ]);
  });

  it('is not what programs get', async () => {
    expect(await written(false)).toContain('\n-2+3,-1\n@SUM(A1),-1\n" =1",-1\n');
  });
});

describe('a table that is written', () => {
  it('has the format that its ending asks for', () => {
    const kinds = ['a.csv', 'a.tsv', 'parquet', '-', 'a.JSONL', 'a.ndjson.gz', 'a.parquet', 'a.parquet.gz', 'a.gz'].map((path) => tableFormat(path));
    expect(kinds.map(({ kind }) => kind)).toEqual(['csv', 'csv', 'csv', 'csv', 'jsonl', 'jsonl', 'parquet', 'parquet', 'csv']);
    expect(kinds.map(({ gzipped }) => gzipped)).toEqual([false, false, false, false, false, true, false, true, true]);
    expect(tableFormat()).toEqual({ kind: 'csv', gzipped: false });
  });

  it.each(['a.csv', 'a.jsonl', 'a.parquet', 'a.csv.gz', 'a.parquet.gz'])('is read back as it was: %s', async (path) => {
    const bytes = await written(path);
    const table = await readTable(memory(bytes, path, 1 << 16), READ);
    expect(table.names).toEqual(COLUMNS.map(({ name }) => name));
    COLUMNS.forEach(({ name }, at) => expect(cells(table, name)).toEqual(rows.map((row) => row[at])));
  });

  it('is cut into groups that do not depend on how the rows come', async () => {
    const bytes = await written('a.parquet', 3000);
    const metadata = parquetMetadata(new Uint8Array(bytes).buffer);
    expect(metadata.row_groups.map(({ num_rows: count }) => Number(count))).toEqual([65_536, 4464]);
    expect(metadata.created_by).toBe('bnnc');
    expect(bytes.equals(await written('a.parquet', 70_000))).toBe(true);
  });

  it('has no first piece before there are rows, and fails as they do', async () => {
    for (const path of ['a.csv', 'a.jsonl', 'a.parquet', 'a.csv.gz']) {
      const pieces: unknown[] = [];
      const fault = new Error('no rows');
      // eslint-disable-next-line require-yield
      const failing = async function* (): AsyncGenerator<(string | number)[][]> { await Promise.reject(fault); };
      await expect((async () => {
        for await (const piece of tablePieces(tableFormat(path), COLUMNS, failing())) pieces.push(piece);
      })()).rejects.toBe(fault);
      expect(pieces).toEqual([]);
    }
  });

  it('is one JSON object a line', async () => {
    const [first] = (await written('a.jsonl')).toString().split('\n');
    expect(first).toBe(`{"label, \\"x\\"":"é","p":${draws[0]},"__proto__":0}`);
    expect(gunzipSync(await written('a.jsonl.gz')).toString().split('\n')[0]).toBe(first);
  });
});
