/** A list of targets, from the table to what a likelihood takes. */
import { describe, expect, it } from 'vitest';
import { allRows, encode, fitEncoder, labelledRows, resolveTarget, rowFacts } from '../../../src/data/index.js';
import { dataOptions, problemOf, read } from './sources.js';

const TABLE = 'x,a,b,t\n1,10,0.5,u\n2,20,0.1,v\n4,15,0.2,u\n3,35,0.9,v\n7,20,0.3,v\n';
const several = (...target: string[]) => ({ ...dataOptions('a'), target });

const problem = async (text: string, ...target: string[]) => {
  const table = await read(text);
  return problemOf(() => resolveTarget(table, several(...target)));
};

describe('a list of targets', () => {
  it('is one target of several numbers, of which none is an input', async () => {
    const table = await read(TABLE);
    const { target, features } = fitEncoder(table, allRows(5), several('b', 'a'));
    expect(features.map(({ name }) => name)).toEqual(['x', 't']);
    expect(target).toMatchObject({ name: 'b, a', task: 'several', targets: [{ name: 'b', mean: 0.4 }, { name: 'a', mean: 20 }] });
  });

  it('travels as the first and what is known of the rows', async () => {
    const table = await read(TABLE);
    const encoder = fitEncoder(table, allRows(5), several('b', 'a'));
    const { y } = encode(table, encoder);
    const [{ mean, scale }] = (encoder.target as unknown as { targets: { mean: number; scale: number }[] }).targets;
    expect(y![3] * scale + mean).toBeCloseTo(0.9, 6);
    expect(rowFacts(table, several('b', 'a')).others!.map((each) => [...each])).toEqual([[10, 20, 15, 35, 20]]);
    expect(rowFacts(table, several('b'))).toEqual({});
  });

  it('leaves rows out that lack one of them, where asked to', async () => {
    const table = await read(TABLE.replace('35', ''));
    expect(labelledRows(table, { target: ['a', 'b'], unlabelled: 'drop' }).rows).toBe(4);
    expect(labelledRows(table, { target: 'b', unlabelled: 'drop' }).rows).toBe(5);
  });

  it.each([
    ['an unknown column', TABLE, ['a', 'B'], 'data.unknown-target', /'B'/, 1],
    ['text', TABLE, ['a', 't'], 'data.not-a-number', /'t'/, 2],
    ['a missing cell', TABLE.replace('0.9', ''), ['a', 'b'], 'data.missing-target', /'b'/, 5],
    ['one number throughout', TABLE.replace(/0\.\d/g, '0.5'), ['a', 'b'], 'data.constant-target', /'b'/, undefined],
    ['percentages', TABLE.replace(/(0\.\d)/g, '$1%'), ['a', 'b'], 'data.task-mismatch', /percent signs/, undefined],
  ])('refuses %s', async (_, text, target, code, message, line) => {
    const found = await problem(text, ...target);
    expect(found.code).toBe(code);
    expect(found.message).toMatch(message);
    expect(found.where?.line).toBe(line);
    expect(found.hint).toBeTruthy();
  });

  it('says which of them rows to be measured lack', async () => {
    const table = await read('x,a,t\n1,10,u\n');
    expect(await problemOf(() => rowFacts(table, several('a', 'b')))).toMatchObject({ code: 'data.missing-target', where: { line: 1 } });
    const gap = await read('x,a,b\n1,10,2\n1,10,\n');
    expect(await problemOf(() => rowFacts(gap, several('a', 'b')))).toMatchObject({ code: 'data.missing-target', where: { line: 3 } });
  });
});
