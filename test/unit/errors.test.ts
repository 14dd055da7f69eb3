import { describe, expect, it } from 'vitest';
import { BnncError, ERROR_CODES, fail, renderProblem, type ErrorKind, type Problem } from '../../src/errors.js';

describe('what a person reads', () => {
  it('is the place, the message and the remedy', () => {
    expect(renderProblem({ code: 'data.x', message: 'the row is short', hint: 'Add a cell.', where: { file: 'a.csv', line: 3, column: 7 } }))
      .toBe('a.csv:3:7: the row is short. Add a cell.');
  });

  it('leaves out what is not known', () => {
    expect(renderProblem({ code: 'data.x', message: 'no rows' })).toBe('no rows');
    expect(renderProblem({ code: 'data.x', message: 'no rows', where: { file: 'a.csv' } })).toBe('a.csv: no rows');
    expect(renderProblem({ code: 'data.x', message: 'no rows', where: { file: 'a.csv', line: 2 } })).toBe('a.csv:2: no rows');
  });

  it.each(['really?', 'stop!', 'one of these:', 'done.'])('puts no second mark after "%s"', (message) => {
    expect(renderProblem({ code: 'usage.x', message, hint: 'Do this.' })).toBe(`${message} Do this.`);
  });

  it('writes control characters that came with a name as their codes', () => {
    const where = { file: 'a\x1b.csv', line: 1, column: 3, source: 'a\x1b[31m' };
    expect(renderProblem({ code: 'data.x', message: "no column '\x1b[31mred\x9b'", where }))
      .toBe("a\\x1b.csv:1:3: no column '\\x1b[31mred\\x9b'\n    a\ufffd[31m\n      ^");
    expect(renderProblem({ code: 'data.x', message: 'a\nb\tü' })).toBe('a\nb\tü');
  });

  it('shows the line with a caret under the column', () => {
    const where = { file: 'c.yaml', line: 2, column: 5, source: 'key: vlaue' };
    expect(renderProblem({ code: 'config.x', message: 'unknown', where })).toBe('c.yaml:2:5: unknown\n    key: vlaue\n        ^');
  });
});

describe('an expected failure', () => {
  it('knows its kind, exit code and problems', () => {
    const error = fail('training.non-finite', 'not finite', { hint: 'Smaller.' });
    expect(error).toBeInstanceOf(BnncError);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('BnncError');
    expect([error.kind, error.exitCode]).toEqual(['training', 5]);
    expect(error.problems).toEqual([{ code: 'training.non-finite', message: 'not finite', hint: 'Smaller.' }]);
    expect(error.message).toBe('not finite. Smaller.');
  });

  it.each(Object.entries(ERROR_CODES))('%s leaves with code %i', (kind, code) => {
    expect(fail(`${kind as ErrorKind}.something`, 'x').exitCode).toBe(code);
  });

  it('tells several problems at once, one a line', () => {
    const problems: Problem[] = [{ code: 'config.a', message: 'one' }, { code: 'config.b', message: 'two' }];
    const error = new BnncError(problems);
    expect(error.message).toBe('one\ntwo');
    expect(error.problems).toHaveLength(2);
  });

  it('keeps its cause', () => {
    const cause = new Error('below');
    expect(new BnncError({ code: 'run.x', message: 'above' }, { cause }).cause).toBe(cause);
  });
});
