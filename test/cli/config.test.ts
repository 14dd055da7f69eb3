import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bnnc } from './in-process.js';
import { bash, ROOT, temporaryFolder } from './program.js';

const COMMITTED_SCHEMA = readFileSync(join(ROOT, 'configs', 'bnnc.schema.json'), 'utf8');
const HEADER = 'size,colour,empty,kind';
const ROW = (i: number): string => `${i % 7 === 0 ? '' : i / 2},${['red', 'green', 'blue'][i % 3]},,${i % 2 ? 'yes' : 'no'}`;
const TABLE = `${[HEADER, ...Array.from({ length: 40 }, (_, i) => ROW(i))].join('\n')}\n`;

/** A folder with data.csv and, if given, bnnc.yaml. */
function folder(config?: string): string {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'data.csv'), TABLE);
  if (config !== undefined) writeFileSync(join(cwd, 'bnnc.yaml'), config);
  return cwd;
}

describe('bnnc init', () => {
  it('writes a config that validate accepts, with the schema beside it', async () => {
    const cwd = folder();
    const init = await bnnc(['init', 'data.csv', '--target', 'kind'], { cwd });
    expect(init).toEqual({
      code: 0,
      stdout: 'bnnc.yaml\n',
      stderr: "data.csv: 40 rows, 1 numeric and 1 categorical inputs, 1 left out; binary target 'kind'\n",
    });
    const yaml = readFileSync(join(cwd, 'bnnc.yaml'), 'utf8');
    expect(yaml).toContain('# yaml-language-server: $schema=./bnnc.schema.json\n');
    expect(yaml).toContain('  task: auto # here: binary (no, yes)\n');
    expect(yaml).toContain('    size: {kind: numeric} # 0.5 to 19.5; 6 missing\n');
    expect(yaml).toContain('    colour: {kind: categorical} # 3 levels: red, green, blue\n');
    expect(yaml).toContain('    empty: {kind: ignore} # no value in any row\n');
    expect(readFileSync(join(cwd, 'bnnc.schema.json'), 'utf8')).toBe(COMMITTED_SCHEMA);

    const check = await bnnc(['validate', '-c', 'bnnc.yaml'], { cwd });
    expect(check.code).toBe(0);
    expect(check.stdout).toBe(
      "ok: data.csv: 40 rows (28 train, 4 validation, 8 test), 2 inputs (5 encoded columns), binary target 'kind' (no, yes)\n",
    );
  });

  it('leaves out what is constant and points to what counts the rows', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${40 - i},${1.5 * i},7,EU,${i % 10},${i % 2 ? 'no' : 'yes'}\n`);
    const cwd = folder();
    writeFileSync(join(cwd, 'data.csv'), `id,size,factor,zone,digit,kind\n${rows.join('')}`);
    const { stdout, stderr } = await bnnc(['init', 'data.csv', '--target', 'kind', '-o', '-'], { cwd });
    expect(stderr).toContain('3 numeric and 0 categorical inputs, 2 left out');
    expect(stdout).toContain('    id: {kind: numeric} # 1 to 40; all different, perhaps a running number: {kind: ignore} leaves it out\n');
    expect(stdout).toContain('    size: {kind: numeric} # 0 to 58.5\n');
    for (const name of ['factor', 'zone']) expect(stdout).toContain(`    ${name}: {kind: ignore} # the same in every row\n`);
    expect(stdout).toContain('    digit: {kind: numeric} # 0 to 9\n');
  });

  it('refuses to overwrite without --force', async () => {
    const cwd = folder('mine: 1\n');
    const refused = await bnnc(['init', 'data.csv', '--target', 'kind'], { cwd });
    expect(refused).toEqual({
      code: 2,
      stdout: '',
      stderr: 'bnnc.yaml: the file exists already. Replace it with --force, or name another file with --out.\n',
    });
    expect(readFileSync(join(cwd, 'bnnc.yaml'), 'utf8')).toBe('mine: 1\n');
    expect((await bnnc(['init', 'data.csv', '--target', 'kind', '--force'], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, 'bnnc.yaml'), 'utf8')).toContain('target: kind');
  });

  it('writes to stdout, and paths relative to where the config goes', async () => {
    const cwd = folder();
    const out = await bnnc(['init', 'data.csv', '--target', 'kind', '-o', '-', '--quiet'], { cwd });
    expect(out.stderr).toBe('');
    expect(out.stdout).toContain('\n  path: data.csv\n');
    expect(existsSync(join(cwd, 'bnnc.schema.json'))).toBe(false);

    mkdirSync(join(cwd, 'conf'));
    await bnnc(['init', 'data.csv', '--target', 'kind', '-o', 'conf/a.yaml'], { cwd });
    expect(readFileSync(join(cwd, 'conf', 'a.yaml'), 'utf8')).toContain('\n  path: ../data.csv\n');
    expect((await bnnc(['validate', '-c', 'conf/a.yaml'], { cwd })).code).toBe(0);
  });

  it('writes JSON when asked by the name', async () => {
    const cwd = folder();
    await bnnc(['init', 'data.csv', '--target', 'kind', '-o', 'a.json'], { cwd });
    const config = JSON.parse(readFileSync(join(cwd, 'a.json'), 'utf8')) as Record<string, unknown>;
    expect(config).toMatchObject({ $schema: './bnnc.schema.json', data: { path: 'data.csv', target: 'kind' } });
    expect((await bnnc(['validate', '-c', 'a.json'], { cwd })).code).toBe(0);
  });

  it('leaves a file alone that only has the name of the schema', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'bnnc.schema.json'), '{}');
    const { code, stderr } = await bnnc(['init', 'data.csv', '--target', 'kind'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toContain('is not the schema of this program and stays as it is');
    expect(readFileSync(join(cwd, 'bnnc.schema.json'), 'utf8')).toBe('{}');
  });

  it('reads stdin', async () => {
    const { code, stdout } = await bnnc(['init', '-', '--target', 'kind', '-o', '-'], { cwd: folder(), input: TABLE });
    expect(code).toBe(0);
    expect(stdout).toContain("\n  path: '-'\n");
  });

  it('leaves nothing behind when the target is unknown', async () => {
    const cwd = folder();
    const { code, stderr } = await bnnc(['init', 'data.csv', '--target', 'knd'], { cwd });
    expect(code).toBe(4);
    expect(stderr).toContain("Did you mean 'kind'?");
    expect(existsSync(join(cwd, 'bnnc.yaml'))).toBe(false);
  });
});

