import { describe, expect, it } from 'vitest';
import { divisionLines, divisionOf, fitEncoder, foldRows, splitRows, type Split } from '../../../src/data/index.js';
import { Stream } from '../../../src/random.js';
import { dataOptions, problemOf, read } from './sources.js';

const stream = (seed = 1) => Stream.fromSeed(seed);
const by = (names: { group?: string; time?: string }, validation = 0.1, test = 0.2) =>
  dataOptions('y', { split: { validation, test, stratify: true, testFile: null, testQuery: null, ...names } });
const lengths = ({ train, validation, test }: Split) =>
  ({ train: train.length, validation: validation.length, test: test.length });

/** 20 patients of 10 rows each, one of the first twelve of class a. */
const patients = () => read(`patient,x,y\n${Array.from({ length: 200 }, (_, n) => `p${n % 20},${n},${n % 20 < 12 ? 'a' : 'b'}`).join('\n')}`);

describe('splits of whole groups', () => {
  it('meet the shares as nearly as the groups allow, class by class', async () => {
    const table = await patients();
    const parts = splitRows(table, by({ group: 'patient' }), stream());
    expect(lengths(parts)).toEqual({ train: 140, validation: 20, test: 40 });
    const first = (rows: Int32Array) => rows.filter((row) => row % 20 < 12).length;
    expect(Math.abs(first(parts.test) - 24)).toBeLessThanOrEqual(6);
    expect(parts.test).not.toEqual(splitRows(table, by({ group: 'patient' }), stream(2)).test);
    const division = divisionOf(table, parts, by({ group: 'patient' }));
    expect(division).toEqual({ group: { column: 'patient', train: 14, validation: 2, test: 4 }, left: 0 });
    expect(divisionLines(division)).toEqual(["rows of one 'patient' stay together: groups are 14 train, 2 validation, 4 test"]);
  });

  it('leave a class in training that only one group has', async () => {
    const rows = Array.from({ length: 12 }, (_, g) => Array.from({ length: 5 }, (__, n) => `g${g},${n},${g === 7 ? 'rare' : 'ab'[n % 2]}`)).flat();
    const table = await read(`g,x,y\n${rows.join('\n')}`);
    for (let seed = 0; seed < 10; seed++) {
      const { train } = splitRows(table, by({ group: 'g' }), stream(seed));
      expect([...train]).toContain(35);
    }
  });

  it('take groups of all sizes', async () => {
    const sizes = [50, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 20, 10, 5, 5];
    const rows = sizes.flatMap((size, g) => Array.from({ length: size }, (_, n) => `${g},${n},${n}`));
    const table = await read(`g,x,y\n${rows.join('\n')}`);
    expect(lengths(splitRows(table, by({ group: 'g' }), stream()))).toEqual({ train: 70, validation: 10, test: 20 });
  });

  it('refuse too few groups, and empty cells', async () => {
    const two = await read('g,x,y\na,1,1\na,2,3\nb,3,4\nb,2,6\na,7,3\n');
    expect(await problemOf(() => splitRows(two, by({ group: 'g' }), stream()))).toMatchObject({
      code: 'data.too-few-groups', message: "column 'g': 2 groups cannot be divided into 3 parts",
    });
    expect(splitRows(two, by({ group: 'g' }, 0), stream()).train.length).toBeGreaterThan(1);
    const gaps = await read('g,x,y\na,1,1\n,2,3\nb,3,4\nb,2,6\n,7,3\n');
    expect(await problemOf(() => splitRows(gaps, by({ group: 'g' }), stream()))).toMatchObject({
      code: 'data.missing-group', where: { line: 3 }, message: "column 'g': the group is missing in this row (and in 1 more row)",
    });
    expect(await problemOf(() => splitRows(two, by({ group: 'G' }), stream()))).toMatchObject({
      code: 'data.unknown-column', hint: "Did you mean 'g'?",
    });
  });
});

