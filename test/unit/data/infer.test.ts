import { describe, expect, it } from 'vitest';
import { describeTable, fitEncoder, inferKind, allRows, type EncoderOptions } from '../../../src/data/index.js';
import { yamlText } from '../../../src/data/wording.js';
import { renderError } from './render.js';
import { dataOptions, problemOf, problemsOf, read } from './sources.js';

/** A file of the columns `age` (the given cells) and `y` (0, 1, 0, 1, ...). */
const withAge = (cells: readonly string[]) => `age,y\n${cells.map((cell, i) => `${cell},${i % 2}`).join('\n')}\n`;
const numbers = (n: number) => Array.from({ length: n }, (_, i) => String(20 + i));

async function fit(text: string, rest: Partial<Omit<EncoderOptions, 'split'>> = {}, missing?: string[]) {
  const table = await read(text, missing && { missing });
  return fitEncoder(table, allRows(table.rows), dataOptions('y', rest));
}

describe('kinds', () => {
  it.each([
    [['1', '0', '1', '0', '1', '0'], 'numeric'],
    [['1.5', '', 'NA', '2', '3', '4'], 'numeric'],
    [['a', 'b', 'a', 'b', 'a', 'b'], 'categorical'],
    [['1', '2', 'x', 'y', '1', '2'], 'categorical'],
    [['1', '2', 'x', '2'], 'categorical'],
  ])('%j is %s', async (cells, kind) => {
    expect(inferKind(await read(withAge(cells)), 0, { columns: {} })).toEqual({ kind });
  });

  it('takes numbers as levels when told', async () => {
    const encoder = await fit(withAge(['1', '2', '10', '2.0']), { columns: { age: { kind: 'categorical' } } });
    expect(encoder.features[0]).toMatchObject({ kind: 'categorical', levels: ['1', '2', '10'] });
  });

  it('leaves columns out when told', async () => {
    const encoder = await fit('age,x,y\n1,2,0\n3,4,1\n', { columns: { age: { kind: 'ignore' } } });
    expect(encoder.features.map(({ name }) => name)).toEqual(['x']);
    expect(encoder.dropped).toEqual([{ name: 'age', reason: 'ignored in the config' }]);
  });

  it('drops texts that differ from row to row, unless told to keep them', async () => {
    const text = 'name,x,y\n' + Array.from({ length: 60 }, (_, i) => `person ${i},${i},${i % 2}`).join('\n');
    const encoder = await fit(text);
    expect(encoder.dropped).toEqual([{ name: 'name', reason: 'identifier-like' }]);
    const kept = await fit(text, { columns: { name: { kind: 'categorical' } } });
    expect(kept.features[0].columns).toHaveLength(60);
  });

  it('keeps many levels when each is frequent', async () => {
    const text = 'name,y\n' + Array.from({ length: 180 }, (_, i) => `p${i % 60},${i % 2}`).join('\n');
    expect((await fit(text)).features[0].columns).toHaveLength(60);
  });
});

