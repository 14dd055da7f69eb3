import { describe, expect, it } from 'vitest';
import { allRows, describeTable, encode, fitEncoder, inferKind, resolveTarget, splitRows, streamChunks, type EncodeNotice, type EncoderOptions } from '../../../src/data/index.js';
import { Stream } from '../../../src/random.js';
import { everyReader, modelOf, programPredictions } from '../../helpers/export-agreement.js';
import { dataOptions, memory, problemOf, read, READ } from './sources.js';

/** A table of one input `c` and a target that alternates. */
const csv = (cells: readonly string[], target = (i: number): string => String(i % 2)): string =>
  `c,y\n${cells.map((cell, i) => `${cell},${target(i)}`).join('\n')}\n`;

async function fit(cells: readonly string[], options: Omit<Partial<EncoderOptions>, 'split'> = {}) {
  const table = await read(csv(cells), options);
  return { table, encoder: fitEncoder(table, allRows(table.rows), dataOptions('y', options)) };
}

const kind = (name: 'boolean' | 'percent' | 'date' | 'numeric', rest = {}) => ({ columns: { c: { kind: name, ...rest } } });

/** The inputs of a table as a fitted encoder has them, and what was told of them. */
async function encoded(cells: readonly string[], { encoder }: Awaited<ReturnType<typeof fit>>, chunkRows = 1000) {
  const notices: EncodeNotice[] = [];
  const values: number[] = [];
  for await (const chunk of streamChunks(memory(csv(cells)), { ...READ, ...encoder.style, chunkRows })) {
    values.push(...encode(chunk, encoder, undefined, { target: 'none', onNotice: (notice) => notices.push(notice) }).x.data);
  }
  return { values, notices };
}

describe('percentages', () => {
  it('are the numbers before the sign', async () => {
    const fitted = await fit(['12.5%', '7 %', '', '30%']);
    const { columns, ...feature } = fitted.encoder.features[0];
    expect(feature).toMatchObject({ kind: 'numeric', form: 'percent', missing: true });
    expect(columns[0]).toMatchObject({ mean: 49.5 / 3, range: [7, 30] });
    expect((await encoded(['12.50%', '12.5 %'], fitted)).values.slice(0, 2)).toEqual((await encoded(['12.5%', '12.5%'], fitted)).values.slice(0, 2));
    expect(describeTable(fitted.table)[0]).toMatchObject({ kind: 'percent', min: 7, max: 30 });
  });

  it('have the signs of the numbers of their table', async () => {
    const table = await read('c;y\n1.212,5%;0\n7,5%;1\n30%;0\n', { decimal: ',', thousands: '.' });
    expect(describeTable(table)[0]).toMatchObject({ kind: 'percent', min: 7.5, max: 1212.5 });
  });

  it('are not mixed with plain numbers', async () => {
    expect(await problemOf(() => fit(['12.5%', '7%', '12.5', '30%']))).toMatchObject({
      code: 'data.wrong-cell', message: "column 'c': '12.5' is not a percentage, as others are", where: { line: 4 },
    });
    expect(await problemOf(() => fit(['1', '2', '12.5%', '3']))).toMatchObject({
      message: "column 'c': '12.5%' is not a plain number, as others are", where: { line: 4 },
    });
    expect(await problemOf(() => fit(['1', '2', '3'], kind('percent')))).toMatchObject({ code: 'data.wrong-cell', where: { line: 2 } });
    const fitted = await fit(['12.5%', '7%', '30%']);
    expect(await problemOf(() => encoded(['12.5%', '12.5'], fitted))).toMatchObject({
      code: 'data.wrong-cell', where: { line: 3 },
      hint: "The model was trained on percentages here, written like 12.5%; a missing cell is empty or 'NA' or '?'.",
    });
    const plain = await fit(['12.5', '7', '30']);
    expect(await problemOf(() => encoded(['12.5%'], plain))).toMatchObject({ code: 'data.not-a-number', where: { line: 2 } });
  });
});

