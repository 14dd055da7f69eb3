import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fileSource, readTable, streamChunks } from '../../../src/data/index.js';
import { renderError } from './render.js';
import { cells, memory, problemOf, read, READ } from './sources.js';

describe('reading', () => {
  it('keeps numbers as doubles and texts by dictionary', async () => {
    const table = await read('a,b\n1,x\n2.5,y\n-3e2,x\n');
    expect(table.columns[0]).toEqual({ type: 'number', values: Float64Array.of(1, 2.5, -300) });
    expect(table.columns[1]).toEqual({ type: 'text', codes: Int32Array.of(0, 1, 0), levels: ['x', 'y'] });
    expect(table).toMatchObject({ file: 'data.csv', names: ['a', 'b'], rows: 3, headerLine: 1, delimiter: ',' });
  });

  it('turns a column to text at the first cell that is no number, keeping what came before', async () => {
    const table = await read('a\n1\n\n2.0\nNA\nx\n1.0\n');
    expect(cells(table, 'a')).toEqual(['1', '2', null, 'x', '1']);
  });

  it('trims cells and names and knows missing tokens', async () => {
    const table = await read(' a , b \n 1 , x \n NA , ? \n , y\n');
    expect(table.names).toEqual(['a', 'b']);
    expect(cells(table, 'a')).toEqual([1, null, null]);
    expect(cells(table, 'b')).toEqual(['x', null, 'y']);
    expect(table.missingSeen.sort()).toEqual(['?', 'NA']);
  });

  it('takes numbers as missing when they are declared so', async () => {
    const table = await read('a\n1\n-999\n2\n', { missing: ['-999'] });
    expect(cells(table, 'a')).toEqual([1, null, 2]);
  });

  it.each([
    ['hexadecimal', '0x10'],
    ['digits and letters', '12ab'],
    ['grouped digits', '1 000'],
  ])('does not take %s for a number', async (_, text) => {
    expect(cells(await read(`a\n${text}\n`), 'a')).toEqual([text]);
  });

  const numbers: [string, number][] = [
    ['1', 1], ['+1.5', 1.5], ['.5', 0.5], ['5.', 5], ['-1e-3', -0.001], ['0e5', 0],
  ];
  it.each(numbers)('reads %s', async (text, value) => {
    expect(cells(await read(`a\n${text}\n`), 'a')).toEqual([value]);
  });

  it('reads quotes, doubled quotes, and delimiters and line breaks inside quotes', async () => {
    const table = await read('a,b\n"x, y","say ""hi"""\n"two\nlines",z\n');
    expect(cells(table, 'a')).toEqual(['x, y', 'two\nlines']);
    expect(cells(table, 'b')).toEqual(['say "hi"', 'z']);
  });

  it('allows blanks around quotes', async () => {
    expect(cells(await read('a,b\n1, "x, y" \n'), 'b')).toEqual(['x, y']);
  });

  const ends = [['LF', '\n'], ['CRLF', '\r\n'], ['CR', '\r']];
  it.each(ends)('counts lines with %s, blank ones and those inside quotes included', async (_, eol) => {
    const lines = ['', 'a,b', '1,"x', 'y"', '', '  ', '2,"p', '', 'q"', '3,z'];
    const table = await read(lines.join(eol) + eol);
    expect(table.headerLine).toBe(2);
    expect([...table.lines]).toEqual([3, 7, 10]);
    expect(cells(table, 'a')).toEqual([1, 2, 3]);
  });

  it('reads mixed line ends and a last line without one', async () => {
    const table = await read('a,b\r\n1,"x"\n2,"y"\r\n3,z');
    expect(cells(table, 'b')).toEqual(['x', 'y', 'z']);
  });

  it('skips a byte-order mark', async () => {
    expect((await read('\ufeffa,b\n1,2\n')).names).toEqual(['a', 'b']);
    expect((await read('\ufeff"a",b\n1,2\n')).names).toEqual(['a', 'b']);
  });

  it.each([[',', 'comma'], [';', 'semicolon'], ['\t', 'tab'], ['|', 'bar']])('detects %j (%s)', async (delimiter) => {
    const table = await read(['a', '"b,;|\t,;|\t"', 'c'].join(delimiter) + '\n' + ['1', '2', '3'].join(delimiter) + '\n');
    expect(table.delimiter).toBe(delimiter);
    expect(table.names).toEqual(['a', 'b,;|\t,;|', 'c']);
  });

  it('uses a given delimiter', async () => {
    const table = await read('a,b:c\n1:2\n', { delimiter: ':' });
    expect(table.names).toEqual(['a,b', 'c']);
  });

  it('reads gzip by its first bytes, whatever the name, and hashes the raw bytes', async () => {
    const zipped = gzipSync('a,b\n1,2\n');
    const table = await read(zipped);
    expect(cells(table, 'b')).toEqual([2]);
    expect(table.sha256).toBe(createHash('sha256').update(zipped).digest('hex'));
  });

  it('reads the same from chunks of any size', async () => {
    const text = 'naïve,b\n"é, ü\r\n€😀",2\nx,NA\n';
    const whole = await readTable(memory(text, 'data.csv', 1000), READ);
    for (const size of [1, 2, 3, 5]) expect(await readTable(memory(text, 'data.csv', size), READ)).toEqual(whole);
  });

  it('reads the shipped data', async () => {
    const table = await readTable(fileSource('datasets/penguins.csv'), READ);
    expect(table.rows).toBe(344);
    expect(table.names).toEqual([
      'island', 'bill_length_mm', 'bill_depth_mm', 'flipper_length_mm', 'body_mass_g', 'sex', 'species',
    ]);
    expect(table.columns.map(({ type }) => type)).toEqual(['text', 'number', 'number', 'number', 'number', 'text', 'text']);
    expect(cells(table, 'sex').filter((cell) => cell === null)).toHaveLength(11);
    expect(table.sha256).toBe(createHash('sha256').update(readFileSync('datasets/penguins.csv')).digest('hex'));
  });
});

