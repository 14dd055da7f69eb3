import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readTable, streamChunks, type ReadOptions, type Table } from '../../../src/data/index.js';
import { cells, memory, problemOf, READ } from './sources.js';

const read = (text: string | Buffer, options: Partial<ReadOptions> = {}, name = 'rows.jsonl'): Promise<Table> =>
  readTable(memory(text, name), { ...READ, ...options });
const lines = (...objects: string[]): string => objects.map((object) => `${object}\n`).join('');

/** What a table holds besides where it came from. */
const content = ({ names, columns, rows, missingSeen }: Table): object => ({ names, columns, rows, missingSeen });

const OBJECTS = lines(
  '{"n": 1.50, "key": 12345678901234567890, "zip": "05123", "on": true, "share": "12.5%", "text": " a, \\"b\\" \\u00e9\\n"}',
  ' { "on":false , "n":-2e3,"key":1,"zip":"1","share":null,"text":"NA" } ',
  '', '{"n": null, "text": "", "zip": "7", "on": null, "key": 2}',
);
const CSV = 'n,key,zip,on,share,text\n1.50,12345678901234567890,05123,true,12.5%," a, ""b"" é\n"\n-2e3,1,1,false,,NA\n,2,7,,,\n';

describe('JSON Lines', () => {
  it('has the cells of the CSV of the same texts', async () => {
    const expected = content(await readTable(memory(CSV), READ));
    expect(content(await read(OBJECTS))).toEqual(expected);
    for (const [bytes, name] of [
      [gzipSync(OBJECTS), 'rows.ndjson.gz'], [gzipSync(OBJECTS), 'rows'], [`\ufeff${OBJECTS}`, 'rows.csv'],
      [OBJECTS.replaceAll('\n', '\r\n'), 'rows.jsonl'], [OBJECTS.trimEnd(), '<stdin>'], [Buffer.from(`\ufeff${OBJECTS}`, 'utf16le'), 'a.jsonl'],
    ] as const) expect(content(await read(bytes, {}, name))).toEqual(expected);
  });

  it('knows the lines of its rows and its hash', async () => {
    const table = await read(OBJECTS);
    expect([...table.lines]).toEqual([1, 2, 4]);
    expect(table.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect((await read(gzipSync(OBJECTS))).sha256).not.toBe(table.sha256);
  });

  it('writes its numbers as JSON does, however texts write theirs', async () => {
    const table = await read(lines('{"a": 1.5, "b": "1,5"}', '{"a": 2, "b": "1.000,5"}'), { decimal: ',', thousands: '.' });
    expect(cells(table, 'a')).toEqual([1.5, 2]);
    expect(cells(table, 'b')).toEqual([1.5, 1000.5]);
  });

  it('reads declared missing numbers, and NaN as a text', async () => {
    const table = await read(lines('{"a": -999, "b": NaN}', '{"a": 1, "b": 2}'), { missing: ['-999', 'NaN'] });
    expect(cells(table, 'a')).toEqual([null, 1]);
    expect(cells(table, 'b')).toEqual([null, 2]);
    expect(table.missingSeen.sort()).toEqual(['-999', 'NaN']);
    expect(cells(await read(lines('{"b": NaN}', '{"b": 2}')), 'b')).toEqual(['NaN', '2']);
  });

  it('has the keys of its first lines as columns, and missing cells where a line lacks one', async () => {
    const table = await read(lines('{"a": 1}', '{}', '{"b": "x", "__proto__": 3}'));
    expect(table.names).toEqual(['a', 'b', '__proto__']);
    expect(['a', 'b', '__proto__'].map((name) => cells(table, name))).toEqual([[1, null, null], [null, null, 'x'], [null, null, 3]]);
  });

  it('streams the same rows', async () => {
    const text = lines(...Array.from({ length: 3000 }, (_, row) => `{"a": ${row}${row === 1000 ? ', "late": 1' : ''}}`));
    const whole = await read(text);
    const [sizes, all]: [number[], unknown[]] = [[], []];
    for await (const table of streamChunks(memory(text, 'rows.jsonl', 1000), { ...READ, chunkRows: 700 })) {
      expect(table.names).toEqual(['a', 'late']);
      sizes.push(table.rows);
      all.push(...cells(table, 'a'));
    }
    expect(sizes).toEqual([700, 700, 700, 700, 200]);
    expect(all).toEqual(cells(whole, 'a'));
  });

  it('may have lists and objects where nobody looks', async () => {
    const text = lines('{"a": 1, "tags": ["]", {"x": "}"}], "b": 2}', '{"a": 2, "tags": {}, "b": 3}');
    for (const options of [{ columns: { tags: { kind: 'ignore' } } }, { needed: new Set(['a', 'b']) }]) {
      const table = await read(text, options);
      expect([cells(table, 'a'), cells(table, 'tags'), cells(table, 'b')]).toEqual([[1, 2], [null, null], [2, 3]]);
    }
  });
});

describe('a fault in JSON Lines', () => {
  it.each([
    ['{"a": 1}\n{"a": 1, b: 2}\n', 2, 10, /a key in double quotes.*it is "b: 2}"/], ['{"a": 1}\nx\n', 2, 1, /an object should be here/],
    ['{"a": 1', 1, 8, /',' or '}' should be here, but the line ends/], ['{\n  "a": 1\n}\n', 1, 2, /a key.*the line ends/],
    ['{"a": 01}', 1, 8, /',' or '}'/], ['{"a": "x}', 1, 7, /a value/], ['{"a": [1, 2', 1, 8, /the end of a list or an object/], ['{"a": 1} {"a": 2}', 1, 10, /the end of the line/],
    ['{"a": "\\q"}', 1, 8, /escapes/], ['a,b\n1,2\n', 1, 1, /an object/], ['{"a": 1,}', 1, 9, /a key/],
  ])('%j is told with its place', async (text, line, column, message) => {
    const problem = await problemOf(() => read(text));
    expect(problem).toMatchObject({ code: 'data.invalid-json-line', where: { file: 'rows.jsonl', line, column } });
    expect(problem.message).toMatch(message);
    expect(problem.hint).toContain('jq -c');
  });

  it('is a cell of several, a key that comes twice or late, or nothing at all', async () => {
    expect(await problemOf(() => read(lines('{"a": 1}', '{"a": {"b": 1}}')))).toMatchObject({
      code: 'data.nested-cell', message: "column 'a': a cell must be a number, a text, true, false or null, not an object",
      where: { file: 'rows.jsonl', line: 2, column: 7 }, hint: expect.stringContaining('kind: ignore') as unknown,
    });
    expect(await problemOf(() => read('{"a": 1, "a": 2}'))).toMatchObject({ code: 'data.duplicate-header', where: { line: 1, column: 15 } });
    expect(await problemOf(() => read('{"a": 1, " a": 2}'))).toMatchObject({ code: 'data.duplicate-header' });
    expect(await problemOf(() => read('{"": 1}'))).toMatchObject({ code: 'data.empty-header' });
    expect(await problemOf(() => read('{}\n'))).toMatchObject({ code: 'data.empty-header', message: 'no object has a key' });
    expect(await problemOf(() => read('\n'))).toMatchObject({ code: 'data.empty-file' });
    const late = `${lines(...Array<string>(1024).fill('{"a": 1}'))}{"a": 2, "b": 3}\n`;
    expect(await problemOf(() => read(late))).toMatchObject({
      code: 'data.unknown-key', message: "no earlier line has the key 'b'", where: { file: 'rows.jsonl', line: 1025 },
    });
    expect((await read(late, { needed: new Set(['a']) })).rows).toBe(1025);
    expect(await problemOf(() => read(gzipSync(late).subarray(0, 40)))).toMatchObject({ code: 'data.invalid-gzip' });
  });
});
