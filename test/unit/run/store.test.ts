import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRun, newestRun, openRun, resumeRun } from '../../../src/run/store.js';
import type { RunFacts } from '../../../src/run/manifest.js';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bnnc-store-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const FACTS: RunFacts = {
  versions: { node: '20' }, engine: { name: 'tensorflow' }, argv: ['train'], seed: 1, data: { path: 'a.csv', sha256: 'ab', rows: 3 },
  target: 'y', task: 'regression', started: '2026-01-01T00:00:00Z', finished: '2026-01-01T00:00:01Z', seconds: { train: 1 },
};

/** Every name below the folder, hidden ones too. */
const everything = (): string[] => (readdirSync(cwd, { recursive: true }) as string[]).sort();

describe('a new run', () => {
  it('counts up, and is complete only with its manifest', async () => {
    const first = await createRun({ cwd, name: 'raisin' });
    expect(first.path).toBe('runs/raisin-1');
    await first.write('inclusion/inputs.csv', 'a\n');
    await first.write('checkpoint/state', 'x');
    await expect(openRun('runs/raisin-1', cwd)).rejects.toThrow(/interrupted.*--resume runs\/raisin-1/);
    await first.commit(FACTS);
    expect(everything()).toEqual(['runs', 'runs/raisin-1', 'runs/raisin-1/inclusion', 'runs/raisin-1/inclusion/inputs.csv',
      'runs/raisin-1/manifest.json']);
    const opened = await openRun('runs/raisin-1', cwd);
    expect(opened.manifest).toMatchObject({ ...FACTS, schemaVersion: 1, files: { 'inclusion/inputs.csv': { bytes: 2 } } });
    expect(await opened.readText('inclusion/inputs.csv')).toBe('a\n');

    expect((await createRun({ cwd, name: 'raisin' })).path).toBe('runs/raisin-2');
    mkdirSync(join(cwd, 'runs/raisin-11'));
    expect((await createRun({ cwd, name: 'raisin' })).path).toBe('runs/raisin-12');
    expect((await createRun({ cwd, name: ' ../my data ' })).path).toBe('runs/my-data-1');
  });

  it('gives different numbers to programs that start at once', async () => {
    const runs = await Promise.all(Array.from({ length: 5 }, () => createRun({ cwd, name: 'a' })));
    expect(new Set(runs.map(({ path }) => path)).size).toBe(5);
  });

  it('leaves nothing when it ends without a checkpoint', async () => {
    for (const path of [undefined, 'deep/er/run']) {
      const run = await createRun({ cwd, path });
      await run.write('config.yaml', 'x');
      expect(await run.release(false)).toBe(false);
      expect(everything()).toEqual([]);
    }
  });

  it('leaves an empty folder that was there, and the neighbours', async () => {
    mkdirSync(join(cwd, 'empty'));
    mkdirSync(join(cwd, 'runs'));
    const given = await createRun({ cwd, path: 'empty' });
    await given.write('config.yaml', 'x');
    await given.release(true);
    const counted = await createRun({ cwd });
    await counted.release(true);
    expect(everything()).toEqual(['empty', 'runs']);
  });

  it('is resumed from its checkpoint', async () => {
    const run = await createRun({ cwd, path: 'a' });
    await run.write('checkpoint/state', 'epoch 3');
    expect(await run.release(true)).toBe(true);
    const again = await resumeRun('a', cwd);
    expect((await again.read('checkpoint/state')).toString()).toBe('epoch 3');
    await again.commit(FACTS);
    await expect(resumeRun('a', cwd)).rejects.toMatchObject({ problems: [{ code: 'run.complete' }] });
    await expect(resumeRun('b', cwd)).rejects.toMatchObject({ problems: [{ code: 'run.missing' }] });
  });

  it('cannot be resumed without a checkpoint', async () => {
    await (await createRun({ cwd, path: 'a' })).write('config.yaml', 'x');
    await expect(resumeRun('a', cwd)).rejects.toMatchObject({ problems: [{ code: 'run.no-checkpoint' }] });
    await expect(openRun('a', cwd)).rejects.toMatchObject({ problems: [{ code: 'run.incomplete' }] });
  });
});

describe('an existing run', () => {
  beforeEach(async () => {
    const run = await createRun({ cwd, path: 'a' });
    await run.write('metrics.json', 'old');
    await run.commit(FACTS);
  });
  const metrics = (): string => readFileSync(join(cwd, 'a/metrics.json'), 'utf8');

  it('is refused without force', async () => {
    await expect(createRun({ cwd, path: 'a' })).rejects.toThrow(/a run is there already\. Replace it with --force/);
  });

  it('stays whole until the new one is complete', async () => {
    const run = await createRun({ cwd, path: 'a', force: true });
    await run.write('metrics.json', 'new');
    expect(metrics()).toBe('old');
    await openRun('a', cwd);
    await run.commit(FACTS);
    expect(metrics()).toBe('new');
    expect(readdirSync(cwd)).toEqual(['a']);
  });

  it('stays when the new one fails, checkpoint or not', async () => {
    for (const name of ['metrics.json', 'checkpoint/state']) {
      const run = await createRun({ cwd, path: 'a', force: true });
      await run.write(name, 'new');
      expect(await run.release(false)).toBe(false);
      expect(metrics()).toBe('old');
      expect(readdirSync(cwd)).toEqual(['a']);
    }
  });

  it('gives way to an interrupted one, so that the resume command works', async () => {
    const run = await createRun({ cwd, path: 'a', force: true });
    await run.write('checkpoint/state', 'x');
    expect(await run.release(true)).toBe(true);
    expect(readdirSync(cwd)).toEqual(['a']);
    expect(existsSync(join(cwd, 'a/checkpoint/state'))).toBe(true);
    await resumeRun('a', cwd);
  });
});

describe('places that are not for runs', () => {
  it.each(['notes.txt', 'manifest.json', 'model.json', '.git'])('a folder with %s is left alone, even with force', async (name) => {
    mkdirSync(join(cwd, 'mine'));
    writeFileSync(join(cwd, 'mine', name), '{"schemaVersion": 1}');
    for (const force of [false, true]) await expect(createRun({ cwd, path: 'mine', force })).rejects.toThrow();
    expect(everything()).toEqual(['mine', `mine/${name}`]);
    await expect(createRun({ cwd, path: 'mine', force: true })).rejects.toMatchObject({ problems: [{ code: 'run.not-a-run' }] });
  });

  it('a path through a file cannot be written', async () => {
    writeFileSync(join(cwd, 'file'), '');
    await expect(createRun({ cwd, path: 'file/run' })).rejects.toMatchObject({ problems: [{ code: 'run.not-writable' }] });
    await expect(createRun({ cwd, path: 'file' })).rejects.toMatchObject({ problems: [{ code: 'run.not-a-run' }] });
  });
});

describe('the newest run', () => {
  it('is the one finished last; foreign folders and other versions do not count', async () => {
    await expect(newestRun('runs', cwd)).rejects.toMatchObject({ problems: [{ code: 'run.none' }] });
    for (const [name, finished] of [['a', '2026-02-01T00:00:00Z'], ['b', '2026-01-01T00:00:00Z']]) {
      await (await createRun({ cwd, path: `runs/${name}` })).commit({ ...FACTS, finished });
    }
    mkdirSync(join(cwd, 'runs/foreign'));
    writeFileSync(join(cwd, 'runs/foreign/manifest.json'), '{"finished": "2027-01-01T00:00:00Z"}');
    writeFileSync(join(cwd, 'runs/stray.txt'), '');
    expect((await newestRun('runs', cwd)).path).toBe('runs/a');
  });
});
