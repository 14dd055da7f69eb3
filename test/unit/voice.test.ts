import { describe, expect, it } from 'vitest';
import { CLI, heard } from '../../src/cli/voice.js';
import { BnncError, fail, problemText } from '../../src/errors.js';
import { call, key, option, say, shortOption, telling, words, type Words } from '../../src/voice.js';

const both = (text: Words): [string, string] => [say(text), say(text, CLI)];

describe('a text that names options', () => {
  it.each<[Words, string, string]>([
    [words`Replace it with ${option('force', true)}.`, 'Replace it with force: true.', 'Replace it with --force.'],
    [words`choose another folder with ${option('out')}`, "choose another folder with 'out'", 'choose another folder with --out'],
    [words`${option('fineTune')} and ${option('onnxInput', 'raw')}`, "'fineTune' and onnxInput: 'raw'", '--fine-tune and --onnx-input raw'],
    [words`${option('formats')}, ${option('sets', ['a.b=c'])}`, "'formats', sets: ['a.b=c']", '--format, --set a.b=c'],
    [words`as ${key('data.columns.an age.kind', 'ignore')} does`, "as sets: ['data.columns.an age.kind=ignore'] does",
      "as --set 'data.columns.an age.kind=ignore' does"],
    [words`${shortOption('config', 'a.yaml')} reads it`, "config: 'a.yaml' reads it", '-c a.yaml reads it'],
    [words`Go on with: ${call('train', { resume: "it's" })}`, "Go on with: train({ resume: 'it\\'s' })",
      "Go on with: bnnc train --resume 'it'\\''s'"],
    [words`${call('init', { target: 'y', out: 'FILE' }, 'data.csv')} or ${call('crossValidate')}`,
      "init('data.csv', { target: 'y', out: 'FILE' }) or crossValidate()", 'bnnc init data.csv --target y -o FILE or bnnc cv'],
  ])('%j', (text, library, cli) => {
    expect(both(text)).toEqual([library, cli]);
  });

  it('may be made of others, and is plain where it names none', () => {
    expect(both(words`${words`a ${option('top', 3)}`}: ${7} or ${'b'}`)).toEqual(['a top: 3: 7 or b', 'a --top 3: 7 or b']);
    expect(words`${1} of ${'two'}`).toBe('1 of two');
  });

  it('is heard in two voices', () => {
    const told: string[] = [];
    telling(heard((text) => told.push(text)))(words`with ${option('jobs', 1)}`);
    telling((text) => told.push(text))(words`with ${option('jobs', 1)}`);
    telling(undefined)('nobody listens');
    expect(told).toEqual(['with --jobs 1', 'with jobs: 1']);
  });
});

describe('a failure', () => {
  const error = fail('run.exists', 'a run is there already', { where: { file: 'a' }, hint: words`Replace it with ${option('force', true)}.` });

  it('speaks as the library does, and to the command line as it does', () => {
    expect(error.message).toBe('a: a run is there already. Replace it with force: true.');
    expect(error.problems).toEqual([
      { code: 'run.exists', message: 'a run is there already', where: { file: 'a' }, hint: 'Replace it with force: true.' },
    ]);
    expect(error.said.map((problem) => problemText(problem, CLI))).toEqual(['a: a run is there already. Replace it with --force.']);
  });

  it('keeps both when it is made anew', () => {
    expect(new BnncError(error.said).said).toEqual(error.said);
  });
});
