import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfigFile, parseConfig } from '../../../src/config/load.js';
import type { BnncError} from '../../../src/errors.js';
import { errorOnCommandLine, onCommandLine } from '../../helpers/command-line.js';

/** Code and text of every problem. */
function told(text: string, name = 'bnnc.yaml'): string[] {
  return parseConfig(text, name).problems.map((problem) => `${problem.code} ${onCommandLine(problem)}`);
}

const block = (...lines: string[]): string => lines.join('\n');

describe('a sound file', () => {
  it('comes out as plain values', () => {
    const { value, problems } = parseConfig('data: {path: a.csv, target: y}\ntrain:\n  epochs: 1e3\n', 'bnnc.yaml');
    expect(problems).toEqual([]);
    expect(value).toEqual({ data: { path: 'a.csv', target: 'y' }, train: { epochs: 1000 } });
  });

  it('is the same in YAML and in JSON', () => {
    const yaml = "data:\n  path: a.csv\n  target: y\n  delimiter: ';'\n  split: {testFile: null}\nmodel: {hidden: [8, 4]}\n";
    const json = '{"$schema": "x", "data": {"path": "a.csv", "target": "y", "delimiter": ";", "split": {"testFile": null}},\n'
      + '\t"model": {"hidden": [8, 4]}}';
    const { $schema, ...fromJson } = parseConfig(json, 'bnnc.json').value;
    expect($schema).toBe('x');
    expect(fromJson).toEqual(parseConfig(yaml, 'bnnc.yaml').value);
    expect(parseConfig(json, 'bnnc.json').problems).toEqual([]);
  });

  it('may leave a section without content', () => {
    const { value, problems } = parseConfig('model:\n  # hidden: [8]\ndata:\n  split:\n', 'bnnc.yaml');
    expect(problems).toEqual([]);
    expect(value).toEqual({ model: {}, data: { split: {} } });
  });

  it('may use anchors and merge keys', () => {
    const text = 'data: {columns: {a: &off {kind: ignore}, b: *off, c: {<<: *off}}}\n';
    const { value, problems } = parseConfig(text, 'bnnc.yaml');
    expect(problems).toEqual([]);
    expect(value).toEqual({ data: { columns: { a: { kind: 'ignore' }, b: { kind: 'ignore' }, c: { kind: 'ignore' } } } });
  });
});

describe('an unknown key', () => {
  it('is shown with a caret and the key that was meant', () => {
    expect(told('data:\n  path: a.csv\n  target: y\nmodel:\n  hidden: [8]\n  activaton: tanh\n')).toEqual([
      block(
        "config.unknown-key bnnc.yaml:6:3: model.activaton: unknown key. Did you mean 'activation'?",
        '      activaton: tanh',
        '      ^',
      ),
    ]);
  });

  it('may belong to another section', () => {
    expect(told('epochs: 5\ntrain: {hidden: [4]}\n')).toEqual([
      block("config.unknown-key bnnc.yaml:1:1: epochs: unknown key. Did you mean 'train.epochs'?", '    epochs: 5', '    ^'),
      block(
        "config.unknown-key bnnc.yaml:2:9: train.hidden: unknown key. Did you mean 'model.hidden'?",
        '    train: {hidden: [4]}',
        '            ^',
      ),
    ]);
  });

  it('that resembles none is answered with those there are', () => {
    expect(told('inclusion:\n  zzz: 1\n')).toEqual([
      block(
        'config.unknown-key bnnc.yaml:2:3: inclusion.zzz: unknown key. Known here: flips, rescues, draws, samples.',
        '      zzz: 1',
        '      ^',
      ),
    ]);
  });

  it('that came in through a merge key is shown where it is written', () => {
    expect(told('model: &m\n  hidden: [4]\ntrain:\n  <<: *m\n').map((text) => text.split('\n')[0])).toEqual([
      "config.unknown-key bnnc.yaml:2:3: train.hidden: unknown key. Did you mean 'model.hidden'?",
    ]);
  });
});

