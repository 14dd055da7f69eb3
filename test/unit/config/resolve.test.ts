import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leafKeys } from '../../../src/config/keys.js';
import { parseFullConfig, resolveConfig, type ResolveOptions } from '../../../src/config/resolve.js';
import { configSchema } from '../../../src/config/schema.js';
import { keyPath } from '../../../src/config/sources.js';
import { BnncError } from '../../../src/errors.js';
import { errorOnCommandLine } from '../../helpers/command-line.js';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bnnc-resolve-'));
  mkdirSync(join(cwd, 'conf'));
});
afterAll(() => rmSync(cwd, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(cwd, name), text);
  return name;
}

/** The lines of the error. */
async function refusal(options: Omit<ResolveOptions, 'cwd'>): Promise<string[]> {
  try {
    await resolveConfig({ cwd, ...options });
  } catch (error) {
    expect(error).toBeInstanceOf(BnncError);
    expect((error as BnncError).exitCode).toBe(3);
    return errorOnCommandLine(error).split('\n');
  }
  return [];
}

const flags = { data: 'a.csv', target: 'y' };

describe('precedence', () => {
  it('is defaults, file, --set, flag', async () => {
    const text = 'data: {path: f.csv, target: f}\ntrain: {seed: 10, epochs: 10, restarts: 10}\nmodel: {gates: node}\n';
    const name = file('p.yaml', text);
    const { config, origins } = await resolveConfig({
      file: name, sets: ['train.seed=20', 'train.epochs=20', 'data.target=s'], flags: { seed: 30 }, cwd,
    });
    expect(config.train).toMatchObject({ seed: 30, epochs: 20, restarts: 10, learningRate: 0.01 });
    expect(config.data.target).toBe('s');
    expect(config.model).toEqual({ hidden: [32, 16], skip: true, background: true, activation: 'silu', gates: 'node' });
    expect(origins).toMatchObject({
      'train.seed': 'flag', 'train.epochs': 'set', 'train.restarts': 'file', 'train.learningRate': 'default',
      'data.target': 'set', 'data.path': 'file', 'model.gates': 'file', 'model.hidden': 'default',
    });
    expect(Object.keys(origins)).toEqual(leafKeys());
  });

  it('lets the last --set win', async () => {
    const sets = ['train.epochs=1', 'train={epochs: 2, batch: 8}', 'train.epochs=3'];
    const { config } = await resolveConfig({ sets, flags, cwd });
    expect(config.train).toMatchObject({ epochs: 3, batch: 8 });
  });

  it('merges columns by name and replaces lists', async () => {
    const data = 'data: {columns: {a: {kind: numeric}, b: {kind: numeric}}, missing: [x, z]}';
    const name = file('m.yaml', `${data}\nmodel: {hidden: [9, 9, 9]}\n`);
    const sets = ['data.columns.b.kind=ignore', 'data.columns.c.d={kind: categorical}', 'data.missing=[n/a]', 'model.hidden=[4]'];
    const { config } = await resolveConfig({ file: name, sets, flags, cwd });
    expect(config.data.columns).toEqual({ a: { kind: 'numeric' }, b: { kind: 'ignore' }, 'c.d': { kind: 'categorical' } });
    expect(config.data.missing).toEqual(['n/a']);
    expect(config.model.hidden).toEqual([4]);
  });

  it('needs no file', async () => {
    const { config, baseDir } = await resolveConfig({ flags, cwd });
    expect(config).toEqual(configSchema.parse({ data: { path: join(cwd, 'a.csv'), target: 'y' } }));
    expect(baseDir).toBe(cwd);
  });

  it('gives the same for YAML and JSON', async () => {
    const json = JSON.stringify({ $schema: 's', data: { path: 'a.csv', target: 'y' }, train: { epochs: 7 } });
    const fromJson = await resolveConfig({ file: file('same.json', json), cwd });
    const yaml = 'data:\n  path: a.csv\n  target: y\ntrain:\n  epochs: 7\n';
    const fromYaml = await resolveConfig({ file: file('same.yaml', yaml), cwd });
    expect(fromJson).toEqual(fromYaml);
  });
});