describe('mistakes', () => {
  it('text in a column of numbers', async () => {
    const cells = [...numbers(30), 'n/a', '50', 'n/a'];
    expect(await renderError(() => fit(withAge(cells)))).toBe(
      "data.csv:32: column 'age': 'n/a' is not a number. data.missing: [n/a] would make it a missing value; "
      + 'data.columns: {age: {kind: categorical}} would keep the column as text.',
    );
    expect((await fit(withAge(cells), {}, ['n/a'])).features[0].kind).toBe('numeric');
    expect((await fit(withAge(cells), { columns: { age: { kind: 'categorical' } } })).features[0].kind).toBe('categorical');
  });

  it('keeps the tokens in use in the remedy, and quotes what YAML would misread', async () => {
    const problem = await problemOf(async () => fit(withAge([...numbers(30), '?', '-', 'null', 'NA'])));
    expect(problem.hint).toContain("data.missing: ['?', NA, '-', 'null'] would");
    const written = ['n/a', "it's", '.', 'true', 'a b', '-999'].map(yamlText);
    expect(written).toEqual(['n/a', "'it''s'", "'.'", "'true'", "'a b'", "'-999'"]);
  });

  it('very long texts, which a remedy does not repeat', async () => {
    const text = await problemOf(async () => fit(withAge([...numbers(30), 'x'.repeat(1000)])));
    expect(text.hint).toBe('data.columns: {age: {kind: categorical}} would keep the column as text.');
    const number = await problemOf(async () => fit(withAge([...numbers(30), '9'.repeat(1000)])));
    expect(number).toMatchObject({ code: 'data.not-finite', hint: 'Correct it, or leave the cell empty.' });
    expect(number.message.length).toBeLessThan(100);
  });

  it('text in a column declared numeric', async () => {
    const problem = await problemOf(() => fit(withAge(['a', '1', 'b', 'c']), { columns: { age: { kind: 'numeric' } } }));
    expect(problem).toMatchObject({
      code: 'data.not-a-number',
      message: "column 'age': 'a' is not a number",
      where: { file: 'data.csv', line: 2 },
    });
  });

  it.each(['NaN', 'nan', 'inf', '-Infinity', '1e999'])('%s', async (text) => {
    const problem = await problemOf(() => fit(withAge(['1', '2', text, '4'])));
    expect(problem).toMatchObject({ code: 'data.not-finite', where: { file: 'data.csv', line: 4 } });
    expect(problem.message).toBe(`column 'age': '${text}' is not a finite number`);
    expect(problem.hint).toContain(`data.missing: [${yamlText(text)}] would make it a missing value`);
  });

  it('decimal commas', async () => {
    const problem = await problemOf(() => fit('age;y\n1,5;0\n2,25;1\n3;1\n'));
    expect(problem).toMatchObject({ code: 'data.not-a-number', where: { line: 2 } });
    expect(problem.message).toBe("column 'age': '1,5' is not a number");
    expect(problem.hint).toMatch(/^Set data\.decimal: ','; /);
  });

  it.each([
    ['thousands separators beside decimal commas', 'age;y\n57.505,31;0\n1.234,5;1\n8;1\n', "Set data.decimal: ',' and data.thousands: '.';"],
    ['commas in a file that is divided by commas', 'age,y\n"1,5",0\n"2,25",1\n3,1\n', "Set data.decimal: ',';"],
    ['commas between thousands', 'age;y\n1,163.74;0\n2,250;1\n8;1\n', "Set data.thousands: ',';"],
    ['commas that may mean either', 'age;y\n1,163;0\n2,250;1\n8;1\n', "Set data.thousands: ',' or data.decimal: ',';"],
    ['commas of both kinds', 'age;y\n1,163.74;0\n2.250,5;1\n8;1\n', 'Write all numbers alike,'],
  ])('%s', async (_, text, hint) => {
    const problem = await problemOf(() => fit(text));
    expect(problem).toMatchObject({ code: 'data.not-a-number', where: { line: 2 } });
    expect(problem.hint!.slice(0, hint.length)).toBe(hint);
  });

  it('a column without any value', async () => {
    expect(await renderError(() => fit('age,x,y\n,1,0\nNA,2,1\n'))).toBe(
      "data.csv: column 'age' has no value in any row. "
      + 'data.columns: {age: {kind: ignore}} leaves it out, as --set data.columns.age.kind=ignore does.',
    );
    expect(await renderError(() => fit('an age,x,y\n,1,0\nNA,2,1\n'))).toContain("as --set 'data.columns.an age.kind=ignore' does.");
    expect(await renderError(() => fit('a.b,x,y\n,1,0\nNA,2,1\n'))).toMatch(/\{a\.b: \{kind: ignore\}\} leaves it out\.$/);
    const encoder = await fit('age,x,y\n,1,0\nNA,2,1\n', { columns: { age: { kind: 'ignore' } } });
    expect(encoder.features).toHaveLength(1);
  });

  it('of several columns, all at once', async () => {
    const problems = await problemsOf(() => fit('a,b,c,y\n,nan,1,0\n,2,2,1\n,3,3,1\n'));
    expect(problems.map(({ code }) => code)).toEqual(['data.all-missing-column', 'data.not-finite']);
  });

  it('of very many columns, the first ten and a count', async () => {
    const names = Array.from({ length: 15 }, (_, i) => `c${i}`).join(',');
    const problems = await problemsOf(() => fit(`${names},y\n${','.repeat(15)}0\n${','.repeat(15)}1\n`));
    expect(problems).toHaveLength(10);
    expect(problems[9].hint).toContain('5 more columns');
  });

  it('an override of an unknown column', async () => {
    const problem = await problemOf(() => fit(withAge(['1', '2']), { columns: { Agee: { kind: 'numeric' } } }));
    expect(problem).toMatchObject({ code: 'data.unknown-column', where: { file: 'data.csv', line: 1 } });
    expect(problem.hint).toBe("Did you mean 'age'?");
    expect(problem.message).toContain("'Agee'");
  });
});

describe('describeTable', () => {
  it('says what is in each column and never throws', async () => {
    const table = await read('n,c,e,f,skip,y\n1,a,,1,1,0\n2,b,,2,1,1\n3,a,,nan,1,0\n,a,,4,1,1\n');
    const [n, c, e, f, skip] = describeTable(table, { columns: { skip: { kind: 'ignore' } } });
    expect(n).toEqual({ name: 'n', kind: 'numeric', missing: 1, distinct: 3, mean: 2, sd: Math.sqrt(2 / 3), min: 1, max: 3 });
    expect(c).toMatchObject({ kind: 'categorical', levels: [{ level: 'a', count: 3 }, { level: 'b', count: 1 }] });
    expect(e).toMatchObject({ kind: 'empty', missing: 4, distinct: 0 });
    expect(f).toMatchObject({ kind: 'faulty', problem: { code: 'data.not-finite' } });
    expect(skip.kind).toBe('ignore');
  });
});
