import {
  chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileSource, readTable, type Column, type Table } from '../../../src/data/index.js';
import { rowsBetween } from '../../../src/data/columnar/reader.js';
import type { Columnar, ReadOptions } from '../../../src/data/read-options.js';
import { Stream } from '../../../src/random.js';
import { problemOf, READ } from './sources.js';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'bnnc-columnar-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const CELLS = ['1', '2.5', '-0', '1e300', '01', '"1,5"', '', 'NA', 'red', 'green', '12%', '"a, b"', 'é', '1.50'];

/** Columns that are numbers, numbers up to a row, and anything; with blank lines and quotes in between. */
function draw(seed: number): string {
  const stream = Stream.fromSeed(seed).split('columnar');
  const rows = 1 + stream.integer(60);
  const turn = stream.integer(rows + 1);
  const cell = (from: number): string => CELLS[stream.integer(from)];
  const lines = Array.from({ length: rows }, (_, row) => {
    const blank = stream.integer(9) === 0 ? '\n' : '';
    return `${blank}${cell(4)},${cell(row < turn ? 4 : CELLS.length)},${cell(CELLS.length)},${row}`;
  });
  return ['number,late,any,row', ...lines].join('\n');
}

function file(text: string, name = 'data.csv'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const cellsOf = (column: Column): unknown => (column.type === 'number' ? { type: 'number', values: column.values }
  : { type: 'text', codes: column.codes, levels: column.levels, foreign: [...column.foreign ?? []].sort() });
/** All of a table, with its columns as they are in memory. */
const whole = ({ columns, ...facts }: Table): unknown => ({ ...facts, columns: columns.map(cellsOf) });

const cache = (bytes = 1e9): Columnar['cache'] => ({ folder: join(folder, 'cache', 'tables'), bytes });
const through = (columnar: Columnar): ReadOptions =>
  ({ ...READ, columnar: { worthKeeping: 0, blockRows: 7, inMemory: 0, ...columnar } });
const kept = (): string[] => (existsSync(cache()!.folder) ? readdirSync(cache()!.folder) : []);

describe('a table through a file of columns', () => {
  it('is the table that is read at once, cell by cell, from the file and from what was kept', async () => {
    for (let seed = 0; seed < 60; seed++) {
      const path = file(draw(seed), `t${seed}.csv`);
      const options = { ...READ, missing: ['NA'], decimal: seed % 3 === 0 ? ',' as const : '.' as const };
      const plain = whole(await readTable(fileSource(path), options));
      for (const inMemory of [0, Infinity]) {
        const { columnar } = through({ cache: cache(), inMemory });
        for (const _ of ['read', 'kept']) {
          expect(whole(await readTable(fileSource(path), { ...options, columnar }))).toEqual(plain);
        }
      }
      const uncached = { large: 0, inMemory: 0, blockRows: 5 };
      expect(whole(await readTable(fileSource(path), { ...options, columnar: uncached }))).toEqual(plain);
    }
  });

  it('gives some of its rows without the others', async () => {
    const path = file(draw(4));
    const stored = await readTable(fileSource(path), through({ cache: cache() }));
    const plain = await readTable(fileSource(path), READ);
    const { rows } = plain;
    for (const [from, to] of [[0, rows], [3, Math.min(rows, 12)], [rows - 1, rows]]) {
      expect(whole(rowsBetween(stored, from, to))).toEqual(whole(rowsBetween(plain, from, to)));
    }
  });

  it('is read again by other options, of another file, and of another name where that tells the format', async () => {
    const path = file('a,b\n1,x\n-9,y\n');
    await readTable(fileSource(path), through({ cache: cache() }));
    const other = await readTable(fileSource(path), { ...through({ cache: cache() }), missing: ['-9'] });
    expect(other.columns[0]).toHaveProperty('values', Float64Array.of(1, NaN));
    writeFileSync(path, 'a,b\n1,x\n-8,y\n');
    expect((await readTable(fileSource(path), through({ cache: cache() }))).columns[0]).toHaveProperty('values', Float64Array.of(1, -8));
    expect(kept()).toHaveLength(3);
  });

  it('does without what was kept where that is damaged, cut short or another table', async () => {
    const path = file(draw(7));
    const plain = whole(await readTable(fileSource(path), READ));
    const options = through({ cache: cache() });
    const read = async (): Promise<unknown> => whole(await readTable(fileSource(path), options));
    await read();
    const place = join(cache()!.folder, kept()[0]);
    const good = readFileSync(place);
    const other = file(draw(8), 'other.csv');
    await readTable(fileSource(other), options);
    const foreign = readFileSync(join(cache()!.folder, kept().find((name) => join(cache()!.folder, name) !== place)!));
    for (let at = 0; at < good.length; at += 97) {
      const bad = Buffer.from(good);
      bad[at] ^= 1;
      writeFileSync(place, bad);
      expect(await read()).toEqual(plain);
      expect(readFileSync(place).equals(good)).toBe(true);
    }
    for (const length of [0, 10, 60, good.length - 33, good.length - 1]) {
      truncateSync(place, length);
      expect(await read()).toEqual(plain);
    }
    for (const bytes of [foreign, Buffer.from('no table'), Buffer.concat([good, good])]) {
      writeFileSync(place, bytes);
      expect(await read()).toEqual(plain);
      expect(readFileSync(place).equals(good)).toBe(true);
    }
  });

  it('is read all the same where nothing can be kept', async () => {
    const path = file(draw(9));
    const plain = whole(await readTable(fileSource(path), READ));
    const { folder: place } = cache()!;
    mkdirSync(join(place, '..'), { recursive: true });
    writeFileSync(place, 'a file in the place of the folder');
    expect(whole(await readTable(fileSource(path), through({ cache: cache() })))).toEqual(plain);
    rmSync(place);
    mkdirSync(place);
    chmodSync(place, 0o500);
    expect(whole(await readTable(fileSource(path), through({ cache: cache() })))).toEqual(plain);
    chmodSync(place, 0o700);
    expect(whole(await readTable(fileSource(path), through({ cache: cache(10) })))).toEqual(plain);
    expect(kept().filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it('takes no more room than it may: what was not used for longest goes', async () => {
    const sizes: number[] = [];
    const paths = [1, 2, 3].map((n) => file(`a,b\n${`${n},1\n`.repeat(50)}`, `${n}.csv`));
    for (const path of paths) {
      await readTable(fileSource(path), through({ cache: cache() }));
      sizes.push(...kept().map((name) => statSync(join(cache()!.folder, name)).size));
    }
    const two = Math.max(...sizes) * 2.5;
    const [one] = kept();
    await readTable(fileSource(file('a,b\n4,4\n', '4.csv')), through({ cache: cache(two) }));
    expect(kept().length).toBeLessThanOrEqual(3);
    expect(kept().length).toBeGreaterThan(0);
    expect(kept()).not.toEqual([one]);
  });

  it('is whole where several read it at once', async () => {
    const path = file(draw(12));
    const plain = whole(await readTable(fileSource(path), READ));
    const all = await Promise.all(Array.from({ length: 5 }, () => readTable(fileSource(path), through({ cache: cache() }))));
    for (const each of all) expect(whole(each)).toEqual(plain);
    expect(kept()).toHaveLength(1);
  });

  it('has the faults of the table, and keeps nothing of it', async () => {
    const path = file('a,b\n1,2\n3\n');
    expect(await problemOf(() => readTable(fileSource(path), through({ cache: cache() })))).toMatchObject({ code: 'data.ragged-row' });
    expect(kept()).toEqual([]);
  });
});
