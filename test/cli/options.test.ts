import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stream } from '../../src/random.js';
import { bnnc } from './in-process.js';

const cwd = mkdtempSync(join(tmpdir(), 'bnnc-options-'));
const read = (path: string): string => readFileSync(join(cwd, path), 'utf8');
const table = (rows: number, seed: string): string => {
  const draws = Stream.fromSeed(seed).normals(3 * rows);
  return `a,b,c.d,y\n${Array.from({ length: rows }, (_, i) => [...draws.subarray(3 * i, 3 * i + 3), draws[3 * i]].join(',')).join('\n')}\n`;
};
const SHORT = ['search.steps=0', 'train.epochs=100', 'train.restarts=1', 'inclusion.draws=4'].flatMap((key) => ['--set', key]);

beforeAll(() => {
  writeFileSync(join(cwd, 'data.csv'), table(60, 'data'));
  writeFileSync(join(cwd, 'test.csv'), table(30, 'test'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe('options that stand for keys of the config', () => {
  it('leave columns out, name test rows and give the hidden layers', async () => {
    const args = ['--data', 'data.csv', '--target', 'y', '--ignore', 'b', '--ignore', 'c.d', '--test', 'test.csv', '--hidden', '5,3'];
    const { code } = await bnnc(['train', ...args, ...SHORT, '-o', 'run'], { cwd });
    expect(code).toBe(0);
    const config = read('run/config.yaml');
    expect(config).toMatch(/^ {4}b: \{kind: ignore\}$/m);
    expect(config).toMatch(/^ {4}c\.d: \{kind: ignore\}$/m);
    expect(config).toMatch(/^ {4}testFile: .*test\.csv$/m);
    expect(config).toMatch(/^ {2}hidden: \[5, 3\]/m);
    expect(read('run/inclusion/inputs.csv').trim().split('\n')).toHaveLength(2);
    const { stdout } = await bnnc(['validate', ...args, '--print'], { cwd });
    expect(stdout).toMatch(/hidden: \[5, 3\] # flag/);
  });

  it('are told by name when something is wrong with them', async () => {
    const given = ['validate', '--data', 'data.csv', '--target', 'y'];
    for (const [args, message] of [
      [['--hidden', '8,x'], "option '--hidden <n,...>' argument '8,x' is invalid. It must be whole numbers from 1 to 65536, such as 32,16, or 'none'."],
      [['--ignore', 'bb'], "data.csv:1: there is no column 'bb', which data.columns names. Did you mean 'b'?"],
      [['--ignore', 'y'], '--ignore y: the target cannot be ignored'],
      [['--test', 'nowhere.csv'], 'data.split.testFile: no such file'],
    ] as const) {
      const { code, stderr } = await bnnc([...given, ...args], { cwd });
      expect(code).toBeGreaterThan(1);
      expect(stderr).toContain(message);
    }
    expect(await bnnc([...given, '--hidden', 'none'], { cwd })).toMatchObject({ code: 0 });
  });
});

describe('a log', () => {
  it('has all that is said, quiet or not, with its time', async () => {
    const args = ['train', '--data', 'data.csv', '--target', 'y', ...SHORT, '-q', '--log-file', 'log.txt'];
    const { code, stderr } = await bnnc([...args, '-o', 'logged'], { cwd });
    expect(code).toBe(0);
    const failed = await bnnc([...args, '-o', 'logged'], { cwd });
    expect(failed.code).toBe(6);
    const lines = read('log.txt').trim().split('\n').map((line) => /^\d{4}-\d\d-\d\dT[\d:.]+Z (\w+) (.*)$/.exec(line)!.slice(1));
    const start = `bnnc ${args.join(' ')} -o logged`;
    expect(lines[0]).toEqual(['start', start]);
    expect(lines.filter(([level]) => level === 'end').map(([, text]) => text)).toEqual(['exit code 0', 'exit code 6']);
    expect(lines.some(([level, text]) => level === 'note' && text.includes('steps are probably too few'))).toBe(true);
    expect(lines.filter(([level]) => level === 'error').map(([, text]) => text).join('\n')).toBe(failed.stderr.trim());
    expect(stderr).not.toContain('too few');
  });

  it('is never written into another file', async () => {
    const { code, stderr } = await bnnc(['train', '--data', 'data.csv', '--target', 'y', '--log-file', 'test.csv'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toBe('test.csv: this file is no log, and stays as it is. Name another file with --log-file.\n');
    expect(read('test.csv')).toBe(table(30, 'test'));
    expect(existsSync(join(cwd, 'runs'))).toBe(false);
  });
});

describe('results with --json', () => {
  it('are one document of a command, and one of each row of predict', async () => {
    const json = async (...args: string[]): Promise<unknown> => {
      const { code, stdout } = await bnnc([...args, '--json', '-q'], { cwd });
      expect(code).toBe(0);
      return JSON.parse(stdout);
    };
    const source = ['--data', 'data.csv', '--target', 'y'];
    expect(await json('validate', ...source)).toMatchObject({ rows: 60, inputs: 3, splits: { train: 42 }, target: { name: 'y' } });
    expect(await json('init', 'data.csv', '--target', 'y', '-o', 'new.yaml')).toMatchObject({ config: 'new.yaml', data: 'data.csv', target: 'y' });
    expect(existsSync(join(cwd, 'new.yaml'))).toBe(true);
    expect((await bnnc(['train', ...source, ...SHORT, '-o', 'json', '-q'], { cwd })).code).toBe(0);
    expect(await json('report', 'json')).toEqual({ schemaVersion: 1, run: 'json', report: 'json/report.html' });

    const lines = async (...args: string[]): Promise<number[]> => {
      const { code, stdout } = await bnnc(['predict', 'json', 'data.csv', ...args], { cwd });
      expect(code).toBe(0);
      const rows = stdout.trimEnd().split('\n');
      return args.length > 0 ? rows.map((row) => (JSON.parse(row) as { value: number }).value) : rows.slice(1).map(Number);
    };
    expect(await lines('--json')).toEqual(await lines());
  });

  it('keep whole documents before a row that cannot be predicted, and tell it in one more', async () => {
    const rows = Array.from({ length: 2500 }, (_, n) => `${n === 2400 ? 'x' : 1},2,3`);
    writeFileSync(join(cwd, 'broken.csv'), `a,b,c.d\n${rows.join('\n')}\n`);
    const { code, stdout } = await bnnc(['predict', 'json', 'broken.csv', '--json'], { cwd });
    const documents = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as object);
    expect(code).toBe(4);
    expect(documents.at(-1)).toMatchObject({ error: { code: 'data.not-a-number', where: { file: 'broken.csv', line: 2402 } } });
    expect(documents.slice(0, -1).every((document) => 'value' in document)).toBe(true);
    expect((await bnnc(['validate', '--print', '--json', '--data', 'data.csv', '--target', 'y'], { cwd })).code).toBe(2);
    expect((await bnnc(['nonsense', '--json'], { cwd })).stdout).toMatch(/^\{"error":.*unknown command 'nonsense'"\}\}\n$/);
  });
});

describe('failures with --json', () => {
  const fault = async (...args: string[]): Promise<{ code: number | null; document: unknown; stderr: string }> => {
    const { code, stdout, stderr } = await bnnc(args, { cwd });
    return { code, document: JSON.parse(stdout) as unknown, stderr };
  };

  it('are documents on stdout, and text on stderr', async () => {
    expect(await fault('inspect', 'dat.csv', '--json')).toEqual({
      code: 4, stderr: "dat.csv: no such file. Did you mean 'data.csv'?\n",
      document: { error: { code: 'data.missing-file', message: 'no such file', hint: "Did you mean 'data.csv'?", where: { file: 'dat.csv' } } },
    });
    writeFileSync(join(cwd, 'bad.yaml'), 'data: {path: data.csv, target: y}\nmodel:\n  hiden: [3]\ntrain:\n  restarts: many\n');
    expect(await fault('cv', '-c', 'bad.yaml', '--json')).toMatchObject({
      code: 3,
      document: {
        error: { code: 'config.unknown-key', hint: "Did you mean 'hidden'?", where: { file: 'bad.yaml', line: 3, column: 3 } },
        errors: [{ where: { line: 3 } }, { code: 'config.unknown-value', where: { line: 5 } }],
      },
    });
    expect(await fault('train', '--json', '--data', 'data.csv')).toMatchObject({ code: 3, document: { error: { code: 'config.missing-key' } } });
    expect(await fault('train', '--json', '--no-such-option')).toMatchObject({
      code: 2, document: { error: { code: 'usage.arguments', message: "unknown option '--no-such-option'" } },
    });
  });

  it('are text alone without it', async () => {
    expect(await bnnc(['inspect', 'dat.csv'], { cwd })).toMatchObject({ code: 4, stdout: '' });
  });
});
