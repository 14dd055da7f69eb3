import { describe, expect, it } from 'vitest';
import { fileSource, readTable, splitRows } from '../../../src/data/index.js';
import { Stream } from '../../../src/random.js';
import { cells, dataOptions, problemOf, read, READ } from './sources.js';

const stream = (seed = 1) => Stream.fromSeed(seed);
const shares = (validation: number, test: number, stratify = true) => ({ split: { validation, test, stratify, testFile: null } });
const classTable = (labels: string[]) => read('x,y\n' + labels.map((label, i) => `${i},${label}`).join('\n'));
const repeat = (label: string, times: number) => Array.from({ length: times }, () => label);

describe('splitRows', () => {
  it('keeps class proportions', async () => {
    const table = await readTable(fileSource('datasets/raisin.csv'), READ);
    const split = splitRows(table, dataOptions('Class'), stream());
    const labels = cells(table, 'Class');
    const count = (rows: Int32Array, label: string) => rows.filter((row) => labels[row] === label).length;
    expect([split.train, split.validation, split.test].map((rows) => [count(rows, 'Besni'), count(rows, 'Kecimen')])).toEqual([
      [315, 315], [45, 45], [90, 90],
    ]);
  });

  it('follows the stream', async () => {
    const table = await readTable(fileSource('datasets/penguins.csv'), READ);
    const split = (seed: number) => splitRows(table, dataOptions('species'), stream(seed));
    expect(split(1)).toEqual(split(1));
    expect(split(1).test).not.toEqual(split(2).test);
  });

  it('gives ascending rows in parts of the asked size', async () => {
    const table = await readTable(fileSource('datasets/diabetes.csv'), READ);
    const { train, validation, test } = splitRows(table, dataOptions('progression'), stream());
    expect([train.length, validation.length, test.length]).toEqual([310, 44, 88]);
    for (const rows of [train, validation, test]) expect([...rows]).toEqual([...rows].sort((a, b) => a - b));
  });

  it('leaves a part empty only when its share is 0', async () => {
    const table = await classTable([...repeat('a', 5), ...repeat('b', 5)]);
    const none = splitRows(table, dataOptions('y', shares(0, 0)), stream());
    expect([none.train.length, none.validation.length, none.test.length]).toEqual([10, 0, 0]);
    const small = splitRows(table, dataOptions('y', shares(0.01, 0.01)), stream());
    expect([small.train.length, small.validation.length, small.test.length]).toEqual([8, 1, 1]);
  });

  it('leaves a training row of every class, also of very rare ones', async () => {
    const table = await classTable([...repeat('a', 40), ...repeat('b', 2), 'c', ...repeat('d', 30)]);
    for (let seed = 0; seed < 20; seed++) {
      const { train } = splitRows(table, dataOptions('y', shares(0.2, 0.4)), stream(seed));
      const labels = cells(table, 'y');
      expect(new Set(Array.from(train, (row) => labels[row])).size).toBe(4);
    }
  });

  it('shuffles all rows alike without stratification', async () => {
    const table = await classTable([...repeat('a', 50), ...repeat('b', 50)]);
    const counts = Array.from({ length: 10 }, (_, seed) =>
      splitRows(table, dataOptions('y', shares(0, 0.2, false)), stream(seed)).test.filter((row) => row < 50).length);
    expect(new Set(counts).size).toBeGreaterThan(1);
  });

  it('refuses tables that are too small', async () => {
    const tiny = await problemOf(async () => splitRows(await classTable(['a', 'b', 'a', 'b']), dataOptions('y'), stream()));
    expect(tiny).toMatchObject({ code: 'data.too-few-rows', where: { file: 'data.csv' } });
    expect(tiny.message).toBe('4 rows are too few to learn from');
    const greedy = await problemOf(async () => splitRows(await read('x,y\n1,1.5\n2,2\n3,3\n4,4\n5,5\n'),
      dataOptions('y', shares(0.5, 0.49)), stream()));
    expect(greedy.message).toBe('no training row is left of 5');
    const one = await problemOf(async () => splitRows(await read('x,y\n1,1.5\n2,2\n3,3\n4,4\n5,5\n'),
      dataOptions('y', shares(0.4, 0.4)), stream()));
    expect(one).toMatchObject({ code: 'data.too-few-rows', message: 'only one training row is left of 5' });
    const single = await problemOf(async () => splitRows(await read('x,y\n1,1.5\n'), dataOptions('y'), stream()));
    expect(single).toMatchObject({ code: 'data.too-few-rows', message: '1 row is too few to learn from' });
    const five = await classTable(['a', 'b', 'c', 'd', 'e']);
    const classes = await problemOf(async () => splitRows(five, dataOptions('y'), stream()));
    expect(classes.message).toContain('5 rows of 5 classes cannot be split');
    expect(classes.hint).toContain('data.split.stratify: false');
  });
});
