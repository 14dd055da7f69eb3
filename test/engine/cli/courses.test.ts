/** Trainings that take another course: interrupted, warm, at a chosen temperature, with other divisions, targets and tables. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FEW, Folder, tableOf, width } from '../../helpers/in-process.js';

const folder = new Folder();
const DATA = ['--data', 'data.csv', '--target', 'y', '--ignore', 'won', '--ignore', 'rank', '--ignore', 'g'];
const SETS = [...FEW, '--set', 'train.epochs=60', '--set', 'train.reference=false', '--jobs', '1'];

beforeAll(() => {
  folder.write('data.csv', tableOf(90));
  folder.write('test.csv', tableOf(40, 'test'));
});
afterAll(() => folder.remove());

interface Manifest { files: Record<string, unknown> }
const files = (run: string): Manifest['files'] => (JSON.parse(folder.read(`${run}/manifest.json`)) as Manifest).files;
interface Metrics {
  temperature?: { chosen: number; tried: { temperature: number; nll: number }[] };
  full: { splits: Record<string, { rows: number }> };
}
const metrics = (run: string): Metrics => JSON.parse(folder.read(`${run}/metrics.json`)) as Metrics;

describe('an interrupted training', () => {
  const args = ['train', ...DATA, ...SETS, '--set', 'train.epochs=1200', '--set', 'train.restarts=2'];

  it('ends with 130 and a checkpoint, from which it goes on to the same files', async () => {
    const begun = (): boolean => existsSync(join(folder.path, 'cut/config.yaml'));
    const { code, stdout, stderr } = await folder.call([...args, '-o', 'cut'], { interrupt: begun });
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toMatch(/interrupted; a checkpoint is saved\. Continue with: bnnc train --resume cut\n$/);
    expect((await folder.call(['runs', '.'])).stderr).toMatch(/bnnc train --resume (\.\/)?cut goes on with/);
    expect(await folder.call(['select-features', 'cut'])).toMatchObject({ code: 6, stdout: '' });
    const again = await folder.call([...args, '-o', 'cut']);
    expect(again.code).toBe(6);
    expect(again.stderr).toMatch(/^cut: an interrupted run exists here\. Continue it: bnnc train --resume cut/);
    expect(await folder.text('train', '--resume', 'cut', '--jobs', '1', '-q')).toBe('cut\n');
    await folder.text(...args, '-o', 'whole', '-q');
    expect(files('cut')).toEqual(files('whole'));
  });

  it('replaces a run only by a whole one', async () => {
    await folder.text('train', ...DATA, ...SETS, '-o', 'old', '-q');
    const before = folder.read('old/manifest.json');
    const refused = await folder.call(['train', '--data', 'data.csv', '--target', 'none', ...SETS, '-o', 'old', '--force']);
    expect(refused.code).not.toBe(0);
    expect(folder.read('old/manifest.json')).toBe(before);
    await folder.text('train', ...DATA, ...SETS, '-o', 'old', '--force', '--seed', '3', '-q');
    expect(folder.read('old/manifest.json')).not.toBe(before);
  });
});

describe('a training', () => {
  it('begins where another has ended, and says what is new to it', async () => {
    await folder.text('train', ...DATA, ...SETS, '-o', 'first', '-q');
    const { code, stderr } = await folder.call(
      ['train', '--data', 'data.csv', '--target', 'y', '--ignore', 'won', '--ignore', 'rank', ...SETS, '--warm', 'first', '-o', 'warm']);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("New to it: 'g=");
    const other = await folder.call(['train', '--data', 'data.csv', '--target', 'won', ...SETS, '--warm', 'first', '-o', 'never']);
    expect(other.code).not.toBe(0);
    expect(existsSync(join(folder.path, 'never'))).toBe(false);
  });

  it('chooses a temperature by the likelihood of rows left out', async () => {
    const args = ['train', '--data', 'data.csv', '--target', 'won', '--ignore', 'y', '--ignore', 'rank', ...SETS];
    await folder.text(...args, '--set', 'train.temperature=auto', '-o', 'auto', '-q');
    const { chosen, tried } = metrics('auto').temperature!;
    expect(tried.map(({ temperature }) => temperature)).toEqual([1, 0.1, 0.03]);
    expect(chosen).toBe(tried.reduce((least, each) => (each.nll < least.nll ? each : least)).temperature);
    await folder.text(...args, '--set', `train.temperature=${chosen}`, '-o', 'fixed', '-q');
    const { temperature, ...others } = metrics('auto');
    expect(temperature).toBeDefined();
    expect(metrics('fixed')).toEqual(others);
    expect(await folder.text('inspect', 'auto')).toContain(`temperature ${chosen}, by the NLL in cross-validation`);
  });

  it('measures on rows of another file', async () => {
    await folder.text('train', ...DATA, ...SETS, '--test', 'test.csv', '-o', 'tested', '-q');
    expect(metrics('tested').full.splits.test.rows).toBe(40);
    expect(await folder.text('inspect', 'tested')).toMatch(/^test rows +.*test\.csv, 40 rows/m);
    const own = await folder.json<{ metrics: object }>('evaluate', 'tested', 'test.csv');
    expect(own.metrics).toMatchObject({ rows: 40 });
  });

  it.each<[string, string, string[]]>([
    ['a count', 'count', []], ['a time, censored', 'time', ['--set', 'data.event=seen']],
    ['ordered classes', 'rank', ['--set', 'data.columns={"rank": {"kind": "ordinal", "levels": ["low", "mid", "high"]}}', '--set', 'data.task=ordinal']],
    ['heavy tails', 'y', ['--set', 'data.noise=student']], ['noise that varies', 'y', ['--set', 'data.noise=varying']],
    ['a logarithm', 'time', ['--set', 'data.transform=log']],
  ])('of %s is pruned to a model with the same predictions as its exported module', async (name, target, sets) => {
    const draw = parse<Record<string, string>>(tableOf(90), { columns: true });
    const rows = draw.map(({ x1, x2, x3, y, rank }, n) => [
      x1, x2, x3, y, rank, Math.max(0, Math.round(3 + 2 * Number(y))), Math.exp(0.5 * Number(y)).toFixed(4), n % 5 === 0 ? 0 : 1,
    ].join(','));
    folder.write('kinds.csv', `x1,x2,x3,y,rank,count,time,seen\n${rows.join('\n')}\n`);
    const others = ['y', 'rank', 'count', 'time', 'seen'].filter((each) => each !== target && !sets.join().includes(`event=${each}`));
    const out = name.replaceAll(/\W+/g, '-');
    const { code, stderr } = await folder.call(
      ['train', '--data', 'kinds.csv', '--target', target, ...others.flatMap((name) => ['--ignore', name]), ...SETS, ...sets, '-o', out]);
    expect(code, stderr).toBe(0);
    await folder.text('prune', out, '-o', `${out}/small`, '--format', 'json,js', '-q');
    const csv = await folder.text('predict', `${out}/small`, 'kinds.csv', '-q');
    const { predict } = await import(/* @vite-ignore */ `file://${join(folder.path, out, 'small/model.mjs')}`) as
      { predict(row: object): { prediction?: number; probabilities?: Record<string, number> } };
    const source = parse<Record<string, string>>(folder.read('kinds.csv'), { columns: true });
    parse<Record<string, string>>(csv, { columns: true }).forEach((row, n) => {
      const { x1, x2, x3 } = source[n];
      const own = predict({ x1: Number(x1), x2: Number(x2), x3: Number(x3) });
      const [first] = Object.values(row);
      if (own.prediction !== undefined) expect(own.prediction / Number(first)).toBeCloseTo(1, 3);
      else expect(['low', 'mid', 'high']).toContain(first);
    });
    expect(width((await folder.text('inspect', `${out}/small`)))).toBeLessThanOrEqual(80);
    await folder.text('report', out);
    expect(folder.read(`${out}/report.html`)).toContain(target);
  });
});

