import { describe, expect, it } from 'vitest';
import { allRows, encode, fileSource, fitEncoder, readTable, resolveTarget, type EncoderOptions } from '../../../src/data/index.js';
import { renderError } from './render.js';
import { dataOptions, problemOf, read, READ } from './sources.js';

const withTarget = (cells: readonly string[]) => `x,y\n${cells.map((cell, i) => `${i},${cell}`).join('\n')}\n`;
const cycle = (values: readonly string[], rows: number) => Array.from({ length: rows }, (_, i) => values[i % values.length]);
const upTo = (n: number, first = 0) => Array.from({ length: n }, (_, i) => String(first + i));

async function target(cells: readonly string[], rest: Partial<Omit<EncoderOptions, 'split'>> = {}) {
  return resolveTarget(await read(withTarget(cells)), dataOptions('y', rest));
}

describe('the task', () => {
  it.each([
    ['two texts', cycle(['no', 'yes'], 10), 'binary'],
    ['0 and 1', cycle(['0', '1'], 10), 'binary'],
    ['two numbers', cycle(['-1', '2.5'], 10), 'binary'],
    ['three texts', cycle(['a', 'b', 'c'], 9), 'multiclass'],
    ['ten digits', cycle(upTo(10), 50), 'multiclass'],
    ['grades from 1', cycle(upTo(5, 1), 25), 'multiclass'],
    ['digits with too few rows', cycle(upTo(10), 49), 'regression'],
    ['21 whole numbers', cycle(upTo(21), 210), 'regression'],
    ['whole numbers from 3', cycle(upTo(6, 3), 60), 'regression'],
    ['whole numbers with a gap', cycle(['0', '1', '3'], 60), 'regression'],
    ['fractions', cycle(['0', '0.5', '1'], 60), 'regression'],
  ])('of %s', async (_, cells, task) => {
    expect((await target(cells)).task).toBe(task);
  });

  it('can be given, by task or by kind', async () => {
    expect((await target(cycle(upTo(10), 50), { task: 'regression' })).task).toBe('regression');
    expect((await target(cycle(['0', '1'], 50), { columns: { y: { kind: 'numeric' } } })).task).toBe('regression');
    expect((await target(cycle(upTo(6, 3), 60), { task: 'multiclass' })).levels).toEqual(['3', '4', '5', '6', '7', '8']);
    const categorical = await target(cycle(['7', '30', '200'], 9), { columns: { y: { kind: 'categorical' } } });
    expect(categorical).toMatchObject({ task: 'multiclass', levels: ['7', '30', '200'] });
  });

  it('sorts levels by number or by code unit', async () => {
    expect((await target(cycle(['10', '9', 'b', 'B'], 8))).levels).toEqual(['10', '9', 'B', 'b']);
    expect((await target(cycle(['10', '9.0', '9'], 60), { task: 'binary' })).levels).toEqual(['9', '10']);
  });

  it('of the shipped data', async () => {
    const found = async (name: string, column: string) =>
      resolveTarget(await readTable(fileSource(`datasets/${name}.csv`), READ), dataOptions(column));
    expect(await found('raisin', 'Class')).toMatchObject({ task: 'binary', levels: ['Besni', 'Kecimen'] });
    expect(await found('penguins', 'species')).toMatchObject({ task: 'multiclass', levels: ['Adelie', 'Chinstrap', 'Gentoo'] });
    expect(await found('breast_cancer', 'diagnosis')).toMatchObject({ task: 'binary', levels: ['benign', 'malignant'] });
    expect(await found('diabetes', 'progression')).toMatchObject({ task: 'regression' });
  });
});