describe('a gaussian spike', () => {
  const spiked = ['prior.spike=gaussian'];
  const flags = { data: 'a.csv', target: 'y' };

  it('goes without gates unless somebody asks for them', async () => {
    const { config, origins } = await resolveConfig({ sets: spiked, flags, cwd });
    expect([config.model.gates, origins['model.gates']]).toEqual(['none', 'set']);
    const { config: said } = await resolveConfig({ sets: [...spiked, 'model.gates=none'], flags, cwd });
    expect(said.model.gates).toBe('none');
    const { config: point } = await resolveConfig({ flags, cwd });
    expect(point.model.gates).toBe('both');
  });

  it.each(['both', 'node', 'weight'])('refuses gates: %s', async (gates) => {
    await expect(resolveConfig({ sets: [...spiked, `model.gates=${gates}`], flags, cwd })).rejects.toThrow(/allows no gates, but model\.gates is/);
  });
});

describe('paths', () => {
  it('of databases are relative to the file, too, and go with a query', async () => {
    const name = file('conf/db.yaml', "data: {path: 'duckdb:../d/shop.db', query: select 1, target: y}\n");
    const { config, dataName } = await resolveConfig({ file: name, cwd });
    expect(config.data).toMatchObject({ path: `duckdb:${join(cwd, 'd', 'shop.db')}`, query: 'select 1' });
    expect(dataName).toBe(`duckdb:${join('d', 'shop.db')}`);
    expect((await resolveConfig({ flags: { data: 'duckdb:', query: 'select 2', target: 'y' }, cwd })).dataName).toBe('duckdb:');
    expect((await refusal({ flags: { data: 'duckdb:a.db', target: 'y' } })).join()).toMatch(/--data duckdb:a\.db: is a database, so data\.query must/);
    const both = { data: 'duckdb:a.db', query: 'select 1', target: 'y', test: 'duckdb:a.db' };
    expect((await resolveConfig({ flags: { ...both, testQuery: 'select 2' }, cwd })).config.data.split).toMatchObject({
      testFile: `duckdb:${join(cwd, 'a.db')}`, testQuery: 'select 2', test: 0,
    });
    expect((await refusal({ flags: both })).join()).toMatch(/--test duckdb:a\.db: is a database, so data\.split\.testQuery must/);
    expect((await refusal({ flags: { ...both, testQuery: 'select 1' } })).join()).toMatch(/is data\.path itself/);
    expect((await refusal({ flags: { data: 'a.csv', target: 'y', test: 'b.csv', testQuery: 'select 1' } })).join())
      .toMatch(/--test-query .*data\.split\.testFile is no database/);
    expect((await refusal({ flags: { data: 'a.csv', query: 'select 2', target: 'y' } })).join()).toMatch(/data\.path is no database/);
  });

  it('in a file are relative to it', async () => {
    const name = file('conf/c.yaml', 'data: {path: ../d/a.csv, target: y, split: {testFile: t.csv}}\n');
    const { config, baseDir, dataName } = await resolveConfig({ file: name, cwd });
    expect(config.data.path).toBe(join(cwd, 'd', 'a.csv'));
    expect(config.data.split.testFile).toBe(join(cwd, 'conf', 't.csv'));
    expect(baseDir).toBe(join(cwd, 'conf'));
    expect(dataName).toBe(join('d', 'a.csv'));
  });

  it('on the command line are relative to the working folder', async () => {
    const name = file('conf/c2.yaml', 'data: {path: a.csv, target: y, split: {testFile: t.csv}}\n');
    const { config } = await resolveConfig({ file: name, sets: ['data.split.testFile=u.csv'], flags: { data: 'b.csv' }, cwd });
    expect(config.data.path).toBe(join(cwd, 'b.csv'));
    expect(config.data.split.testFile).toBe(join(cwd, 'u.csv'));
  });

  it('keep - for stdin, and say how messages call the data', async () => {
    const stdin = await resolveConfig({ flags: { ...flags, data: '-' }, cwd });
    expect([stdin.config.data.path, stdin.dataName]).toEqual(['-', '<stdin>']);
    expect((await resolveConfig({ flags: { ...flags, data: '/x/a.csv' }, cwd })).dataName).toBe('/x/a.csv');
  });

  it('a test file wins over a share of test rows', async () => {
    const { config, origins } = await resolveConfig({ sets: ['data.split={testFile: t.csv, test: 0.95}'], flags, cwd });
    expect(config.data.split).toMatchObject({ test: 0, validation: 0.1 });
    expect(origins['data.split.test']).toBe('set');
  });
});

