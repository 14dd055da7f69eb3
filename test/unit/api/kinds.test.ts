/** What options may hold: words of the command line, and values that a program passes. */
import { describe, expect, it } from 'vitest';
import * as kinds from '../../../src/api/options/kinds.js';
import { Misread, type Kind } from '../../../src/api/options/table.js';

type Case = [name: string, kind: Kind<never, never>, read: [word: string, value: unknown][], misread: string[]];
const of = (kind: unknown): Kind<never, never> => kind as Kind<never, never>;

const CASES: Case[] = [
  ['yesOrNo', of(kinds.yesOrNo), [['true', true], ['false', false]], ['yes', '', '1']],
  ['openProbability', of(kinds.openProbability), [['0.5', 0.5], ['1e-3', 0.001], ['.25', 0.25]], ['0', '1', '-0.1', 'half', '']],
  ['probability', of(kinds.probability), [['0', 0], ['1', 1], ['+0.5', 0.5]], ['1.01', '-0.1', '0x1', '']],
  ['threshold', of(kinds.threshold), [['auto', 'auto'], ['0.9', 0.9], ['1.', 1]], ['2', 'Auto', '']],
  ['correlation', of(kinds.correlation), [['0', 0], ['0.99', 0.99]], ['1', '-0.5']],
  ['ratio', of(kinds.ratio), [['0.01', 0.01], ['100', 100]], ['0.009', '101']],
  ['count', of(kinds.count), [['1', 1], ['1e3', 1000]], ['0', '1.5', '-1', '1e400']],
  ['folds', of(kinds.folds), [['2', 2]], ['1']],
  ['seed', of(kinds.seed), [['0', 0], ['17', 17]], ['-1', '0.5']],
  ['steps', of(kinds.steps), [['1', 1], ['1000000', 1_000_000]], ['0', '1000001', 'runs/a']],
  ['draws', of(kinds.draws), [['100000', 100_000]], ['100001', '0']],
  ['jobs', of(kinds.jobs), [['auto', 'auto'], ['1024', 1024]], ['1025', '0', 'all']],
  ['memory', of(kinds.memory), [['any', 'any'], ['2', 2], ['1.5GB', 1.5], ['3g', 3]], ['0', '-1', 'much']],
  ['assignments', of(kinds.assignments), [['a.b=1', ['a.b=1']], ['a=', ['a=']]], ['a', '=1', '']],
  ['columnNames', of(kinds.columnNames), [['x', ['x']]], ['']],
  ['layerSizes', of(kinds.layerSizes), [['none', []], ['32, 16', [32, 16]], ['65536', [65536]]], ['0', '65537', '3,,4', '2.5']],
  ['openProbabilities', of(kinds.openProbabilities), [['0.05, 0.95', [0.05, 0.95]]], ['0,0.5', '', 'x']],
  ['numbers', of(kinds.numbers), [['-1,2.5,1e3', [-1, 2.5, 1000]]], ['1,', 'x', '1e999']],
  ['someOf', of(kinds.someOf(['onnx', 'json'])), [['json', ['json']], [' json,onnx,json ', ['json', 'onnx']]], ['', ',', 'pdf', 'json,pdf']],
  ['shardOf', of(kinds.shardOf), [['2/8', '2/8'], ['8/8', '8/8'], ['auto/3', 'auto/3']], ['9/8', '0/2', '1/0', '2', 'auto/', '1/2/3']],
  ['waitingTime', of(kinds.waitingTime), [['0', 0], ['3600', 3600]], ['-1', '1e7', 'long']],
];

describe.each(CASES)('%s', (_, { read, holds }, words, misread) => {
  it('reads words, and holds what it has read', () => {
    for (const [word, value] of words) {
      const found = (read as (word: string) => unknown)(word);
      expect(found, word).toEqual(value);
      expect(holds(found), word).toBe(true);
    }
  });

  it('says what a word must be', () => {
    for (const word of misread) {
      expect(() => read!(word), `'${word}'`).toThrow(Misread);
      expect(() => read!(word)).toThrow(/^It must /);
    }
  });
});

describe('values of a program', () => {
  it.each<[string, Kind<never, never>, unknown[], unknown[]]>([
    ['flag', of(kinds.flag), [true, false], ['true', 1, null]],
    ['text', of(kinds.text), ['', 'a'], [1, null, ['a']]],
    ['texts', of(kinds.texts), [[], ['a']], ['a', [1], null]],
    ['callback', of(kinds.callback()), [() => {}], ['f', {}]],
    ['stream', of(kinds.stream), [{ async* [Symbol.asyncIterator]() {} }], [{}, null, 'x']],
    ['abortSignal', of(kinds.abortSignal), [new AbortController().signal], [{}, null]],
    ['pathOr', of(kinds.pathOr()), ['a', {}], [1, null]],
    ['object', of(kinds.object()), [{}, []], ['a', null]],
    ['rowsOrTable', of(kinds.rowsOrTable), [[], { columns: [] }], [{}, null, 'a']],
    ['pathOrTrue', of(kinds.pathOrTrue), ['a', true], [false, null]],
    ['openProbability', of(kinds.openProbability), [0.5], [0, 1, NaN, '0.5']],
    ['threshold', of(kinds.threshold), ['auto', 0.5], [NaN, 'most']],
    ['count', of(kinds.count), [1], [0, 1.5, '1', Infinity]],
    ['steps', of(kinds.steps), [true, false, 5], [0, 1.5, 'x']],
    ['jobs', of(kinds.jobs), ['auto', 2], [0, 1025, '2']],
    ['memory', of(kinds.memory), ['any', 0.5], [0, NaN, 'x']],
    ['columnOrColumns', of(kinds.columnOrColumns), ['a', ['a', 'b']], [1, [1]]],
    ['layerSizes', of(kinds.layerSizes), [[], [3]], [[0], 3, [1.5]]],
    ['numbers', of(kinds.numbers), [[1]], [[], [Infinity], ['1'], 1]],
    ['oneOf', of(kinds.oneOf(['a', 'b'])), ['a'], ['c', 1]],
    ['someOf', of(kinds.someOf(['a', 'b'])), [['a']], [[], ['c'], 'a']],
    ['shardOf', of(kinds.shardOf), ['1/2'], [1, null, '3/2']],
  ])('%s', (_, { holds }, right, wrong) => {
    expect(right.map((value) => holds(value))).toEqual(right.map(() => true));
    expect(wrong.map((value) => holds(value))).toEqual(wrong.map(() => false));
  });

  it('flags that repeat are gathered in order', () => {
    const twice = (kind: Kind<never, never>): unknown =>
      (kind.read as (word: string, earlier?: unknown) => unknown)('b=2', (kind.read as (word: string) => unknown)('a=1'));
    for (const kind of [kinds.assignments, kinds.columnNames, kinds.columnOrColumns]) expect(twice(of(kind))).toEqual(['a=1', 'b=2']);
  });
});