describe('streaming', () => {
  it('gives chunks of the asked size with the lines of the file', async () => {
    const text = 'a,b\n' + Array.from({ length: 7 }, (_, i) => `${i},x${i}`).join('\n');
    const seen: unknown[] = [];
    for await (const chunk of streamChunks(memory(text), { ...READ, chunkRows: 3 })) {
      seen.push([cells(chunk, 'a'), cells(chunk, 'b'), [...chunk.lines]]);
    }
    expect(seen).toEqual([
      [[0, 1, 2], ['x0', 'x1', 'x2'], [2, 3, 4]],
      [[3, 4, 5], ['x3', 'x4', 'x5'], [5, 6, 7]],
      [[6], ['x6'], [8]],
    ]);
  });

  it('has no empty last chunk', async () => {
    const sizes: number[] = [];
    for await (const chunk of streamChunks(memory('a\n1\n2\n3\n4\n'), { ...READ, chunkRows: 2 })) sizes.push(chunk.rows);
    expect(sizes).toEqual([2, 2]);
  });

  it('closes the source when the consumer stops', async () => {
    let closed = false;
    async function* endless() {
      try {
        yield Buffer.from('a\n');
        for (;;) yield Buffer.from('1\n2\n3\n');
      } finally {
        closed = true;
      }
    }
    const source = { name: 'endless', open: () => Readable.from(endless()) };
    let chunks = 0;
    for await (const chunk of streamChunks(source, { ...READ, chunkRows: 10 })) {
      expect(chunk.rows).toBe(10);
      if (++chunks === 5) break;
    }
    await vi.waitFor(() => expect(closed).toBe(true));
  });

  it('complains about a header without rows', async () => {
    const all = async () => {
      for await (const chunk of streamChunks(memory('a,b\n'), { ...READ, chunkRows: 2 })) expect(chunk).toBeUndefined();
    };
    expect((await problemOf(all)).code).toBe('data.no-rows');
  });
});

