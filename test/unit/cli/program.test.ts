/** Commands that start no engine, in the test's own process: words, scripts, configs, and calls that are wrong. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { COMMANDS } from '../../../src/cli/command-list.js';
import { Folder, tableOf, width } from '../../helpers/in-process.js';

const folder = new Folder();
beforeAll(() => folder.write('data.csv', tableOf(60)));
afterAll(() => folder.remove());

describe('help', () => {
  it('of the program names every command, that of a command its options', async () => {
    const help = await folder.text('--help');
    for (const name of Object.keys(COMMANDS)) {
      expect(help).toMatch(new RegExp(`^ +${name}( |$)`, 'm'));
      const own = await folder.text(name, '--help');
      expect(own).toMatch(new RegExp(`^Usage: bnnc ${name}`));
      expect(width(own)).toBeLessThanOrEqual(120);
    }
    expect(await folder.text('--version')).toMatch(/^\d+\.\d+\.\d+/);
    const coloured = await folder.call(['train', '--help'], { terminal: true, env: { COLORTERM: 'truecolor' } });
    expect(coloured.stdout).toContain('\x1b[1mUsage:\x1b[22m');
    const plain = await folder.call(['train', '--help', '--no-color'], { terminal: true, env: { COLORTERM: 'truecolor' } });
    expect(plain.stdout).not.toContain('\x1b');
  });

  it.each<[string, string[], RegExp]>([
    ['an unknown command', ['trian'], /unknown command 'trian'[^]*Did you mean train\?/],
    ['an unknown option', ['train', '--epohcs', '3'], /unknown option '--epohcs'[^]*See 'bnnc train --help'/],
    ['a table as an argument', ['cv', 'data.csv'], /Give a table with --data and a config with --config\./],
    ['a word that is no number', ['train', '--seed', 'x'], /It must be a whole number of at least 0\./],
    ['options that exclude each other', ['select-features', '--knockoffs', '--probes'], /cannot be used with/],
    ['an argument that is missing', ['compare', 'a'], /missing required argument 'other'/],
    ['a log that is no log', ['validate', '--log-file', 'data.csv'], /this file is no log|unknown option/],
    ['nothing', [], /^Usage: bnnc/],
  ])('%s ends with 2 and says where help is', async (_, args, text) => {
    const outcome = await folder.call(args);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toMatch(text);
  });

  it('wrong calls are documents for programs', async () => {
    const { code, stdout } = await folder.call(['train', '--seed', 'x', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'usage.arguments' } });
  });

  it('a folder that is gone is told of before anything is done', async () => {
    expect(await folder.call(['inspect', 'data.csv'], { isFolderGone: true }))
      .toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('the current folder no longer exists') as string });
  });
});

describe('explain', () => {
  it('lists all words, and says what one or a config key means', async () => {
    const list = await folder.text('explain');
    expect(list).toMatch(/^PIP +Posterior inclusion probability: /m);
    expect(width(list)).toBeLessThanOrEqual(80);
    const { words } = await folder.json<{ words: { word: string; text: string }[] }>('explain');
    const slab = words.find(({ word }) => word === 'slab')!;
    expect((await folder.text('explain', 'slab')).replace(/\s+/g, ' ')).toContain(slab.text);
    expect(await folder.text('explain', 'train.restarts')).toMatch(/^train\.restarts\n[^]*Default: "auto"\./);
    expect(await folder.text('explain', 'credible', 'set')).toMatch(/^credible set\n/);
    const unknown = await folder.call(['explain', 'slap']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(/slab/);
  });
});

describe('completion and schema', () => {
  it.each(['bash', 'zsh', 'fish'])('the script of %s has every command with its options', async (shell) => {
    const script = await folder.text('completion', shell);
    for (const name of Object.keys(COMMANDS)) expect(script).toContain(name);
    expect(script).toContain(shell === 'fish' ? '-l add-restarts' : '--add-restarts');
    expect(script).toMatch(/native wasm/);
  });

  it('the schema has the keys that explain knows', async () => {
    const schema = JSON.parse(await folder.text('schema')) as { properties: { train: { properties: object } } };
    for (const key of Object.keys(schema.properties.train.properties)) {
      expect(await folder.text('explain', `train.${key}`)).toMatch(new RegExp(`^train\\.${key}\\n`));
    }
  });
});

describe('init and validate', () => {
  it('write a config that holds, and say what it holds', async () => {
    const { code, stdout, stderr } = await folder.call(['init', 'data.csv', '--target', 'y']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'bnnc.yaml\n' });
    expect(stderr).toBe("data.csv: 60 rows, 3 numeric and 3 categorical inputs; regression target 'y'\n");
    expect(folder.read('bnnc.schema.json')).toContain('"$schema"');
    expect(await folder.text('validate', '-c', 'bnnc.yaml')).toMatch(
      /^ok: data\.csv: 60 rows \(42 train, 6 validation, 12 test\), 6 inputs \(\d+ encoded columns\), /);
    const document = await folder.json<object>('validate', '-c', 'bnnc.yaml');
    expect(document).toMatchObject({ rows: 60, inputs: 6, splits: { train: 42, validation: 6, test: 12 } });
    const printed = await folder.call(['validate', '-c', 'bnnc.yaml', '--print', '--seed', '5', '--set', 'train.restarts=2']);
    expect(parse(printed.stdout)).toMatchObject({ data: { target: 'y' }, train: { seed: 5, restarts: 2 } });
    expect(printed.stdout).toMatch(/^ +seed: 5 +# .*flag/m);
    expect(printed.stdout).toMatch(/^ +restarts: 2 +# .*--set/m);
    expect(printed.stderr).toMatch(/^ok: /m);
  });

  it('do not overwrite a config, or the data', async () => {
    folder.write('mine.yaml', 'mine');
    const refused = await folder.call(['init', 'data.csv', '--target', 'y', '-o', 'mine.yaml']);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/the file exists already\. Replace it with --force/);
    expect(folder.read('mine.yaml')).toBe('mine');
    expect(await folder.text('init', 'data.csv', '--target', 'y', '-o', 'mine.yaml', '--force')).toBe('mine.yaml\n');
    expect((await folder.call(['init', 'data.csv', '--target', 'y', '-o', 'data.csv', '--force'])).code).toBe(2);
    expect(folder.read('data.csv')).toBe(tableOf(60));
    mkdirSync(join(folder.path, 'other'));
    folder.write('other/bnnc.schema.json', '{"title": "something else"}');
    const kept = await folder.call(['init', 'data.csv', '--target', 'won', '-o', 'other/c.json']);
    expect(kept.stderr).toMatch(/is not the schema of this program and stays as it is/);
    expect(JSON.parse(folder.read('other/c.json'))).toMatchObject({ data: { path: '../data.csv', target: 'won' } });
  });

  it('tell of columns that are no inputs as they stand', async () => {
    const rows = Array.from({ length: 120 }, (_, n) => [
      n + 1, `id-${n * 7919}`, 'same', n === 3 ? 'x' : n % 5, `${n % 30} %`, n === 5 ? 'soon' : `2024-01-${10 + (n % 15)}`, '', n % 2 ? 'on' : 'off',
    ].join(','));
    folder.write('odd.csv', `row,id,constant,faulty,share,day,empty,y\n${rows.join('\n')}\n`);
    const { code, stdout, stderr } = await folder.call(['init', 'odd.csv', '--target', 'y', '-o', '-']);
    expect(code).toBe(0);
    expect(parse(stdout)).toMatchObject({
      data: { columns: { id: { kind: 'ignore' }, constant: { kind: 'ignore' }, empty: { kind: 'ignore' }, share: { kind: 'percent' } } },
    });
    expect(stdout).toMatch(/perhaps a running number/);
    expect(stdout).toMatch(/120 different texts, like an identifier/);
    expect(stdout).toMatch(/the same in every row/);
    expect(stdout).toMatch(/no value in any row/);
    expect(stdout).toMatch(/not all cells are dates/);
    expect(stderr).toMatch(/^warning: odd\.csv:\d+/m);
    const piped = await folder.call(['init', '-', '--target', 'y', '-o', '-'], { stdin: folder.read('odd.csv') });
    expect(parse(piped.stdout)).toMatchObject({ data: { target: 'y' } });
  });

  it('say which target is missing, with its place in the config', async () => {
    expect((await folder.call(['init', 'data.csv', '--target', 'z', '-o', '-'])).code).toBe(4);
    folder.write('wrong.yaml', 'data: {path: data.csv, target: y}\ntrain:\n  epochs: -1\n  restart: 2\n');
    const { code, stderr } = await folder.call(['validate', '-c', 'wrong.yaml']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/wrong\.yaml:3:\d+: train\.epochs/);
    expect(stderr).toMatch(/wrong\.yaml:4:3: train\.restart: unknown key\. Did you mean 'restarts'\?/);
    const { stdout } = await folder.call(['validate', '-c', 'wrong.yaml', '--json']);
    expect((JSON.parse(stdout) as { errors: object[] }).errors).toHaveLength(2);
  });
});
