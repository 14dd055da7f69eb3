import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/config/resolve.js';
import { checkUnpacked, DEFAULT_LIMITS, isLonger, MOST_BYTES, refuseLine } from '../../../src/data/limits.js';
import { readTable } from '../../../src/data/index.js';
import { styleOf } from '../../../src/data/style.js';
import { PlainLines } from '../../../src/data/plain.js';
import { memory, problemOf, read, READ } from './sources.js';

const LONG = 'x'.repeat(300);
const small = { line: 100, cell: 40 };
const csv = (cell: string): string => `a,b\n1,x\n2,${cell}\n3,z\n`;

describe('limits of a table', () => {
  it('are as the config says by itself', async () => {
    const { config } = await resolveConfig({ flags: { data: 'a.csv', target: 'y' }, cwd: '/' });
    expect(config.data.limits).toEqual(DEFAULT_LIMITS);
    expect(styleOf(config.data)).toBeUndefined();
    expect(styleOf({ ...config.data, limits: { ...DEFAULT_LIMITS, line: 5 } })).toEqual({ limits: { line: 5 } });
  });

  it.each([
    ['a plain line', csv(LONG), 3],
    ['a quoted line', csv(`"${LONG}"`), 3],
    ['a quote that never closes', `a,b\n1,x\n2,"${LONG}\n${'3,z\n'.repeat(100)}`, 3],
    ['the line of names', `a,${LONG}\n1,2\n`, 1],
    ['a last line without an end', `a,b\n1,${LONG}`, 2],
    ['a line of JSON', `{"a": 1}\n{"a": "${LONG}"}\n`, 2],
  ])('refuse %s that is too long', async (_, text, line) => {
    const problem = await problemOf(() => read(text, { limits: small }));
    expect(problem).toMatchObject({ code: 'data.line-too-long', where: { line } });
    expect(problem.hint).toContain("sets: ['data.limits.line=500000000']");
  });

  it('refuse a long line before its end is read', async () => {
    const endless = async function* (): AsyncGenerator<Buffer> {
      for (let n = 0; n < 1e6; n++) yield Buffer.alloc(1000, 'x');
      throw new Error('read to the end');
    };
    const source = { name: 'data.csv', open: () => endless() as unknown as NodeJS.ReadableStream };
    expect(await problemOf(() => readTable(source, { ...READ, limits: { line: 10_000 } }))).toMatchObject({ code: 'data.line-too-long' });
  });

  it('refuse a row of nothing but delimiters, which has no bytes in its cells', async () => {
    const text = `a,b\n"1",x\n${','.repeat(6_000_000)}\n1,2\n`;
    expect(await problemOf(() => read(text, { limits: { line: 1000 } }))).toMatchObject({ code: 'data.line-too-long' });
  });

  it.each([['plain', LONG], ['quoted', `"${LONG}"`]])('refuse a %s cell that is too long', async (_, cell) => {
    const problem = await problemOf(() => read(csv(cell), { limits: { cell: 299 } }));
    expect(problem).toMatchObject({ code: 'data.cell-too-long', where: { line: 3 } });
    expect(problem.hint).toContain('data.limits.cell=300');
    await expect(read(csv(cell), { limits: { cell: 300 } })).resolves.toMatchObject({ rows: 3 });
  });

  it('refuse more columns than are meant, and read that many', async () => {
    const wide = `${Array.from({ length: 50 }, (_, n) => `c${n}`).join(',')}\n${'1,'.repeat(49)}1\n`;
    expect(await problemOf(() => read(wide, { limits: { columns: 49 } }))).toMatchObject({
      code: 'data.too-many-columns', message: 'the table has 50 columns, more than 49', where: { line: 1 },
    });
    await expect(read(wide, { limits: { columns: 50 } })).resolves.toMatchObject({ rows: 1 });
  });

  it('refuse what unpacks to too much', async () => {
    const zipped = gzipSync(csv('y'.repeat(90)));
    const asked = (unpacked: number) => readTable(memory(zipped), { ...READ, limits: { unpacked } });
    expect(await problemOf(() => asked(50))).toMatchObject({ code: 'data.unpacked-too-large' });
    await expect(asked(200)).resolves.toMatchObject({ rows: 3 });
  });

  it('let a gzip unpack to 256 MB, and beyond to 100 times what it was', () => {
    const asked = (unpacked: number, packed: number) => () => checkUnpacked(unpacked, packed, 'auto', 'a.gz');
    expect(asked(268_435_456, 1000)).not.toThrow();
    expect(asked(268_435_457, 1000)).toThrow(/unpacks to more than/);
    expect(asked(1e9, 1e7)).not.toThrow();
    expect(asked(1e9 + 1, 1e7)).toThrow(/unpacks/);
  });

  it('are counted in bytes of UTF-8', () => {
    expect([isLonger('ä'.repeat(50), 100), isLonger('ä'.repeat(51), 100)]).toEqual([false, true]);
  });

  it('name no larger limit where there is none', () => {
    expect(refuseLine(MOST_BYTES, {}).problems[0].hint).toBe('Longer ones cannot be read.');
  });
});

describe('a header with many names twice', () => {
  it('is told by a few of them', async () => {
    const names = Array.from({ length: 3000 }, (_, n) => `c${n % 1000}`);
    const { message } = await problemOf(() => read(`${names.join(',')}\n`));
    expect(message).toMatch(/'c9' \(columns 10 and 1010 and 2010\) and 990 more$/);
  });
});

describe('pieces of a line', () => {
  it('are joined wherever they are cut, line ends too', () => {
    const text = Buffer.from('a,b\r\nc\rd\n\r\ne\r');
    for (let first = 0; first <= text.length; first++) {
      for (let second = first; second <= text.length; second++) {
        const lines = new PlainLines();
        const pieces = [text.subarray(0, first), text.subarray(first, second), text.subarray(second)];
        const found = [...pieces.flatMap((piece) => lines.take(piece)), ...lines.last()];
        expect(found).toEqual(['a,b', 'c', 'd', '', 'e']);
      }
    }
  });
});