describe('fitting', () => {
  it('standardises on the training rows', async () => {
    const table = await read('x,y\n1,1.5\n2,2.5\n3,1000\n4,3.5\n');
    const encoder = fitEncoder(table, Int32Array.of(0, 1), dataOptions('y'));
    expect(encoder.target).toEqual({ name: 'y', task: 'regression', mean: 2, scale: 0.5 });
  });

  it('takes percentages for the numbers before their signs', async () => {
    const table = await read(withTarget(['10%', '20 %', '12.5%', '30%']));
    const encoder = fitEncoder(table, allRows(4), dataOptions('y'));
    expect(encoder).toMatchObject({ target: { task: 'regression', mean: 18.125 }, targetForm: 'percent' });
    expect(fitEncoder(table, allRows(4), dataOptions('y', { columns: { y: { kind: 'percent' } } }))).toEqual(encoder);
    const { scale } = encoder.target as { scale: number };
    const { y } = encode(table, encoder);
    [10, 20, 12.5, 30].forEach((value, n) => expect(y![n]).toBeCloseTo((value - 18.125) / scale, 6));
  });

  it('does not mix percentages and plain numbers', async () => {
    const percent = fitEncoder(await read(withTarget(['10%', '20%', '12.5%'])), allRows(3), dataOptions('y'));
    const plain = fitEncoder(await read(withTarget(['10', '20', '12.5'])), allRows(3), dataOptions('y'));
    const [ofPercent, ofPlain] = [await read(withTarget(['5%', '6%'])), await read(withTarget(['5', '6']))];
    expect(() => encode(ofPlain, percent)).toThrow("column 'y': '5' is not a percentage");
    expect(() => encode(ofPercent, plain)).toThrow("column 'y': '5%' is not a number");
    const problem = await problemOf(async () => resolveTarget(await read(withTarget(['1%', '2%', '3%', '4%', '5'])), dataOptions('y')));
    expect(problem).toMatchObject({ code: 'data.wrong-cell', where: { line: 6 } });
  });

  it('refuses dates, and takes them for classes where it is told to', async () => {
    const dates = ['2024-01-01', '2024-02-01', '2024-01-01', '2024-02-02'];
    expect(await problemOf(() => target(dates))).toMatchObject({
      code: 'data.date-target', message: "the target 'y' is a column of dates, which are not predicted",
    });
    expect((await target(dates, { columns: { y: { kind: 'categorical' } } })).levels).toHaveLength(3);
  });

  it('knows classes that no training row has', async () => {
    const table = await read(withTarget(['a', 'b', 'c', 'a']));
    expect(fitEncoder(table, Int32Array.of(0, 1), dataOptions('y')).target).toMatchObject({ levels: ['a', 'b', 'c'] });
  });
});