describe('division of rows', () => {
  it('keeps groups together, and leaves the latest rows for the test', async () => {
    const source = parse<Record<string, string>>(tableOf(90), { columns: true });
    folder.write('sites.csv', `x1,x2,site,day,y\n${source.map(({ x1, x2, y }, n) =>
      [x1, x2, `s${n % 15}`, `2024-${String(1 + Math.floor(n / 28)).padStart(2, '0')}-${String(1 + (n % 28)).padStart(2, '0')}`, y].join(',')).join('\n')}\n`);
    const plan = (set: string) => folder.json<{ rows: { test: number }; division: object }>(
      'train', '--data', 'sites.csv', '--target', 'y', ...SETS, '--set', set, '--dry-run');
    const [grouped, timed] = [await plan('data.split.group=site'), await plan('data.split.time=day')];
    expect(grouped.rows.test % 6).toBe(0);
    expect(JSON.stringify(grouped.division)).toContain('site');
    expect(JSON.stringify(timed.division)).toContain('day');
    const text = await folder.text('train', '--data', 'sites.csv', '--target', 'y', ...SETS, '--set', 'data.split.group=site', '--dry-run');
    expect(text).toMatch(/^division +\S.*site/m);
    const cv = await folder.text('cv', '--data', 'sites.csv', '--target', 'y', ...SETS, '--folds', '3', '--set', 'data.split.group=site');
    expect(width(cv)).toBeLessThanOrEqual(80);
  });
});

describe('doctor', () => {
  it('says which engine runs, and what it depends on', async () => {
    const { engine, checks } = await folder.json<{ engine: { name: string }; checks: { name: string; finding: string }[] }>('doctor');
    const [short, long] = [await folder.text('doctor'), await folder.text('doctor', '--verbose')];
    expect(short).toMatch(new RegExp(`^engine +${engine.name}`, 'm'));
    for (const { name } of checks) {
      expect(long).toContain(`\n${name.padEnd(name.length)}  `);
      expect(short).not.toMatch(new RegExp(`^${name}  `, 'm'));
    }
  });
});