describe('booleans', () => {
  const spellings = [['TRUE', 'true', 'True', 'yes', 'Y', '1', 't', 'on'], ['FALSE', 'false', 'False', 'no', 'N', '0', 'f', 'off']];

  it.each([['TRUE', 'FALSE'], ['true', 'false'], ['Yes', 'No'], ['Y', 'N'], ['t', 'f']])('%s and %s are the same in all words', async (yes, no) => {
    const fitted = await fit([yes, no, yes, yes, no]);
    expect(fitted.encoder.features[0]).toMatchObject({ kind: 'categorical', levels: [no, yes], columns: [{ name: `c=${yes}`, mean: 0.6 }] });
    for (const chunkRows of [1000, 1]) {
      const { values, notices } = await encoded(spellings.flat(), fitted, chunkRows);
      expect(new Set(values.slice(0, 8)).size).toBe(1);
      expect(new Set(values.slice(8)).size).toBe(1);
      expect(values[0]).toBeGreaterThan(values[8]);
      expect(notices).toEqual([]);
    }
    expect((await encoded(['perhaps'], fitted)).notices).toMatchObject([{ type: 'unseen-level', example: 'perhaps' }]);
  });

  it('are one value however many words the training table has', async () => {
    const { table, encoder } = await fit(['TRUE', 'true', 'no', 'False', '', '1', '0']);
    expect(encoder.features[0]).toMatchObject({ levels: ['false', 'true'], missing: true, columns: [{ level: 'true' }, { type: 'missing' }] });
    expect(encoder.features[0].columns[0].mean).toBeCloseTo(3 / 7);
    expect(describeTable(table)[0]).toMatchObject({ kind: 'boolean' });
  });

  it('may be declared, of 0 and 1 too', async () => {
    const fitted = await fit(['0', '1', '1'], kind('boolean'));
    expect(fitted.encoder.features[0]).toMatchObject({ kind: 'categorical', levels: ['0', '1'] });
    expect((await encoded(['no', 'TRUE'], fitted)).values).toEqual((await encoded(['0', '1'], fitted)).values);
    expect(await problemOf(() => fit(['yes', 'no', 'maybe'], kind('boolean')))).toMatchObject({
      code: 'data.wrong-cell', message: "column 'c': 'maybe' is not a value of a boolean", where: { line: 4 },
    });
  });

  it('of the target are two classes, in whatever words', async () => {
    const words = ['TRUE', 'False', 'true', 'no', 'True', 'FALSE'];
    const table = await read(csv(['1', '2', '3', '4', '5', '6'], (i) => words[i]));
    expect(resolveTarget(table, dataOptions('y'))).toMatchObject({ task: 'binary', levels: ['false', 'true'] });
    expect(splitRows(table, dataOptions('y'), Stream.fromSeed(1)).train.length).toBe(4);
    const encoder = fitEncoder(table, allRows(6), dataOptions('y'));
    expect([...encode(table, encoder).y!]).toEqual([1, 0, 1, 0, 1, 0]);
  });
});

describe('ordinal columns', () => {
  const ordered = { columns: { c: { kind: 'ordinal' as const, levels: ['low', 'mid', 'high'] } } };

  it('are the place of the level', async () => {
    const fitted = await fit(['low', 'high', 'mid', 'high'], ordered);
    expect(fitted.encoder.features[0]).toMatchObject({ kind: 'numeric', form: 'ordinal', levels: ['low', 'mid', 'high'], columns: [{ mean: 1.25, range: [0, 2] }] });
    const { values: [low, mid, high] } = await encoded(['low', 'mid', 'high'], fitted);
    expect(high - mid).toBeCloseTo(mid - low, 6);
    const numbers = await fit(['1', '10', '5.0'], { columns: { c: { kind: 'ordinal', levels: [1, '5', 10] } } });
    expect(numbers.encoder.features[0]).toMatchObject({ levels: ['1', '5', '10'], columns: [{ mean: 1 }] });
  });

  it('refuse a training cell that is no level, and take an unseen one as the average', async () => {
    expect(await problemOf(() => fit(['low', 'hihg'], ordered))).toMatchObject({
      code: 'data.wrong-cell', message: "column 'c': 'hihg' is not one of the levels 'low', 'mid', 'high'", hint: "Did you mean 'high'?", where: { line: 3 },
    });
    const { values, notices } = await encoded(['top'], await fit(['low', 'high'], ordered));
    expect(values).toEqual([0]);
    expect(notices).toMatchObject([{ type: 'unseen-level', line: 2, example: 'top' }]);
  });
});