describe('--set', () => {
  it('takes texts that YAML would read as something else', async () => {
    const sets = ['data.target=2020', 'data.delimiter=,', 'data.path=@x.csv'];
    const { config } = await resolveConfig({ sets, cwd });
    expect(config.data).toMatchObject({ target: '2020', delimiter: ',', path: join(cwd, '@x.csv') });
    expect((await resolveConfig({ sets: ['data.target=007'], flags: { data: 'a' }, cwd })).config.data.target).toBe('007');
    expect((await resolveConfig({ sets: ['data.delimiter=\t'], flags, cwd })).config.data.delimiter).toBe('\t');
  });

  it('takes null where null is a value', async () => {
    const name = file('n.yaml', 'data: {split: {testFile: t.csv}}\n');
    const { config } = await resolveConfig({ file: name, sets: ['data.split.testFile='], flags, cwd });
    expect(config.data.split).toMatchObject({ testFile: null, testQuery: null, test: 0.2 });
  });

  it.each([
    ['train.epoch=5', "--set train.epoch=5: unknown key. Did you mean 'train.epochs'?"],
    ['seed=5', "--set seed=5: unknown key. Did you mean 'train.seed'?"],
    ['model.zzz=@', '--set model.zzz=@: unknown key. Known here: hidden, skip, background, activation, gates.'],
    ['__proto__.x=1', '--set __proto__.x=1: unknown key. Known here: data, model, prior, train, inclusion, search.'],
    ['train.epochs=0', "--set train.epochs=0: expected 'auto' or a whole number of at least 1, got 0"],
    [
      'model.hidden=[4, x]',
      "--set model.hidden=[4, x]: model.hidden[1]: expected a whole number from 1 to 65536, got the text 'x'",
    ],
    ['model={gate: both}', "--set model={gate: both}: model.gate: unknown key. Did you mean 'model.gates'?"],
    [
      'model.hidden=[4',
      '--set model.hidden=[4: the value is not YAML (Flow sequence must end with a ]). Expected a list of at most 32 entries.',
    ],
    ['=5', '--set =5: expected key=value. Example: --set train.epochs=500.'],
    ['epochs', '--set epochs: expected key=value. Example: --set train.epochs=500.'],
  ])('%s', async (assignment, message) => {
    expect(await refusal({ sets: [assignment], flags })).toEqual([message]);
  });

  it('finds column names that hold dots', () => {
    expect(keyPath('train.epochs')).toEqual(['train', 'epochs']);
    expect(keyPath('data.columns.a')).toEqual(['data', 'columns', 'a']);
    expect(keyPath('data.columns.a.kind')).toEqual(['data', 'columns', 'a', 'kind']);
    expect(keyPath('data.columns.a.b.kind')).toEqual(['data', 'columns', 'a.b', 'kind']);
    expect(keyPath('data.columns.a.b')).toEqual(['data', 'columns', 'a.b']);
  });
});

