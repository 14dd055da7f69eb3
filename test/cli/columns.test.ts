import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stream } from '../../src/random.js';
import { bnnc } from './in-process.js';

const cwd = mkdtempSync(join(tmpdir(), 'bnnc-columns-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(cwd, name), content);
  return name;
};

describe('a table of cells that no terminal should see', () => {
  it('is inspected with none of them whole or raw, within 80 columns', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `${i === 0 ? 'x'.repeat(200_000) : 'short'},"a\nb\x1b[31m\t\x07${i % 2}",${i}`);
    const data = file('cells.csv', `${'a long name of a column, '.repeat(4)}book`.split(',').join(' ') + `,odd,y\n${rows.join('\n')}\n`);
    const text = await bnnc(['inspect', data], { cwd });
    expect(text.code).toBe(0);
    // eslint-disable-next-line no-control-regex -- these are what must not be there
    expect(text.stdout).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
    expect(text.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(text.stdout).toContain('a b\\x1b[31m');
    const json = await bnnc(['inspect', data, '--json'], { cwd });
    expect(json.stdout.length).toBeLessThan(3000);
    const { stderr } = await bnnc(['train', '--data', data, '--target', 'odd', '--set', 'data.task=regression'], { cwd });
    expect(stderr.length).toBeLessThan(1000);
  });
});

describe('a table that is written otherwise', () => {
  it('is looked at as --set says', async () => {
    const data = file('latin1.csv', Buffer.from('größe;straße;y\n1,5;süd;0\n2,5;nörd;1\n3,5;süd;0\n4,5;nörd;1\n1,5;süd;0\n', 'latin1'));
    const refused = await bnnc(['init', data, '--target', 'y', '-o', '-'], { cwd });
    expect(refused).toMatchObject({ code: 4, stdout: '' });
    expect(refused.stderr).toContain('latin1.csv:1: this is not a UTF-8 text file');
    expect(refused.stderr).toContain('Set data.encoding: latin1');
    const style = ['--set', 'data.encoding=latin1', '--set', 'data.decimal=,'];
    const config = await bnnc(['init', data, '--target', 'y', '-o', 'latin1.yaml', ...style], { cwd });
    expect(config).toMatchObject({ code: 0, stdout: 'latin1.yaml\n' });
    expect(await bnnc(['validate', '-c', 'latin1.yaml'], { cwd })).toMatchObject({ code: 0 });
    const { stdout } = await bnnc(['inspect', data, ...style], { cwd });
    expect(stdout).toMatch(/^größe +numeric +0 +4 +1\.500 to 4\.500/m);
    expect(stdout).toMatch(/^straße +categorical +0 +2 +süd \(3\), nörd \(2\)$/m);
  });
});

describe('a model of dates, percentages and booleans', () => {
  const day = (n: number): string => new Date(Date.UTC(2023, 0, 1 + n)).toISOString().slice(0, 10);

  beforeAll(async () => {
    const draws = Stream.fromSeed('columns').normals(400);
    const rows = Array.from({ length: 200 }, (_, i) => {
      const [n, share, flag] = [(i * 7) % 400, (i * 37) % 100, i % 3 === 0];
      const y = (flag ? 2 : 0) + share / 20 + n / 200 + 0.2 * draws[i];
      return `${day(n)},${share}%,${flag ? 'TRUE' : 'FALSE'},${['a', 'b', 'c'][i % 3 === 0 ? 0 : i % 2 + 1]},${y.toFixed(3)}`;
    });
    const data = file('mixed.csv', `when,share,flag,group,y\n${rows.join('\n')}\n`);
    const small = ['search.steps=0', 'train.epochs=400', 'train.restarts=1', 'model.hidden=[]', 'inclusion.draws=4'].flatMap((key) => ['--set', key]);
    expect(await bnnc(['train', '--data', data, '--target', 'y', '-o', 'run', ...small], { cwd })).toMatchObject({ code: 0 });
    expect(await bnnc(['prune', 'run', '-o', 'small', '--format', 'json,js', '--threshold', '0.1'], { cwd })).toMatchObject({ code: 0 });
  });

  it('predicts the same from a new table, its export and the module, however booleans are written', async () => {
    const cells = ['TRUE', 'true', 'yes', 'Y', '1', 'FALSE', 'No', 'f'].map((flag, i) => ({ when: day(40 * i), share: '50.0 %', flag, group: 'a' }));
    const data = file('new.csv', `when,share,flag,group\n${cells.map((row) => Object.values(row).join(',')).join('\n')}\n`);
    const { stdout, stderr } = await bnnc(['predict', 'small', data], { cwd });
    expect(stderr).toBe('');
    const module: unknown = await import(pathToFileURL(join(cwd, 'small', 'model.mjs')).href);
    const { predict } = module as { predict(row: object): { prediction: number } };
    const predicted = stdout.trim().split('\n').slice(1).map(Number);
    predicted.forEach((value, i) => expect(predict(cells[i]).prediction).toBeCloseTo(value, 3));
    predicted.forEach((value, i) => expect(Math.abs(value - ((i < 5 ? 2 : 0) + 2.5 + (40 * i) / 200))).toBeLessThan(0.5));
  });

  it('is told of a level that first appears in row 8,001', async () => {
    const rows = Array.from({ length: 8200 }, (_, i) => `${day(i % 400)},${i % 100}%,true,${i >= 8000 && i % 2 === 0 ? 'z' : 'b'}`);
    const data = file('long.csv', `when,share,flag,group\n${rows.join('\n')}\n`);
    const { stdout, stderr, code } = await bnnc(['predict', 'run', data, '--draws', '4'], { cwd });
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(8201);
    expect(stderr).toContain("column 'group': 100 rows have a value that no training row has (first 'z' in line 8002)");
  });

  it('names the line of a cell that is none of these', async () => {
    const data = file('bad.csv', 'when,share,flag,group\n2023-02-01,5%,true,a\n2023-02-01,5,true,a\n');
    expect(await bnnc(['predict', 'small', data], { cwd })).toMatchObject({ code: 4 });
    expect((await bnnc(['predict', 'small', data], { cwd })).stderr).toContain("bad.csv:3: column 'share': '5' is not a percentage");
  });
});
