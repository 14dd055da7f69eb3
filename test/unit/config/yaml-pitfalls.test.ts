import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/load.js';
import { onCommandLine } from '../../helpers/command-line.js';

/** Code and text of every problem. */
const told = (text: string, name = 'bnnc.yaml'): string[] =>
  parseConfig(text, name).problems.map((problem) => `${problem.code} ${onCommandLine(problem)}`);

const block = (...lines: string[]): string => lines.join('\n');

describe('what a YAML parser lets pass', () => {
  it('is told with its place: an alias of what nowhere stands', () => {
    expect(told('data:\n  path: a.csv\n  target: *x\n')).toEqual([block(
      "config.syntax bnnc.yaml:3:11: *x refers to nothing. A text that begins with * needs quotes: '*x'.", '      target: *x', '              ^',
    )]);
    expect(told('data: {path: &p a.csv, target: *p}\n')).toEqual([]);
  });

  it('is told with its place: a key that is not a word', () => {
    expect(told('data: {path: a.csv}\n? [a, b]\n: 1\n')).toEqual([block(
      'config.syntax bnnc.yaml:2:3: a key that is not a word. Write it as key: value.', '    ? [a, b]', '      ^',
    )]);
  });

  it('is told of brackets within brackets, however many', () => {
    const nested = (depth: number) => [
      ['c.yaml', `data:\n ${'['.repeat(depth)}${']'.repeat(depth)}`], ['c.yaml', `data:\n ${'{a: '.repeat(depth)}1${'}'.repeat(depth)}`],
      ['c.json', `{"data":\n ${'{"a": '.repeat(depth)}1${'}'.repeat(depth + 1)}`], ['c.yaml', `data:\n ${'['.repeat(depth)}`],
    ];
    for (const depth of [101, 1000, 20_000]) {
      for (const [name, text] of nested(depth)) expect(told(text, name)).toEqual([`config.syntax ${name}:2: it is nested too deeply for a config`]);
    }
    for (const [name, text] of nested(50)) expect(told(text, name).join()).not.toMatch(/nested too deeply/);
  });
});