describe('a wrong value', () => {
  it.each([
    ['train: {epochs: 0}', "out-of-range bnnc.yaml:1:17: train.epochs: expected 'auto' or a whole number of at least 1, got 0"],
    [
      'train: {epochs: lots}',
      "unknown-value bnnc.yaml:1:17: train.epochs: expected 'auto' or a whole number of at least 1, got the text 'lots'",
    ],
    ['train: {batch: 2.5}', "wrong-type bnnc.yaml:1:16: train.batch: expected 'auto' or a whole number of at least 1, got 2.5"],
    [
      'train: {seed: "7"}',
      "wrong-type bnnc.yaml:1:15: train.seed: expected a whole number of at least 0, got the text '7'. Leave out the quotes.",
    ],
    [
      'train: {learningRate: .inf}',
      'wrong-type bnnc.yaml:1:23: train.learningRate: expected a number above 0 and at most 10, got Infinity',
    ],
    ['train: {restarts: }', "wrong-type bnnc.yaml:1:9: train.restarts: expected 'auto' or a whole number of at least 1, got nothing"],
    [
      'model: {hidden: 32}',
      'wrong-type bnnc.yaml:1:17: model.hidden: expected a list of at most 32 entries, got 32. Write it as a list: [32].',
    ],
    ['model: {hidden: [8, 0]}', 'out-of-range bnnc.yaml:1:21: model.hidden[1]: expected a whole number from 1 to 65536, got 0'],
    [
      'model: {activation: thanh}',
      "unknown-value bnnc.yaml:1:21: model.activation: expected one of tanh, relu, silu, sigmoid, xtanh, got the text 'thanh'. "
        + "Did you mean 'tanh'?",
    ],
    ['model: 3', 'wrong-type bnnc.yaml:1:8: model: expected a mapping with the keys hidden, skip, background, activation, gates, got 3'],
    [
      'data: {target: 2020}',
      "wrong-type bnnc.yaml:1:16: data.target: expected a text that is not empty or a list of at most 20 entries or a mapping with the keys time, event, got 2020. Put it in quotes: '2020'.",
    ],
    [
      'data: {missing: [-999]}',
      "wrong-type bnnc.yaml:1:18: data.missing[0]: expected a text, got -999. Put it in quotes: '-999'.",
    ],
    [
      'data: {missing: [NA, ?]}',
      "wrong-type bnnc.yaml:1:23: data.missing[1]: expected a text, got a mapping. Put it in quotes: '?'.",
    ],
    [
      'data: {delimiter: tab}',
      "unknown-value bnnc.yaml:1:19: data.delimiter: expected 'auto' or one character (no letter, digit or quote), "
        + "got the text 'tab'",
    ],
    [
      'data: {split: {test: 1.5}}',
      'out-of-range bnnc.yaml:1:22: data.split.test: expected a number of at least 0 and below 1, got 1.5',
    ],
    [
      'data: {split: {stratify: yes}}',
      "wrong-type bnnc.yaml:1:26: data.split.stratify: expected true or false, got the text 'yes'. Write true.",
    ],
    [
      'data: {columns: {a b: 3}}',
      'wrong-type bnnc.yaml:1:23: data.columns."a b": expected a mapping with the keys kind, levels, keep, prior, got 3',
    ],
    [
      'data: {columns: {z: {kind: }}}',
      'wrong-type bnnc.yaml:1:22: data.columns.z.kind: expected one of numeric, categorical, boolean, ordinal, date, percent, ignore, '
        + 'got nothing',
    ],
    [
      'data: {columns: {z: {prior: 0}}}',
      'out-of-range bnnc.yaml:1:29: data.columns.z.prior: expected a number above 0 and below 1, got 0',
    ],
  ])('%s', (text, message) => {
    expect(told(text).map((problem) => problem.split('\n')[0])).toEqual([`config.${message}`]);
  });

  it('has the caret under the value', () => {
    expect(told('train:\n  restarts: many\n')[0].split('\n').slice(1)).toEqual(['      restarts: many', '                ^']);
  });
});

describe('all problems', () => {
  it('are told at once, in the order of the text', () => {
    const text = 'train: {seed: x}\nmodel:\n  hiden: [1]\n  gates: all\n  gates: both\nfoo: 1\n';
    expect(told(text).map((problem) => problem.split(': ', 2).join(': '))).toEqual([
      'config.wrong-type bnnc.yaml:1:15: train.seed',
      'config.unknown-key bnnc.yaml:3:3: model.hiden',
      'config.duplicate-key bnnc.yaml:5:3: model.gates',
      'config.unknown-key bnnc.yaml:6:1: foo',
    ]);
  });
});

describe('a key given twice', () => {
  it.each(['bnnc.yaml', 'bnnc.json'])('is refused in %s', (name) => {
    expect(told('{"data": {"path": "a",\n"path": "b", "path": "c"}}', name)).toEqual([
      block(
        `config.duplicate-key ${name}:2:14: data.path: given twice, first on line 1. Keep one of them.`,
        '    "path": "b", "path": "c"}}',
        '                 ^',
      ),
    ]);
  });
});

