import { describe, expect, it } from 'vitest';
import { BnncError, fail } from '../../../src/errors.js';
import { errorOf, faultText, readPresence, readRun, readTask, runText, taskNote } from '../../../src/queue/messages.js';
import { placeOf, withoutSecrets } from '../../../src/queue/place.js';
import { leavesFolder } from '../../../src/queue/paths.js';
import { withoutPasswords } from '../../../src/cli/secrets.js';

const NOTE = taskNote({ run: 'a'.repeat(32), plan: 'b'.repeat(64), part: 'c'.repeat(32), unit: 'fold: 1.1', bnnc: '0.1.0' });

describe('a task of a queue', () => {
  it('is read as it was written', () => {
    expect(readTask(JSON.parse(JSON.stringify(NOTE)))).toEqual({ task: NOTE });
  });

  it.each([
    ['nothing', null], ['a text', 'fold'], ['one key too many', { ...NOTE, path: '/etc/passwd' }], ['one too few', { ...NOTE, unit: undefined }],
    ['a name that is a path', { ...NOTE, run: '../'.repeat(10) }], ['a long name', { ...NOTE, unit: 'x'.repeat(201) }],
    ['a name in two lines', { ...NOTE, unit: 'a\nb' }], ['another format', { ...NOTE, schemaVersion: 2 }],
  ])('is none with %s', (_what, value) => {
    expect(readTask(value)).toEqual({ fault: expect.any(String) as string });
  });
});

describe('a run of a queue', () => {
  const file = { name: 'data.csv', sha256: 'd'.repeat(64), bytes: 3 };
  it('is read as it was written', () => {
    expect(readRun(runText({ plan: 'x', data: file }))).toEqual({ schemaVersion: 1, plan: 'x', data: file });
  });

  it.each(['', '[]', '{"schemaVersion":2,"plan":"x"}', runText({ plan: 'x', data: { ...file, name: '../data.csv' } }),
    runText({ plan: 'x', data: { ...file, name: '.profile' } })])('is none: %s', (said) => {
    expect(readRun(said)).toBeUndefined();
  });

  it('has workers that say who they are', () => {
    expect(readPresence('{"bnnc":"0.1.0","jobs":2}')).toEqual({ bnnc: '0.1.0', jobs: 2 });
    expect(readPresence('{"bnnc":"0.1.0","jobs":-1}')).toBeUndefined();
    expect(readPresence(null)).toBeUndefined();
  });
});

describe('an error at a worker', () => {
  it('is the same at the command', () => {
    const error = errorOf(faultText(fail('training.non-finite', 'the loss is NaN', { hint: 'Try less.', where: { file: 'a.csv', line: 2 } })));
    expect(error).toBeInstanceOf(BnncError);
    expect((error as BnncError).problems)
      .toEqual([{ code: 'training.non-finite', message: 'the loss is NaN', hint: 'Try less.', where: { file: 'a.csv', line: 2 } }]);
  });

  it('is its message where it is a bug, and the beginning of whatever else is there', () => {
    expect(errorOf(faultText(new TypeError('x is undefined'))).message).toBe('x is undefined');
    expect(errorOf('{"problems":[{"code":"rm.rf","message":"a"}]}')).not.toBeInstanceOf(BnncError);
    expect(errorOf('y'.repeat(1e6)).message).toBe('y'.repeat(300));
  });
});

describe('the place of a queue', () => {
  it('is shown without user, password and what follows', () => {
    const place = placeOf('rediss://me:p%2Fw@box:6380/2?family=6');
    expect(place).toMatchObject({ shown: 'rediss://box:6380/2', url: 'rediss://me:p%2Fw@box:6380/2?family=6' });
    expect(withoutSecrets('p/w and p%2Fw', place)).toBe('*** and ***');
  });

  it('takes a password beside the URL, where that has none', () => {
    expect(placeOf('redis://box', 'a/b').url).toBe('redis://:a%2Fb@box');
    expect(placeOf('redis://:own@box', 'other').url).toBe('redis://:own@box');
  });

  it.each(['box', 'http://box', 'redis:', 'redis://box/name', ''])('is not %s', (text) => {
    expect(() => placeOf(text)).toThrow(expect.objectContaining({ problems: [expect.objectContaining({ code: 'usage.queue' })] }));
  });

  it('keeps its password out of arguments that are kept', () => {
    expect(withoutPasswords(['--queue', 'redis://u:a@b/c@box:1/0', '--queue=rediss://:x@box', 'a@b']))
      .toEqual(['--queue', 'redis://***@box:1/0', '--queue=rediss://***@box', 'a@b']);
  });
});

it.each([['data.csv', false], ['a/../b', false], ['..b/c', false], ['..', true], ['../a', true], ['..\\a', true], ['/a', true]])(
  'a path %s leaves its folder: %s', (path, leaves) => {
    expect(leavesFolder(path)).toBe(leaves);
  });
