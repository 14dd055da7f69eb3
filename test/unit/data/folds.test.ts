import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileSource, foldRows, readTable, type Folds } from '../../../src/data/index.js';
import { Stream } from '../../../src/random.js';
import { cells, dataOptions, problemOf, read, READ } from './sources.js';

const stream = (seed = 1) => Stream.fromSeed(seed);
const lengths = ({ rows }: Folds) => rows.map((fold) => fold.length);
const classTable = (labels: string[]) => read('x,y\n' + labels.map((label, i) => `${i},${label}`).join('\n'));

describe('foldRows', () => {
  it('spreads every class evenly', async () => {
    const table = await readTable(fileSource('datasets/penguins.csv'), READ);
    const labels = cells(table, 'species');
    const { rows, stratified, rare } = foldRows(table, dataOptions('species'), 10, stream());
    expect({ stratified, rare }).toEqual({ stratified: true, rare: [] });
    for (const species of new Set(labels)) {
      const counts = rows.map((fold) => fold.filter((row) => labels[row] === species).length);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
  });

  it('does not when told so, nor for numbers', async () => {
    const sorted = await classTable([...'aaaaaaaaaaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbbbbbbbbbb']);
    const options = dataOptions('y', { split: { validation: 0, test: 0, stratify: false, testFile: null } });
    const spreads = Array.from({ length: 10 }, (_, seed) => {
      const { rows, stratified } = foldRows(sorted, options, 5, stream(seed));
      expect(stratified).toBe(false);
      return rows[0].filter((row) => row < 25).length;
    });
    expect(new Set(spreads).size).toBeGreaterThan(1);
    const numbers = await readTable(fileSource('datasets/diabetes.csv'), READ);
    expect(foldRows(numbers, dataOptions('progression'), 5, stream())).toMatchObject({ stratified: false, rare: [] });
  });

  it('follows the stream', async () => {
    const table = await readTable(fileSource('datasets/raisin.csv'), READ);
    const folds = (seed: number) => foldRows(table, dataOptions('Class'), 10, stream(seed));
    expect(folds(1)).toEqual(folds(1));
    expect(folds(1).rows).not.toEqual(folds(2).rows);
    expect(lengths(folds(1))).toEqual(Array.from({ length: 10 }, () => 90));
  });

  it('names classes that have fewer rows than there are folds', async () => {
    const table = await classTable([...'aaaabccaaa']);
    const { rare } = foldRows(table, dataOptions('y'), 3, stream());
    expect(rare).toEqual([{ level: 'b', rows: 1 }, { level: 'c', rows: 2 }]);
  });

  it('takes one row a fold, and no more folds than rows', async () => {
    const table = await read('x,y\n1,1.5\n2,2\n3,3\n4,4\n5,5\n');
    expect(lengths(foldRows(table, dataOptions('y'), 5, stream()))).toEqual([1, 1, 1, 1, 1]);
    expect(await problemOf(() => foldRows(table, dataOptions('y'), 6, stream())))
      .toMatchObject({ code: 'data.too-few-rows', message: '5 rows cannot be divided into 6 folds', where: { file: 'data.csv' } });
    for (const k of [1, 0, -2, 2.5, NaN]) {
      expect(await problemOf(() => foldRows(table, dataOptions('y'), k, stream()))).toMatchObject({ code: 'usage.folds' });
    }
    const tiny = await read('x,y\n1,1.5\n2,2\n3,3\n');
    expect(await problemOf(() => foldRows(tiny, dataOptions('y'), 2, stream()))).toMatchObject({ code: 'data.too-few-rows' });
  });

  it('divides any table into parts of almost the same size, classes too', async () => {
    const cases = fc.tuple(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 8, maxLength: 40 }), fc.integer({ min: 2, max: 8 }), fc.boolean(), fc.nat());
    await fc.assert(fc.asyncProperty(cases, async ([labels, k, stratify, seed]) => {
      fc.pre(new Set(labels).size > 1);
      const options = dataOptions('y', { split: { validation: 0, test: 0, stratify, testFile: null } });
      const folds = foldRows(await classTable(labels), options, k, stream(seed));
      expect(folds.rows.flatMap((rows) => [...rows]).sort((a, b) => a - b)).toEqual(labels.map((_, row) => row));
      for (const rows of folds.rows) expect([...rows]).toEqual([...rows].sort((a, b) => a - b));
      const groups = stratify ? [...new Set(labels)].map((label) => (row: number) => labels[row] === label) : [];
      for (const belongs of [() => true, ...groups]) {
        const counts = folds.rows.map((rows) => rows.filter(belongs).length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }
    }), { numRuns: 60 });
  });
});