describe('dates', () => {
  const ISO = ['2024-03-01', '2024-04-15', '2023-12-24', '2024-03-02'];

  it('become elapsed days, year, month and weekday of one feature', async () => {
    const { table, encoder } = await fit(ISO);
    const [{ columns, ...feature }] = encoder.features;
    expect(feature).toMatchObject({ kind: 'date', dates: { order: 'iso', days: [Date.UTC(2023, 11, 24) / 864e5, Date.UTC(2024, 3, 15) / 864e5] } });
    expect(columns.map(({ part }) => part)).toEqual(['days', 'year', 'month sin', 'month cos', 'weekday sin', 'weekday cos']);
    const { x } = encode(table, encoder);
    const raw = columns.map(({ mean, scale }, c) => x.data[c] * scale + mean);
    const angle = (share: number) => [Math.sin(2 * Math.PI * share), Math.cos(2 * Math.PI * share)];
    // A Friday in March.
    const expected = [Date.UTC(2024, 2, 1) / 864e5, 2024, ...angle(2 / 12), ...angle(4 / 7)];
    expected.forEach((value, c) => expect(raw[c]).toBeCloseTo(value, 2));
    expect(describeTable(table)[0]).toMatchObject({ kind: 'date', first: '2023-12-24', last: '2024-04-15' });
  });

  it('have an hour where there is one', async () => {
    const { encoder } = await fit(['2024-03-01T12:30:00Z', '2024-03-02 06:00', '2024-03-03']);
    expect(encoder.features[0].columns.map(({ part }) => part)).toContain('hour cos');
  });

  it.each([
    [['01.03.2024', '15.04.2024', '02.03.2024'], {}, 'dayFirst'],
    [['01.03.2024', '02.04.2024'], {}, 'dayFirst'],
    [['01/03/2024', '15/04/2024'], {}, 'dayFirst'],
    [['03/01/2024', '04/15/2024'], {}, 'monthFirst'],
    [['01/03/2024', '02/04/2024'], { dates: 'monthFirst' }, 'monthFirst'],
    [['01/03/2024', '02/04/2024'], { dates: 'dayFirst' }, 'dayFirst'],
    [['1/1/2024', '2/2/2024'], {}, 'dayFirst'],
  ] as const)('%j with %j are %s', async (cells, options, order) => {
    expect(inferKind(await read(csv(cells)), 0, { columns: {}, ...options })).toMatchObject({ kind: 'date', dates: order });
  });

  it('whose order is not to be seen are refused, and so are slips', async () => {
    expect(await problemOf(() => fit(['02/02/2024', '01/03/2024', '02/04/2024']))).toMatchObject({
      code: 'data.ambiguous-date', message: "column 'c': '01/03/2024' may begin with the day or with the month", where: { line: 3 },
      hint: 'Set data.dates: dayFirst or monthFirst; data.columns: {c: {kind: categorical}} would keep the column as text.',
    });
    expect(await problemOf(() => fit([...Array.from({ length: 12 }, (_, i) => `2024-03-${10 + i}`), '2024-02-30']))).toMatchObject({
      code: 'data.wrong-cell', message: "column 'c': '2024-02-30' is not a date", where: { line: 14 },
    });
    expect(await problemOf(() => fit(['a', 'b', 'a'], kind('date')))).toMatchObject({ code: 'data.wrong-cell', where: { line: 2 } });
  });

  it('that a model cannot read are told with their line', async () => {
    expect(await problemOf(async () => encoded(['2024-03-01', '01.03.2024'], await fit(ISO)))).toMatchObject({
      code: 'data.wrong-cell', where: { line: 3 },
      hint: "The model was trained on dates here, written like 2024-03-01; a missing cell is empty or 'NA' or '?'.",
    });
    expect((await encoded(['2030-01-01', ''], await fit(ISO))).notices).toMatchObject([
      { type: 'out-of-range', example: '2030-01-01' }, { type: 'unseen-missing' },
    ]);
  });
});

