import { describe, expect, it } from 'vitest';
import { also, count, flag, list, looseRecord, mapping, number, oneOf, optional, orNull, pair, record, recordBy, text, textLike } from '../../src/rules.js';
import type { Rule } from '../../src/rules.js';

const told = (rule: Rule<unknown>, value: unknown): string[] =>
  rule(value).map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));

describe('rules', () => {
  const size = record({ width: number({ min: 0 }), unit: optional(text) });

  it.each<[string, Rule<unknown>, unknown, string[]]>([
    ['a text', text, 'a', []],
    ['a text that is not there', text, undefined, ['is missing']],
    ['a number for a text', text, 3, ['expected a text, got 3']],
    ['a flag', flag, 'yes', ["expected a boolean, got the text 'yes'"]],
    ['a text of another form', textLike(/^a+$/), 'b', ['does not have the right form']],
    ['what JSON cannot hold', number(), NaN, ['expected a number, got NaN']],
    ['a number below', number({ min: 1 }), 0, ['must be at least 1']],
    ['a number on the bound', number({ above: 0 }), 0, ['must be above 0']],
    ['a number above', number({ max: 1 }), 2, ['must be at most 1']],
    ['a part of one', count(), 1.5, ['expected a whole number, got 1.5']],
    ['too few', count(1), 0, ['must be at least 1']],
    ['another word', oneOf('a', 'b'), 'c', ["expected a or b, got the text 'c'"]],
    ['null where it may be', orNull(text), null, []],
    ['an item', list(text), ['a', 1, 'b', null], ['1: expected a text, got 1', '3: expected a text, got nothing']],
    ['a short list', list(text, { min: 2 }), ['a'], ['has fewer than 2 entries']],
    ['three for two', pair(number()), [1, 2, 3], ['has more than 2 entries']],
    ['a list for a mapping', mapping(text), [], ['expected a mapping, got a list']],
    ['a value of a mapping', mapping(text), { a: 'x', b: 2 }, ['b: expected a text, got 2']],
    ['keys', size, { width: -1, depth: 3 }, ['width: must be at least 0', 'unknown: depth']],
    ['a key that may be missing', size, { width: 1 }, []],
    ['keys of others', looseRecord({ width: text }), { width: 'a', depth: 3 }, []],
    ['an inherited key', looseRecord({ toString: text }), {}, ['toString: is missing']],
    ['another form', recordBy('kind', { size }), { kind: 'toString' }, ['kind: is not one of the known forms']],
    ['no form', recordBy('kind', { size }), null, ['expected a mapping, got nothing']],
  ])('%s', (_name, rule, value, faults) => {
    expect(told(rule, value)).toEqual(faults);
  });

  it('asks what holds of the whole only where the types are right', () => {
    const rule = also(record({ low: number({ min: 0 }), high: number() }), ({ low, high }) =>
      (low > high ? [{ path: ['low'], message: 'is above high' }] : []));
    expect(told(rule, { low: 3, high: 1 })).toEqual(['low: is above high']);
    expect(told(rule, { low: -1, high: -2 })).toEqual(['low: must be at least 0', 'low: is above high']);
    expect(told(rule, { low: 3, high: '1' })).toEqual(["high: expected a number, got the text '1'"]);
  });
});
