import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/config/resolve.js';
import { takeRows } from '../../../src/maths/vector.js';
import { Stream } from '../../../src/random.js';
import type { Splits } from '../../../src/types.js';
import { say } from '../../../src/voice.js';
import { HELD, heldAgain, heldCount, heldLine, heldOf, heldRows, isLarge, LARGE, measuringLine } from '../../../src/work/large.js';
import { prepare, type Prepared, type Ways } from '../../../src/work/prepare.js';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'bnnc-large-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const KINDS = ['red', 'green', 'blue', ''];

/** Numbers with gaps, texts, dates, percentages, and a target of numbers or of classes. */
function write(rows: number, target: (n: number) => string | number): string {
  const stream = Stream.fromSeed('large');
  const values = stream.normals(rows);
  const lines = Array.from(values, (value, n) =>
    [n % 13 === 0 ? '' : value.toFixed(4), KINDS[stream.integer(4)], `2024-0${1 + n % 9}-11`, `${n % 50}%`, 1 + n % 3, target(n)].join(','));
  writeFileSync(join(folder, 'd.csv'), `a,kind,day,share,weight,y\n${lines.join('\n')}\n`);
  return 'd.csv';
}

const prepared = async (ways: Ways, sets: string[] = []): Promise<Prepared> =>
  prepare(await resolveConfig({ cwd: folder, flags: { data: 'd.csv', target: 'y' }, sets }), undefined, ways);

const stored = { worthKeeping: 0, inMemory: 0, blockRows: 100, cache: { folder: '', bytes: 1e9 } };
const ways = (): Ways => ({
  columnar: { ...stored, cache: { folder: join(folder, 'cache'), bytes: 1e9 } },
  large: { folder: () => folder, large: { rows: 300, cells: 1000 }, held: { rows: 60, cells: 100 } },
});

const targets: [string, (n: number) => string | number, string[]][] = [
  ['numbers', (n) => (n * 37 % 101) / 7, []],
  ['classes', (n) => (n % 4 === 0 ? 'no' : 'yes'), []],
  ['weighted numbers', (n) => (n * 37 % 101) / 7, ['data.weights=weight']],
  ['weighted classes', (n) => 'abc'[n % 3], ['data.classWeights=balanced']],
];

describe('a table whose columns stay in a file', () => {
  it.each(targets)('is prepared as one in memory (%s)', async (_, target, sets) => {
    write(900, target);
    const plain = await prepared({}, sets);
    for (const columnar of [ways().columnar, ways().columnar, { large: 0, inMemory: 0 }]) {
      expect(await prepared({ columnar }, sets)).toEqual(plain);
    }
  });

  it('loses its rows without a target as one in memory does', async () => {
    write(400, (n) => (n % 7 === 0 ? '' : n % 11 + 0.5));
    const sets = ['data.unlabelled=drop'];
    expect(await prepared({ columnar: ways().columnar }, sets)).toEqual(await prepared({}, sets));
  });
});

describe('a large table', () => {
  it.each(targets)('has all training rows for the fits, and a sample for the rest (%s)', async (_, target, sets) => {
    write(900, target);
    const plain = await prepared({}, sets);
    const large = await prepared(ways(), sets);
    const { fitData: { x, y, all }, splits, held } = large;
    expect(splits).toEqual(plain.splits);
    expect(large.encoder).toEqual(plain.encoder);
    expect(large.plan).toEqual(plain.plan);
    expect(all!.y).toEqual(plain.fitData.y);
    const bytes = readFileSync(all!.x.path);
    expect(new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)).toEqual(plain.fitData.x.data);
    expect([all!.x.rows, all!.x.cols]).toEqual([plain.fitData.x.rows, plain.fitData.x.cols]);
    expect([x.rows, y.rows, large.sets.test!.x.rows]).toEqual([60, 60, 60]);
    const places = Array.from(held!.train, (row) => splits.train.indexOf(row));
    expect(places).not.toContain(-1);
    expect(x.data).toEqual(takeRows(plain.fitData.x, Int32Array.from(places)).data);
    expect(Array.from(large.sets.train!.y)).toEqual(places.map((place) => plain.sets.train!.y[place]));
    expect(measuringLine(large)).toContain('on 180 rows');
    expect(measuringLine(plain)).toBeUndefined();
    expect(large.remarks!.some((remark) => say(remark).includes('fits learn from all 630 training rows'))).toBe(true);
  });

  it('is none below the bound, and then leaves nothing on the disk', async () => {
    write(420, (n) => n % 17);
    const asked = { ...ways(), columnar: undefined };
    expect(await prepared(asked)).toEqual(await prepared({}));
    expect(existsSync(join(folder, 'rows'))).toBe(false);
  });

  it('is one by rows and by cells', () => {
    expect([isLarge(LARGE.rows, 1e6), isLarge(LARGE.rows + 1, 39), isLarge(LARGE.rows + 1, 40), isLarge(500, 1e6)])
      .toEqual([false, false, true, false]);
    expect([heldCount(10, 5), heldCount(1e7, 5), heldCount(1e7, 1000)]).toEqual([10, HELD.cells / 5, HELD.rows]);
  });

  it('tells how many rows figures are of', () => {
    const rows = (count: number): Int32Array => Int32Array.from({ length: count }, (_, row) => row);
    const splits: Splits = { train: rows(500), validation: rows(20), test: rows(0) };
    const held = heldRows(splits, 1, { rows: 30, cells: 30 }, 1);
    expect(heldAgain(splits, heldOf(held, splits), 1)).toEqual(held);
    expect(heldOf(held, splits)).toEqual({ train: { rows: 30, of: 500 } });
    expect([...held.train].every((row, at) => at === 0 || row > held.train[at - 1])).toBe(true);
    expect(heldLine(heldOf(held, splits))).toContain('all 500 training rows');
    expect(heldLine(heldOf(splits, splits))).toBeUndefined();
    expect(heldLine()).toBeUndefined();
  });
});