describe('splits in time', () => {
  it('train on the earlier and test on the later', async () => {
    const table = await read(`day,x,y\n${Array.from({ length: 50 }, (_, n) => `2024-0${1 + n % 5}-1${n % 10},${n},${n % 7}`).join('\n')}`);
    const parts = splitRows(table, by({ time: 'day' }), stream());
    const division = divisionOf(table, parts, by({ time: 'day' }))!;
    expect(lengths(parts)).toEqual({ train: 35, validation: 5, test: 10 });
    expect(divisionLines(division)).toEqual([
      "rows are in order of 'day': train 2024-01-10 to 2024-04-13, validation 2024-04-18, test 2024-05-14 to 2024-05-19",
    ]);
    expect(parts).toEqual(splitRows(table, by({ time: 'day' }), stream(9)));
  });

  it('keep rows of one time together', async () => {
    const table = await read(`t,x,y\n${Array.from({ length: 40 }, (_, n) => `${Math.floor(n / 8)},${n},${n % 7}`).join('\n')}`);
    expect(lengths(splitRows(table, by({ time: 't' }), stream()))).toEqual({ train: 24, validation: 8, test: 8 });
    const one = await read('t,x,y\n1,1,1\n1,2,3\n1,3,4\n1,2,6\n1,7,3\n');
    expect(await problemOf(() => splitRows(one, by({ time: 't' }), stream()))).toMatchObject({
      code: 'data.too-few-times', message: "column 't': the rows are at one time, which cannot be divided into 3 parts",
    });
  });

  it('order groups by when they begin, and leave out what reaches into a later part', async () => {
    const rows = Array.from({ length: 10 }, (_, g) => Array.from({ length: 4 }, (__, n) => `g${g},${10 * g + 4 * n},${n},${n + g}`)).flat();
    const table = await read(`g,t,x,y\n${rows.join('\n')}`);
    const options = by({ group: 'g', time: 't' });
    const parts = splitRows(table, options, stream());
    // Groups 0 to 6, 7, and 8 to 9; the last row of group 6 is at 72 and that of 7 at 82, after the cuts at 70 and 80.
    expect(lengths(parts)).toEqual({ train: 27, validation: 3, test: 8 });
    expect(divisionLines(divisionOf(table, parts, options))[2]).toBe('2 rows of groups that reach into a later part are left out');
    const together = await read('g,t,x,y\na,1,1,1\nb,1,2,3\na,2,3,4\nb,2,2,6\nc,1,7,3\n');
    expect(await problemOf(() => splitRows(together, options, stream()))).toMatchObject({ code: 'data.too-few-times' });
  });

  it.each([
    ['dotted', 'auto', (d: string, m: string) => `${d}.${m}.2024`], ['day first', 'dayFirst', (d: string, m: string) => `${d}/${m}/2024`],
    ['month first', 'monthFirst', (d: string, m: string) => `${m}/${d}/2024 08:30`], ['a year first', 'auto', (d: string, m: string) => `2024/${m}/${d}`],
  ] as const)('read dates as columns of dates are read: %s', async (_, dates, write) => {
    // The first five days of ten months, last month first; as texts they are in no order of time.
    const days = Array.from({ length: 50 }, (__, n) => write(`0${1 + n % 5}`, String(10 - Math.floor(n / 5)).padStart(2, '0')));
    const table = await read(`day,x,y\n${days.map((day, n) => `${day},${n},${n % 7}`).join('\n')}`);
    const options = { ...by({ time: 'day' }), dates };
    const parts = splitRows(table, options, stream());
    expect(lengths(parts)).toEqual({ train: 35, validation: 5, test: 10 });
    expect([...parts.test]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([...parts.validation]).toEqual([10, 11, 12, 13, 14]);
    expect(divisionOf(table, parts, options)!.time!.test).toEqual([days[5], days[4]]);
    const { rows, train } = foldRows(table, options, 4, stream());
    rows.forEach((held, f) => expect(Math.min(...train[f])).toBeGreaterThan(Math.max(...held)));
  });

  it('refuse dates that may begin with the day or the month, unless it is said', async () => {
    const table = await read('t,x,y\n13/01/2024,1,1\n2/1/2024,2,3\n3/1/2024,3,4\n5/1/2024,2,6\n9/1/2024,7,3\n');
    expect(lengths(splitRows(table, by({ time: 't' }), stream()))).toEqual({ train: 3, validation: 1, test: 1 });
    const open = await read('t,x,y\n1/2/2024,1,1\n2/1/2024,2,3\n3/1/2024,3,4\n5/1/2024,2,6\n9/1/2024,7,3\n');
    expect(await problemOf(() => splitRows(open, by({ time: 't' }), stream()))).toMatchObject({
      code: 'data.ambiguous-date', where: { line: 2 }, hint: 'Set data.dates: dayFirst or monthFirst.',
      message: "column 't': '1/2/2024' may begin with the day or with the month",
    });
    expect([...splitRows(open, { ...by({ time: 't' }), dates: 'dayFirst' }, stream()).test]).toEqual([0]);
    const typo = await read('t,x,y\n1.2.2024,1,1\n2.1.2024,2,3\n31.2.2024,3,4\n5.1.2024,2,6\n9.1.2024,7,3\n');
    expect(await problemOf(() => splitRows(typo, by({ time: 't' }), stream()))).toMatchObject({
      code: 'data.not-a-time', where: { line: 4 }, message: "column 't': '31.2.2024' is no number and no date",
    });
  });

  it('refuse cells that are no times', async () => {
    const table = await read('t,x,y\n2024-01-01,1,1\n2024-01-02,2,3\nsoon,3,4\n2024-01-05,2,6\n2024-01-09,7,3\n');
    expect(await problemOf(() => splitRows(table, by({ time: 't' }), stream()))).toMatchObject({
      code: 'data.not-a-time', where: { line: 4 }, message: "column 't': 'soon' is no number and no date",
    });
    const gap = await read('t,x,y\n1,1,1\n,2,3\n2,3,4\n3,2,6\n4,7,3\n');
    expect(await problemOf(() => splitRows(gap, by({ time: 't' }), stream()))).toMatchObject({ code: 'data.missing-time', where: { line: 3 } });
  });
});

describe('folds', () => {
  it('hold out whole groups', async () => {
    const table = await patients();
    const { rows, train, dependent } = foldRows(table, by({ group: 'patient' }), 5, stream());
    expect(rows.map(({ length }) => length)).toEqual([40, 40, 40, 40, 40]);
    expect(train.map(({ length }) => length)).toEqual([160, 160, 160, 160, 160]);
    expect(dependent).toEqual({ group: 'patient' });
    expect(await problemOf(() => foldRows(table, by({ group: 'patient' }), 21, stream()))).toMatchObject({
      code: 'data.too-few-groups', message: "column 'patient' has 20 groups, which allow 20 folds at most, not 21",
    });
  });

  it('are forward chaining in time, as those of scikit-learn', async () => {
    const table = await read(`t,x,y\n${Array.from({ length: 12 }, (_, n) => `${n},${n},${n % 5}`).join('\n')}`);
    const { rows, train } = foldRows(table, by({ time: 't' }), 3, stream());
    // TimeSeriesSplit(3) of 12 rows.
    expect(rows.map((each) => [...each])).toEqual([[3, 4, 5], [6, 7, 8], [9, 10, 11]]);
    expect(train.map((each) => [...each])).toEqual([[0, 1, 2], [0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5, 6, 7, 8]]);
  });
});

it('columns of groups and times are no inputs', async () => {
  const table = await patients();
  const { features, dropped } = fitEncoder(table, Int32Array.from({ length: 200 }, (_, n) => n), by({ group: 'patient' }));
  expect(features.map(({ name }) => name)).toEqual(['x']);
  expect(dropped).toEqual([{ name: 'patient', reason: 'it says which rows belong together' }]);
});
