/** The commands that learn from a table, in the test's own process: alone, in parts and in their several forms. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FEW, Folder, tableOf, width } from '../../helpers/in-process.js';

const folder = new Folder();
const DATA = ['--data', 'data.csv', '--target', 'y', '--ignore', 'won', '--ignore', 'rank', '--ignore', 'g'];
const SETS = [...FEW, '--set', 'train.epochs=60'];
const ONE = ['--jobs', '1'];

beforeAll(() => folder.write('data.csv', tableOf(90)));
afterAll(() => folder.remove());

interface Manifest { files: Record<string, unknown> }
const files = (run: string): Manifest['files'] => (JSON.parse(folder.read(`${run}/manifest.json`)) as Manifest).files;

describe('train', () => {
  it('tells with --dry-run what it would do', async () => {
    const plan = await folder.json<Record<string, unknown>>('train', ...DATA, ...SETS, '--dry-run');
    const text = await folder.text('train', ...DATA, ...SETS, '--dry-run');
    expect(plan).toMatchObject({ rows: { train: 63, validation: 9, test: 18 }, widths: [3, 4, 1], inputs: 3, columns: 3 });
    expect(text).toMatch(/63 training, 9 validation, 18 test rows/);
    expect(text).toMatch(new RegExp(`^network +3-4-1, ${String(plan.parameters)} parameters$`, 'm'));
    expect(width(text)).toBeLessThanOrEqual(80);
    expect(await folder.text('train', ...DATA, '--dry-run', ...ONE)).toMatch(/^search +up to [\d,]+ steps a chain/m);
    expect(existsSync(join(folder.path, 'runs'))).toBe(false);
  });

  it('adds restarts, as if they had been there from the beginning', async () => {
    await folder.text('train', ...DATA, ...SETS, ...ONE, '-o', 'grown', '-q');
    await folder.text('train', ...DATA, ...SETS, '--set', 'train.restarts=2', ...ONE, '-o', 'whole', '-q');
    const { code, stderr } = await folder.call(['train', '--add-restarts', '1', 'grown', ...ONE]);
    expect(code, stderr).toBe(0);
    expect(files('grown')).toEqual(files('whole'));
  });

  it('searches structures, with a bar on a terminal and a log beside it', async () => {
    const args = ['train', ...DATA, ...SETS, '--set', 'search.steps=200', ...ONE, '-o', 'searched', '--log-file', 'log.txt'];
    const { code, stdout, stderr } = await folder.call(args, { terminal: true, env: { FORCE_COLOR: '1' } });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'searched\n' });
    expect(stderr).toContain('█');
    const log = folder.read('log.txt').trimEnd().split('\n').map((line) => line.slice(line.indexOf(' ') + 1));
    expect(log[0]).toMatch(/^start bnnc train --data data\.csv/);
    expect(log.at(-1)).toBe('end exit code 0');
    const inspected = await folder.text('inspect', 'searched');
    expect(inspected).toMatch(/^input +PIP +verdict +over chains$/m);
    const ensemble = await folder.call(['prune', 'searched', '--ensemble', '3', '--linear', 'false', '-o', 'few']);
    const pruned = await folder.json<{ path: string }>('prune', 'searched');
    expect(ensemble.stderr).toMatch(/^exported: the average of 3 structures of the search, whose share is 0\.\d+ of\s/m);
    expect(pruned.path).toBe('searched/pruned');
  });

  it.each([
    ['a target that is not there', ['--data', 'data.csv', '--target', 'z'], 4],
    ['--resume with other settings', ['--resume', 'whole', '--seed', '3'], 2],
    ['--resume of a complete run', ['--resume', 'whole'], 6],
    ['a run that is there', [...DATA, ...ONE, '-o', 'whole'], 6],
    ['an empty name', [...DATA, '-o', ''], 2],
    ['an unknown key', [...DATA, '--set', 'train.epoch=2'], 3],
    ['no data', ['--target', 'y'], 3],
  ])('refuses %s, in words and as a document', async (_, args, code) => {
    const words = await folder.call(['train', ...args]);
    expect(words).toMatchObject({ code, stdout: '' });
    const { code: same, stdout } = await folder.call(['train', ...args, '--json']);
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
    expect(same).toBe(code);
    expect(words.stderr).toContain(error.message.split("'")[0]);
  });
});

describe('cv', () => {
  it('prints tables of what the document has, and writes it', async () => {
    const args = ['cv', ...DATA, ...SETS, '--folds', '3', ...ONE];
    const { code, stdout } = await folder.call([...args, '-o', 'cv.json']);
    const document = JSON.parse(folder.read('cv.json')) as {
      inputs: { input: string; pip: number }[]; models: Record<string, { pooled: { rmse: number; rows: number } }>;
    };
    expect(code).toBe(0);
    expect(width(stdout)).toBeLessThanOrEqual(80);
    expect(document.models.full.pooled.rows).toBe(90);
    expect(document.models.full.pooled.rmse).toBeLessThan(document.models.baseline.pooled.rmse);
    for (const { input, pip } of document.inputs) expect(stdout).toMatch(new RegExp(`^${input} .* ${pip.toFixed(2)} `, 'm'));
    expect(JSON.parse(await folder.text(...args, '--json', '-q'))).toMatchObject({ inputs: document.inputs });
    expect(await folder.call([...args, '-o', 'data.csv'])).toMatchObject({ code: 2, stdout: '' });
  });

  it('in parts is what it is alone', async () => {
    const alone = JSON.parse(await folder.text('cv', ...DATA, ...SETS, '--folds', '2', ...ONE, '-o', '-')) as { models: object };
    const planned = await folder.call(['plan', 'cv', ...DATA, ...SETS, '--folds', '2', '-o', 'plan.jsonl']);
    expect(planned).toMatchObject({ code: 0, stdout: 'plan.jsonl\n' });
    expect(planned.stderr).toMatch(/^\d+ units: \d+ of fold/);
    const early = await folder.call(['merge', 'plan.jsonl', 'parts']);
    expect(early).toMatchObject({ code: 6, stdout: '' });
    const half = await folder.call(['work', 'plan.jsonl', '--shard', '1/2', ...ONE, '-o', 'parts']);
    expect(half).toMatchObject({ code: 0, stdout: 'parts\n' });
    expect(half.stderr).toMatch(/^shard 1 of 2: \d results? written, 0 read$/m);
    const rest = await folder.json<{ waiting: string[] }>('work', 'plan.jsonl', '--shard', '2/2', ...ONE, '-o', 'parts');
    expect(rest.waiting).toEqual([]);
    expect(JSON.parse(await folder.text('merge', 'plan.jsonl', 'parts', '-o', '-'))).toMatchObject({ models: alone.models });
    expect(await folder.text('merge', 'plan.jsonl', 'parts', '-o', 'merged.json')).toMatch(/^mean over folds/m);
    expect(JSON.parse(folder.read('merged.json'))).toMatchObject({ models: alone.models });
    expect(await folder.call(['merge', 'plan.jsonl', 'parts', '-o', 'plan.jsonl'])).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('train, calibrate and knockoffs in parts', () => {
  const done = async (...job: string[]): Promise<void> => {
    await folder.text('plan', ...job, '-o', `${job[0]}.jsonl`);
    await folder.text('work', `${job[0]}.jsonl`, ...ONE, '-o', `parts-${job[0]}`, '-q');
  };

  it('a training has the files of the one that was made alone', async () => {
    await done('train', ...DATA, ...SETS);
    const merged = await folder.json<{ path: string }>('merge', 'train.jsonl', 'parts-train', '-o', 'merged');
    await folder.text('train', ...DATA, ...SETS, ...ONE, '-o', 'alone', '-q');
    expect(merged.path).toBe('merged');
    expect(files('merged')).toEqual(files('alone'));
  });

  it('calibrations have the tables of the one that was made alone', async () => {
    const args = [...DATA, ...SETS, '--sets', '2', '--seed', '4'];
    const alone = await folder.json<{ tables: object[]; reliability: { inputs: number } }>('calibrate', ...args, ...ONE);
    expect(alone.tables).toHaveLength(2);
    await done('calibrate', ...args);
    const merged = await folder.json<{ tables: object[] }>('merge', 'calibrate.jsonl', 'parts-calibrate');
    expect(merged.tables).toEqual(alone.tables);
    const text = await folder.text('merge', 'calibrate.jsonl', 'parts-calibrate');
    expect(text).toMatch(/^2 simulated tables like data\.csv/);
    expect(width(text)).toBeLessThanOrEqual(80);
  });

  it('knockoffs of a run choose as they do alone', async () => {
    const alone = JSON.parse(await folder.text('select-features', 'alone', '--knockoffs', ...ONE, '--format', 'json')) as object;
    await done('knockoffs', 'alone');
    expect(await folder.json('merge', 'knockoffs.jsonl', 'parts-knockoffs')).toEqual(alone);
    const { code, stderr } = await folder.call(['merge', 'knockoffs.jsonl', 'parts-knockoffs']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/knockoffs have a PIP of at least 0\.5/);
  });
});

describe('sweep', () => {
  it('ranks settings on the same folds, and uses folds of an earlier call', async () => {
    folder.write('bnnc.yaml', 'data: {path: data.csv, target: y, columns: {won: {kind: ignore}, rank: {kind: ignore}}}\nsearch: {steps: 0}\n'
      + 'train: {epochs: 20, restarts: 1, reference: false}\ninclusion: {draws: 8}\n');
    folder.write('sweep.yaml', 'config: bnnc.yaml\nmethod: grid\nfolds: 2\nkeys:\n  model.hidden: [[], [2]]\n');
    const text = await folder.text('sweep', '-c', 'sweep.yaml', '-o', 'out', ...ONE);
    expect(width(text)).toBeLessThanOrEqual(80);
    const document = await folder.json<{ standing: { trial: number; loss: { mean: number } }[]; best: number }>(
      'sweep', '-c', 'sweep.yaml', '-o', 'out', ...ONE);
    expect(document.standing.map(({ trial }) => trial).sort()).toEqual([1, 2]);
    expect(document.standing[0].loss.mean).toBeLessThanOrEqual(document.standing[1].loss.mean);
    expect(document.best).toBe(document.standing[0].trial);
    expect(text).toMatch(new RegExp(`^Setting ${document.best} is the best`, 'm'));
    folder.write('halving.yaml', folder.read('sweep.yaml').replace('grid', 'halving').replace('folds: 2', 'folds: 4'));
    expect(await folder.text('sweep', '-c', 'halving.yaml', '-o', 'halved', ...ONE)).toMatch(/^Folds of each round: 2 settings on /m);
  });
});