describe('mistakes', () => {
  it('an unknown target, with the name that may be meant', async () => {
    expect(await renderError(async () => resolveTarget(await read('Area,Class\n1,a\n2,b\n'), dataOptions('class')))).toBe(
      "data.csv:1: there is no column 'class' to be the target. Did you mean 'Class'? The columns are 'Area', 'Class'.",
    );
    const names = Array.from({ length: 20 }, (_, i) => `col${i}`).join(',');
    const row = Array.from({ length: 20 }, () => '1').join(',');
    const problem = await problemOf(async () => resolveTarget(await read(`${names}\n${row}\n`), dataOptions('zzzzzzzz')));
    expect(problem).toMatchObject({ code: 'data.unknown-target' });
    expect(problem.hint).toContain("'col11' and 8 more");
  });

  it('a file without a line of names', async () => {
    const problem = await problemOf(async () => resolveTarget(await read('5.1,3.5,1\n4.9,3.0,0\n'), dataOptions('y')));
    expect(problem.hint).toContain('The first line must hold the column names');
  });

  it('an ignored target', async () => {
    const problem = await problemOf(() => target(['0', '1'], { columns: { y: { kind: 'ignore' } } }));
    expect(problem.code).toBe('data.target-ignored');
  });

  it('a missing target cell', async () => {
    const problem = await problemOf(() => target(['0', '1', '', 'NA', '1']));
    expect(problem).toMatchObject({ code: 'data.missing-target', where: { file: 'data.csv', line: 4 } });
    expect(problem.message).toBe("column 'y': the target is missing in this row (and in 1 more row)");
    expect(problem.hint).toContain('Remove the rows');
  });

  it('a target without any value', async () => {
    expect(await problemOf(() => target(['', 'NA']))).toMatchObject({
      code: 'data.all-missing-column',
      message: "column 'y' has no value in any row",
      hint: 'Check data.target and data.missing.',
    });
  });

  it('a constant target and one class only', async () => {
    expect(await problemOf(() => target(['3', '3', '3.0']))).toMatchObject({
      code: 'data.constant-target',
      message: "the target 'y' has the same value in every row",
      where: { file: 'data.csv' },
    });
    expect(await problemOf(() => target(['a', 'a', 'a']))).toMatchObject({
      code: 'data.one-class',
      message: "the target 'y' has the same class in every row",
    });
    expect((await problemOf(() => target(['1', '1'], { task: 'binary' }))).code).toBe('data.one-class');
  });

  it('a target that is constant on the training rows alone', async () => {
    const classes = await read(withTarget(['a', 'a', 'b']));
    const problem = await problemOf(() => fitEncoder(classes, Int32Array.of(0, 1), dataOptions('y')));
    expect(problem).toMatchObject({ code: 'data.one-class', message: "the target 'y' has the same class in the training rows" });
    const numbers = await read(withTarget(['1.5', '1.5', '2', '3']));
    expect((await problemOf(() => fitEncoder(numbers, Int32Array.of(0, 1), dataOptions('y')))).code).toBe('data.constant-target');
  });

  it('text where regression needs numbers', async () => {
    const problem = await problemOf(() => target(['1', 'two', '3', 'four'], { task: 'regression' }));
    expect(problem).toMatchObject({ code: 'data.not-a-number', where: { line: 3 } });
    expect(problem.message).toBe("column 'y': 'two' is not a number");
  });

  it('text in a target of numbers, with hints that lead on', async () => {
    const text = await problemOf(() => target(['one', 'two', 'one', 'two'], { task: 'regression' }));
    expect(text.hint).toBe('Correct or remove such rows; data.task: auto would make every text a class.');
    const comma = await problemOf(async () => resolveTarget(await read('x;y\n1;2,5847\n2;3,1\n3;1,7\n'), dataOptions('y')));
    expect(comma.hint).toMatch(/^Set data\.decimal: ','; data\.columns.* would make every text a class\.$/);
    const numbers = await problemOf(() => target(upTo(60), { task: 'binary' }));
    expect(numbers.hint).toBe('Set data.task: regression, or auto.');
  });

  it.each(['a:b:y\n1:2:3\n', 'a b y\n1 2 3\n'])('a line of names that no known delimiter divides: %j', async (text) => {
    const problem = await problemOf(async () => resolveTarget(await read(text), dataOptions('y')));
    expect(problem).toMatchObject({ code: 'data.unknown-target' });
    expect(problem.hint).toMatch(/^The whole line was read as one column, 'a.b.y'. Set data\.delimiter to the character/);
  });

  it('a slip in a target of numbers, which is still a class when told so', async () => {
    const cells = [...upTo(20), 'x'];
    const problem = await problemOf(() => target(cells));
    expect(problem).toMatchObject({ code: 'data.not-a-number', where: { line: 22 } });
    expect(problem.hint).not.toContain('data.missing');
    expect((await target(cells, { columns: { y: { kind: 'categorical' } } })).task).toBe('multiclass');
    expect((await target(cells, { task: 'multiclass' })).levels).toHaveLength(21);
  });

  it('NaN and infinity in the target', async () => {
    expect((await problemOf(() => target(['1', '2', 'inf', '4']))).code).toBe('data.not-finite');
  });

  it('a task that does not fit the classes', async () => {
    expect(await problemOf(() => target(cycle(['a', 'b', 'c'], 9), { task: 'binary' }))).toMatchObject({
      code: 'data.task-mismatch',
      message: "the target 'y' has 3 classes, which is not binary",
      hint: 'Set data.task: multiclass, or auto.',
    });
    expect((await problemOf(() => target(['a', 'b'], { task: 'multiclass' }))).code).toBe('data.task-mismatch');
  });

  it('names as classes', async () => {
    const table = await read(withTarget(Array.from({ length: 80 }, (_, i) => `person ${i}`)));
    expect(await problemOf(() => fitEncoder(table, allRows(80), dataOptions('y')))).toMatchObject({
      code: 'data.too-many-classes',
      message: "the target 'y' has 80 classes in 80 rows",
    });
  });

  it('a target beyond a float of the training rows', async () => {
    const table = await read(withTarget(['1', '2', '1.5', '1e200']));
    const encoder = fitEncoder(await read(withTarget(['1', '2', '1.5'])), allRows(3), dataOptions('y', { task: 'regression' }));
    expect(await problemOf(() => fitEncoder(table, Int32Array.of(0, 1, 2), dataOptions('y')))).toMatchObject({
      code: 'data.target-range', where: { line: 5 }, message: "column 'y': the target 1e+200 is beyond 1e+30",
    });
    expect(await problemOf(() => encode(table, encoder))).toMatchObject({
      code: 'data.not-finite', where: { line: 5 }, message: "column 'y': the target 1e+200 is too far from the training data",
    });
  });

  it('refuses targets so close to one another that predictions could not tell them apart', async () => {
    const fitted = async (unit: string) =>
      fitEncoder(await read(withTarget(['1', '2', '1.5'].map((value) => `${value}${unit}`))), allRows(3), dataOptions('y'));
    expect(await problemOf(() => fitted('e-40'))).toMatchObject({
      code: 'data.target-range', message: "column 'y': the targets differ by less than 1e-30", hint: expect.stringMatching(/multiply/),
    });
    expect((await fitted('e-29')).target).toMatchObject({ name: 'y', mean: expect.closeTo(1.5e-29, 40) });
  });
});