describe('exports', () => {
  const table = (cells: (i: number) => string, rows = 40): string =>
    `c,w,y\n${Array.from({ length: rows }, (_, i) => `${cells(i)},${i % 7},${i}`).join('\n')}\n`;
  const agree = async (
    text: string, cells: readonly string[], options: Omit<Partial<EncoderOptions>, 'split'> = {}, onnx?: (cell: string) => number | string,
  ) => {
    const model = await modelOf(text, options);
    const rows = cells.map((c, i) => ({ c, w: String(i) }));
    const own = onnx && { c: cells.map(onnx) as number[], w: rows.map(({ w }) => Number(w)) };
    const { program, ...others } = await everyReader(model, rows, own);
    expect(new Set(program).size).toBeGreaterThan(1);
    for (const found of Object.values(others)) found.forEach((value, i) => expect(value).toBeCloseTo(program[i], 4));
  };

  it('read percentages, booleans and ordinal levels as the program does', async () => {
    const number = (cell: string) => (cell === '' ? NaN : Number(cell.replace(/ ?%/, '')));
    await agree(table((i) => (i === 5 ? '' : `${i * 1.5}%`)), ['12.5%', '12.50 %', '', '3e1%'], {}, number);
    await agree(table((i) => ['Yes', 'No', ''][i % 3]), ['TRUE', 'false', 'y', 'N', '1', '0', '', 'perhaps', 'Yes', 'No']);
    const levels = { columns: { c: { kind: 'ordinal' as const, levels: ['low', 'mid', 'high'] } } };
    await agree(table((i) => ['low', 'high', 'mid'][i % 3]), ['high', 'low', 'mid', '', 'top'], levels);
    await agree(table((i) => ['low', 'high', ''][i % 3]), ['high', 'low', 'mid', '', 'NA', 'top'], levels);
    await agree(table((i) => `${i % 3}%`), ['1%', '2.0%', '2 %', '7%'], { columns: { c: { kind: 'categorical' } } }, (cell) => cell.replace(' ', '').replace('.0', ''));
  });

  it('read dates as the program does, but for raw ONNX, which says so', async () => {
    const day = (i: number): string => `2024-0${1 + i % 9}-${10 + i % 17} 0${i % 10}:30`;
    for (const [text, cells, options] of [
      [table(day), ['2024-03-01', '2023-12-31T23:59:59+01:30', '2024-02-29 12:00Z', '2024-03-01 06:15'], {}],
      [table((i) => (i === 3 ? '' : `${1 + i % 28}.${1 + i % 12}.2023`)), ['01.03.2024', '', '31.12.2022 14:00'], {}],
      [table((i) => `${1 + i % 12}/${1 + i % 28}/2023`), ['3/1/2024', '12/31/2022 14:00'], { dates: 'monthFirst' }],
    ] as const) {
      const model = await modelOf(text, options);
      const rows = cells.map((c, i) => ({ c, w: String(i) }));
      await expect(everyReader(model, rows)).rejects.toThrow("cannot read dates, which input 'c' is");
      const { program, js, json } = await everyReader(model, rows, undefined, false);
      program.forEach((value, i) => expect(js[i]).toBeCloseTo(value, 4));
      expect(json).toEqual(programPredictions(model, rows));
      await expect(everyReader(model, [{ c: '2024-02-30', w: '1' }], undefined, false)).rejects.toThrow("'2024-02-30' is not a date");
    }
  });
});
