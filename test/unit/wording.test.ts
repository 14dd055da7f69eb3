import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { shellPath, shellWord } from '../../src/wording.js';

const WORDS = ['runs/a-1', 'with blank', "it's", '$HOME', '`id`', '!x', 'a;b', 'two\nlines', '*', '~', '', '-o', 'é', '"q"', '\\', '#c'];

describe('a word of a command', () => {
  it('reaches the program as it is', () => {
    const line = `printf '%s\\0' ${WORDS.map(shellWord).join(' ')}`;
    expect(execFileSync('sh', ['-c', line]).toString().split('\0').slice(0, -1)).toEqual(WORDS);
  });

  it('is quoted only where that is needed', () => {
    expect([shellWord('train.epochs=500'), shellWord('runs/a b')]).toEqual(['train.epochs=500', "'runs/a b'"]);
  });

  it('is no option when it is a path', () => {
    expect(['-x', '- y', 'runs/-x', '/-'].map(shellPath)).toEqual(['./-x', "'./- y'", 'runs/-x', '/-']);
  });
});