describe('bad syntax', () => {
  it.each([
    ['data:\n\tpath: x\n', 'bnnc.yaml:2:1: Tabs are not allowed as indentation. Indent with spaces.'],
    ['data:\n  path: @x\n', 'bnnc.yaml:2:9: Plain value cannot start with reserved character @. Put the value in quotes.'],
    [
      'model: a: 1\n',
      'bnnc.yaml:1:8: Nested mappings are not allowed in compact mappings. Check the indentation of this line and the next.',
    ],
    [
      'data:\n---\nmodel:\n',
      'bnnc.yaml:2:1: a second document. A file may have only one config: remove this line and everything below it.',
    ],
    ['data: *nowhere\n', "bnnc.yaml:1:7: *nowhere refers to nothing. A text that begins with * needs quotes: '*nowhere'."],
    ['data: !secret x\n', 'bnnc.yaml:1:7: Unresolved tag: !secret'],
  ])('%j', (text, message) => {
    expect(told(text).map((problem) => problem.split('\n')[0])).toEqual([`config.syntax ${message}`]);
  });

  it('in JSON is told once a line', () => {
    expect(told('{"data": {"path": "a"},\n  // the network\n  "model": {"hidden": [1 2]}}', 'c.json')).toEqual([
      block(
        'config.syntax c.json:2:3: not valid JSON from here on: // the network "model". '
          + 'Is a quote, comma or bracket missing, or is it a comment?',
        '      // the network',
        '      ^',
      ),
      block(
        'config.syntax c.json:3:24: not valid JSON from here on: 1 2. Is a quote, comma or bracket missing, or is it a comment?',
        '      "model": {"hidden": [1 2]}}',
        '                           ^',
      ),
    ]);
  });

  it('with tabs keeps the caret in its place', () => {
    expect(told('{\n\t"model":\t{"hiden": [1]}}', 'c.json')[0].split('\n').slice(1)).toEqual([
      '     "model": {"hiden": [1]}}',
      '               ^',
    ]);
  });

  it('leaves out lines too long to show', () => {
    const text = `{"data": {"path": "${'x'.repeat(300)}", "targt": "y"}}`;
    expect(told(text, 'c.json')).toEqual(["config.unknown-key c.json:1:323: data.targt: unknown key. Did you mean 'target'?"]);
  });

  it('refuses aliases that multiply without bound', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `k${i}: &k${i} [${Array(9).fill(i ? `*k${i - 1}` : 'x').join(', ')}]`);
    expect(told(levels.join('\n'))).toEqual(['config.syntax bnnc.yaml: its aliases (*name) multiply without limit']);
    expect(told('data: &d\n  <<: *d\n')).toEqual(['config.syntax bnnc.yaml: its aliases (*name) multiply without limit']);
  });
});

describe('a file that is no mapping', () => {
  it.each([
    ['', 'empty bnnc.yaml: the file has no content. `bnnc init` writes a commented config.'],
    ['# only a comment\n', 'empty bnnc.yaml: the file has no content. `bnnc init` writes a commented config.'],
    ['- a\n- b\n', 'not-a-mapping bnnc.yaml: expected sections (data, model, prior, train, inclusion, search), got a list'],
    [
      'data:x',
      "not-a-mapping bnnc.yaml: expected sections (data, model, prior, train, inclusion, search), got the text 'data:x'. "
        + 'Put a space after the colon.',
    ],
  ])('%j', (text, message) => {
    expect(told(text)).toEqual([`config.${message}`]);
  });

  it('may be the table', () => {
    expect(told('a,b\n1,2\n', 'data.csv')).toEqual([
      "config.not-a-mapping data.csv: expected sections (data, model, prior, train, inclusion, search), got the text 'a,b 1,2'. "
        + 'If it is the table, give it as --data.',
    ]);
  });
});

describe('loadConfigFile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bnnc-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const refusal = (name: string): Promise<string> =>
    loadConfigFile(name, folder).then(
      () => 'no refusal',
      (error: BnncError) => `${error.problems[0].code} ${errorOnCommandLine(error)} (${error.exitCode})`,
    );

  it('reads a file relative to the folder, with or without a byte order mark', async () => {
    writeFileSync(join(folder, 'a.yaml'), '\ufefftrain: {sed: 5}\n');
    const { value, problems } = await loadConfigFile('a.yaml', folder);
    expect(value).toEqual({ train: { sed: 5 } });
    expect(problems[0].where).toEqual({ file: 'a.yaml', line: 1, column: 9, source: 'train: {sed: 5}' });
  });

  it('says why it cannot', async () => {
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'utf16.yaml'), Buffer.from('\ufeffdata: 1', 'utf16le'));
    writeFileSync(join(folder, 'big.yaml'), 'x'.repeat(3_000_000));
    expect(await refusal('none.yaml')).toBe(
      'config.missing-file none.yaml: no such config file. `bnnc init data.csv --target y -o FILE` writes one. (3)',
    );
    expect(await refusal('sub')).toBe('config.unreadable sub: is a folder, not a config file (3)');
    expect(await refusal('utf16.yaml')).toBe('config.unreadable utf16.yaml: is not UTF-8 text. Save it as UTF-8. (3)');
    expect(await refusal('big.yaml')).toBe(
      'config.unreadable big.yaml: more than 1048576 bytes are too many for a config. If it is the table, give it as --data. (3)',
    );
  });
});