describe('what cannot be read', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bnnc-data-'));
    writeFileSync(join(folder, 'raisin.csv'), 'a,b\n1,2\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('a missing file, with the neighbour that may be meant', async () => {
    const problem = await problemOf(() => readTable(fileSource(join(folder, 'raisins.csv'), 'typed/raisins.csv'), READ));
    expect(problem).toEqual({
      code: 'data.missing-file',
      message: 'no such file',
      where: { file: 'typed/raisins.csv' },
      hint: "Did you mean 'typed/raisin.csv'?",
    });
    expect((await problemOf(() => readTable(fileSource(join(folder, 'no', 'such')), READ))).hint).toBe('Check the path.');
  });

  it('a folder', async () => {
    expect(await problemOf(() => readTable(fileSource(folder, 'here'), READ))).toMatchObject({
      code: 'data.is-directory',
      where: { file: 'here' },
    });
  });

  it('a stream that fails', async () => {
    const error = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    const source = { name: 'locked.csv', open: () => new Readable({ read() { this.destroy(error); } }) };
    const problem = await problemOf(() => readTable(source, READ));
    expect(problem).toMatchObject({ code: 'data.unreadable-file', where: { file: 'locked.csv' } });
    expect(problem.message).toContain('permission denied');
  });

  it('an empty file, also one of blank lines or only a byte-order mark', async () => {
    for (const text of ['', '\n \n', '\ufeff']) {
      expect(await problemOf(() => read(text))).toMatchObject({ code: 'data.empty-file', where: { file: 'data.csv' } });
    }
  });

  it('a file with only a header', async () => {
    expect(await problemOf(() => read('a,b\n'))).toMatchObject({ code: 'data.no-rows', where: { file: 'data.csv' } });
  });

  it('a ragged row', async () => {
    const error = await renderError(() => read('a,b,c\n1,2,3\n\n"x\ny",2\n'));
    expect(error).toMatch(/^data\.csv:4: this row has 2 cells, the header has 3\. Quote cells that contain the delimiter/);
    expect(await renderError(() => read('a,b\n1,2,3\n'))).toMatch(/^data\.csv:2: this row has 3 cells, the header has 2\./);
  });

  it('the right line of a fault far into a file whose quoted cells hold CRLF', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => `${i},"p\r\nq"\r\n`).join('');
    const problem = await problemOf(() => readTable(memory(`a,b\r\n${rows}1,2,3\r\n`, 'long.csv', 65536), READ));
    expect(problem).toMatchObject({ code: 'data.ragged-row', where: { file: 'long.csv', line: 10002 } });
  });

  it('duplicate headers', async () => {
    const problem = await problemOf(() => read('a,b,a,b,c\n1,2,3,4,5\n'));
    expect(problem).toMatchObject({ code: 'data.duplicate-header', where: { file: 'data.csv', line: 1 } });
    expect(problem.message).toContain("'a' (columns 1 and 3), 'b' (columns 2 and 4)");
  });

  it('a column without a name', async () => {
    const problem = await problemOf(() => read('\n,a\n0,1\n'));
    expect(problem).toMatchObject({
      code: 'data.empty-header',
      message: 'column 1 of 2 has no name',
      where: { file: 'data.csv', line: 2 },
    });
  });

  it.each(['sep=;\r\na;b\r\n1;2\r\n', 'sep=,\na,b\n1,2\n', 'sep=\t\na\tb\n1\t2\n'])('a line for spreadsheets before the names: %j', async (text) => {
    const problem = await problemOf(() => read(text));
    expect(problem).toMatchObject({
      code: 'data.empty-header',
      message: 'this line gives the delimiter and names no column',
      where: { file: 'data.csv', line: 1 },
    });
    expect(problem.hint).toMatch(/: tail -n \+2 old\.csv > new\.csv$/);
  });

  it('an unclosed quote, named by the line of its row', async () => {
    const problem = await problemOf(() => read('a,b\n1,x\n2,"y\n3,z\n4,w\n'));
    expect(problem).toMatchObject({
      code: 'data.unclosed-quote',
      message: "column 'b': a quote opens in this row and never closes",
      where: { file: 'data.csv', line: 3 },
    });
    expect((await problemOf(() => read('"a,b\n1,2\n'))).message).toMatch(/^cell 1: /);
  });

  it.each([['inside a cell', '5" pipe'], ['after the closing quote', '"a"b']])('a stray quote %s', async (_, cell) => {
    expect(await problemOf(() => read(`a,b\n1,x\n2,${cell}\n`))).toMatchObject({
      code: 'data.stray-quote',
      where: { file: 'data.csv', line: 3 },
    });
  });

  it('damaged and cut gzip', async () => {
    const zipped = gzipSync('a,b\n' + '1,2\n'.repeat(1000));
    const damaged = Buffer.concat([zipped.subarray(0, 12), Buffer.from('garbage'), zipped.subarray(19)]);
    for (const bytes of [zipped.subarray(0, 30), damaged]) {
      expect(await problemOf(() => read(bytes))).toMatchObject({ code: 'data.invalid-gzip', where: { file: 'data.csv' } });
    }
  });

  it('bytes that are no UTF-8 text, with the line', async () => {
    const latin1 = Buffer.from('name,b\né,1\nx,2\n', 'latin1');
    const problem = await problemOf(() => read(latin1));
    expect(problem).toMatchObject({ code: 'data.not-text', where: { file: 'data.csv', line: 2 } });
    expect(problem.hint).toContain('iconv');
    for (const size of [1, 2, 3, 4, 100]) {
      const bytes = Buffer.concat([Buffer.from('a\n€\n😀\né\n'), Buffer.from([0x65, 0xff]), Buffer.from('\nx\n')]);
      expect((await problemOf(() => readTable(memory(bytes, 'data.csv', size), READ))).where?.line).toBe(5);
    }
  });

  it('a character cut off at the end', async () => {
    const bytes = Buffer.from('a\nx\n€').subarray(0, -1);
    expect(await problemOf(() => read(bytes))).toMatchObject({ code: 'data.not-text', where: { line: 3 } });
  });

  it('NUL bytes', async () => {
    expect(await problemOf(() => read('a\n1\n\0\n'))).toMatchObject({ code: 'data.not-text', where: { line: 3 } });
  });
});