describe('refusals', () => {
  it('name both ways to give the data and the target', async () => {
    expect(await refusal({})).toEqual([
      'data.path is missing: which table to learn from. Give it in the config (data.path: data.csv) or as --data data.csv.',
      'data.target is missing: which column to predict. Give it in the config (data.target: y) or as --target y.',
    ]);
    expect(await refusal({ file: file('half.yaml', 'data: {path: a.csv}\n') })).toEqual([
      'half.yaml: data.target is missing: which column to predict. Give it in the config (data.target: y) or as --target y.',
    ]);
  });

  it('point to a config that lies there unused', async () => {
    file('conf/bnnc.yaml', 'data: {}\n');
    await expect(resolveConfig({ flags: { data: 'a' }, cwd: join(cwd, 'conf') })).rejects.toThrow(
      "or as target: 'y'. There is a bnnc.yaml here: config: 'bnnc.yaml' reads it.",
    );
  });

  it('tell the faults of all sources at once, also those that are overridden', async () => {
    const name = file('bad.yaml', 'train:\n  seed: x\n');
    expect(await refusal({ file: name, sets: ['train.sed=1'], flags: { ...flags, seed: '1.5' } })).toEqual([
      "bad.yaml:2:9: train.seed: expected a whole number of at least 0, got the text 'x'",
      '      seed: x',
      '            ^',
      "--set train.sed=1: unknown key. Did you mean 'train.seed'?",
      '--seed 1.5: expected a whole number of at least 0, got 1.5',
    ]);
  });

  it('of a file that does not parse say nothing of missing keys', async () => {
    expect(await refusal({ file: file('broken.yaml', 'data: [\n') })).toHaveLength(3);
    expect((await refusal({ file: file('broken.yaml', 'data: [\n') }))[0]).toMatch(/^broken\.yaml:\d+:\d+: Flow sequence/);
  });

  it('of shares that leave nothing to train on point to the last word', async () => {
    const name = file('split.yaml', 'data:\n  split:\n    test: 0.6\n');
    const text = 'leave no rows to train on. Their sum must be below 1.';
    expect(await refusal({ file: name, sets: ['data.split.validation=0.5'], flags })).toEqual([
      `--set data.split.validation=0.5: 0.5 for validation and 0.6 for test ${text}`,
    ]);
    expect(await refusal({ file: file('split2.yaml', 'data:\n  split:\n    validation: 0.9\n'), flags })).toEqual([
      `split2.yaml:3:17: data.split.validation: 0.9 for validation and 0.2 for test ${text}`,
      '        validation: 0.9',
      '                    ^',
    ]);
  });

  it.each([
    ['data.split.testFile=a.csv', 'is data.path itself: the test rows would be training rows'],
    ['data.columns.y.kind=ignore', 'the target cannot be ignored'],
    [
      'data={task: regression, columns: {y: {kind: categorical}}}',
      'data.columns.y.kind: a categorical target cannot be predicted by regression. Leave out this line, or set data.task: auto.',
    ],
  ])('conflict: %s', async (assignment, message) => {
    expect(await refusal({ sets: [assignment], flags })).toEqual([`--set ${assignment}: ${message}`]);
  });

  it('test rows from stdin', async () => {
    expect(await refusal({ sets: ['data.split.testFile="-"'], flags })).toEqual([
      '--set data.split.testFile="-": test rows cannot come from stdin. Only data.path can.',
    ]);
  });
});

describe('parseFullConfig', () => {
  it('reads a complete config as written', () => {
    expect(parseFullConfig('data: {path: /x/a.csv, target: y}\n', 'runs/a/config.yaml').data.path).toBe('/x/a.csv');
  });

  it('refuses one that is not', () => {
    expect(() => parseFullConfig('data: {path: a}\n', 'config.yaml')).toThrow('config.yaml: data.target is missing');
    expect(() => parseFullConfig('data: {pth: a}\n', 'config.yaml')).toThrow("data.pth: unknown key. Did you mean 'path'?");
  });
});

describe('a config as an object', () => {
  it('stands where a file would, with paths from the current folder', async () => {
    const object = { data: { path: 'a.csv', target: 'y' }, train: { seed: 5, epochs: 50 }, model: undefined };
    const { config, origins, baseDir } = await resolveConfig({ object, sets: ['train.epochs=60'], flags: { seed: 7 }, cwd });
    expect(config).toMatchObject({ data: { path: join(cwd, 'a.csv'), target: 'y' }, train: { seed: 7, epochs: 60 } });
    expect(origins).toMatchObject({ 'data.path': 'object', 'train.epochs': 'set', 'train.seed': 'flag', 'model.hidden': 'default' });
    expect(baseDir).toBe(cwd);
    expect(object.train).toEqual({ seed: 5, epochs: 50 });
  });

  it('is checked like a file, all faults at once', async () => {
    const object = { data: { path: 'a.csv', target: 'y', split: { test: 2 } }, train: { epoch: 5 }, mdel: {} } as never;
    expect(await refusal({ object })).toEqual([
      expect.stringMatching(/^data\.split\.test: expected .*, got 2/),
      "train.epoch: unknown key. Did you mean 'train.epochs'?",
      "mdel: unknown key. Did you mean 'model'?",
    ]);
    expect(await refusal({ object: { data: { path: 'a.csv' } } })).toEqual([expect.stringMatching(/^data\.target is missing/)]);
    expect(await refusal({ object: ['a.csv'] as never })).toEqual([expect.stringMatching(/^the config: expected sections .*, got a list/)]);
  });
});