describe('bnnc validate', () => {
  const ignoring = 'columns: {empty: {kind: ignore}}';

  it('tells every problem of the config at once, with exit code 3', async () => {
    const cwd = folder('data:\n  path: data.csv\n  target: kind\nmodel:\n  hidden: [8]\n  activaton: tanh\ntrain: {epochs: 0}\n');
    const { code, stdout, stderr } = await bnnc(['validate', '-c', 'bnnc.yaml', '--set', 'train.sed=1'], { cwd });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain("bnnc.yaml:6:3: model.activaton: unknown key. Did you mean 'activation'?\n");
    expect(stderr).toContain('\n      activaton: tanh\n      ^\n');
    expect(stderr).toContain("bnnc.yaml:7:17: train.epochs: expected 'auto' or a whole number of at least 1, got 0\n");
    expect(stderr).toContain("--set train.sed=1: unknown key. Did you mean 'train.seed'?\n");
  });

  it('prints the resolved config and where each value came from', async () => {
    const cwd = folder(`data: {path: data.csv, ${ignoring}}\ntrain: {epochs: 9}\n`);
    const args = ['validate', '-c', 'bnnc.yaml', '--target', 'kind', '--set', 'model.hidden=[4]', '--print'];
    const { code, stdout } = await bnnc(args, { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('  target: kind # flag\n');
    expect(stdout).toContain('  epochs: 9 # bnnc.yaml\n');
    expect(stdout).toContain('  hidden: [4] # --set\n');
    expect(stdout).toContain('  seed: 1 # default\n');
    writeFileSync(join(cwd, 'printed.yaml'), stdout);
    expect((await bnnc(['validate', '-c', 'printed.yaml'], { cwd })).code).toBe(0);
  });

  it('checks the data, too, with exit code 4', async () => {
    const cwd = folder(`data: {path: data.csv, target: kind, ${ignoring}}\n`);
    const missing = await bnnc(['validate', '-c', 'bnnc.yaml', '--data', 'dta.csv'], { cwd });
    expect(missing.code).toBe(4);
    expect(missing.stderr).toMatch(/dta\.csv: no such file\. Did you mean '.*data\.csv'\?/);

    writeFileSync(join(cwd, 'test.csv'), `${HEADER}\n1,red,,maybe\n`);
    const test = await bnnc(['validate', '-c', 'bnnc.yaml', '--set', 'data.split.testFile=test.csv'], { cwd });
    expect(test.code).toBe(4);
    expect(test.stderr).toContain("test.csv:2: column 'kind': 'maybe' is not one of the classes 'no', 'yes'");
  });

  it('reads the data from stdin', async () => {
    const cwd = folder(`data: {path: nowhere.csv, target: kind, ${ignoring}}\n`);
    const { code, stdout } = await bash('cat data.csv | bnnc validate -c bnnc.yaml --data -', { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok: <stdin>: 40 rows/);
  });

  it('says how to name data and target', async () => {
    const { code, stderr } = await bnnc(['validate'], { cwd: temporaryFolder() });
    expect(code).toBe(3);
    expect(stderr).toContain('Give it in the config (data.path: data.csv) or as --data data.csv.');
    expect(stderr).toContain('Give it in the config (data.target: y) or as --target y.');
  });
});

describe('bnnc schema', () => {
  it('prints the committed JSON Schema', async () => {
    const { code, stdout } = await bnnc(['schema']);
    expect(code).toBe(0);
    expect(stdout).toBe(COMMITTED_SCHEMA);
  });
});
