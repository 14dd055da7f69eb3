import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Encoding } from '../../../src/data/encoding.js';
import { readTable, streamChunks, type Table } from '../../../src/data/index.js';
import { memory, problemOf } from './sources.js';

const TEXT = 'größe,ort\n1,für\n2,€ “über”\n3,\u0178\n';
const READ = { delimiter: 'auto', missing: [] };
const read = (bytes: Buffer, encoding?: Encoding, chunk?: number): Promise<Table> =>
  readTable(memory(bytes, 'data.csv', chunk), { ...READ, ...(encoding && { encoding }) });

const bigEndian = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const windows = Buffer.from(TEXT.replace('€', '\x80').replace('“', '\x93').replace('”', '\x94').replace('\u0178', '\x9f'), 'latin1');

describe('a table in another encoding', () => {
  const cases: [string, Buffer, Encoding?][] = [
    ['UTF-8', Buffer.from(TEXT)], ['UTF-8 with a mark', Buffer.from(`\ufeff${TEXT}`)], ['Windows-1252', windows, 'latin1'],
    ['UTF-8 with a mark that is taken for Latin-1', Buffer.from(`\ufeff${TEXT}`), 'latin1'],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${TEXT}`, 'utf16le')], ['UTF-16, high byte first', bigEndian(`\ufeff${TEXT}`)],
    ['UTF-16 without a mark', Buffer.from(TEXT, 'utf16le')], ['the same, high byte first', bigEndian(TEXT)],
    ['UTF-16 as it is said to be', Buffer.from(TEXT, 'utf16le'), 'utf-16'], ['gzipped', gzipSync(windows), 'latin1'],
  ];

  it.each(cases)('%s', async (_, bytes, encoding) => {
    for (const chunk of [1, 3, 1000]) {
      const { names, columns, rows } = await read(bytes, encoding, chunk);
      expect(names).toEqual(['größe', 'ort']);
      expect(rows).toBe(3);
      expect(columns[1]).toMatchObject({ levels: ['für', '€ “über”', '\u0178'] });
    }
  });

  it('is read in pieces', async () => {
    const lines: number[] = [];
    for await (const { lines: those } of streamChunks(memory(windows, 'a.csv', 5), { ...READ, encoding: 'latin1', chunkRows: 2 })) {
      lines.push(...those);
    }
    expect(lines).toEqual([2, 3, 4]);
  });

  it('is told of where it is not what was said', async () => {
    const wrong = await problemOf(() => read(windows));
    expect(wrong).toMatchObject({ code: 'data.not-text', where: { file: 'data.csv', line: 1 } });
    expect(wrong.hint).toContain('data.encoding: latin1');
    expect(await problemOf(() => read(Buffer.from('a,b\n1,2\n\0', 'utf16le').subarray(0, -1))))
      .toMatchObject({ code: 'data.not-text', where: { file: 'data.csv' } });
  });
});

describe('a file that is no CSV', () => {
  const zip = (entry: string): Buffer => Buffer.concat([
    Buffer.from('PK\x03\x04', 'latin1'), Buffer.alloc(26, 200), Buffer.from(entry), Buffer.alloc(500, 1),
  ]);
  const cases: [string, Buffer, RegExp][] = [
    ['an Excel workbook', zip('[Content_Types].xml'), /CSV UTF-8/], ['a zip archive', zip('table.csv'), /unzip -p/],
    ['an old Excel workbook (xls)', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]), /CSV UTF-8/],
    ['an SQLite database', Buffer.from('SQLite format 3\0\x10\0\x01\x01\0', 'latin1'), /sqlite3 -header -csv/],
    ['a DuckDB database', Buffer.concat([Buffer.alloc(8, 1), Buffer.from('DUCK'), Buffer.alloc(40)]), /duckdb:FILE/],
    ['an encrypted Parquet file', Buffer.from('PARE\x15\x04'), /Decrypt/],
    ['a JSON document', Buffer.from('[\n  {"a": 1}\n]'), /jq -c/], ['a JSON document', Buffer.from('\ufeff[[1, 2]]'), /jq -c/],
    ['a web page', Buffer.from('\n<!DOCTYPE html><table>'), /CSV/], ['a file compressed by zstd', Buffer.from('28b52ffd00', 'hex'), /unzstd/],
  ];

  it.each(cases)('is told to be %s', async (name, bytes, hint) => {
    for (const chunk of [1, 1000]) {
      const problem = await problemOf(() => read(bytes, undefined, chunk));
      expect(problem).toMatchObject({ code: 'data.not-csv', message: `this is ${name}, not CSV`, where: { file: 'data.csv' } });
      expect(problem.hint).toMatch(hint);
    }
    expect(await problemOf(() => read(gzipSync(bytes)))).toMatchObject({ code: 'data.not-csv' });
  });

  it('may begin with brackets all the same', async () => {
    expect((await read(Buffer.from('{a},[b]\n1,2\n'))).names).toEqual(['{a}', '[b]']);
    expect((await read(Buffer.from('<a>,"{""b"""\n1,2\n'))).names).toEqual(['<a>', '{"b"']);
  });
});
