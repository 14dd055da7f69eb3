import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRun, resumeRun } from '../../../src/store/create-run.js';
import { newestRun, openRun } from '../../../src/store/open.js';
import { LOCK_FILE } from '../../../src/store/lock.js';
import type { RunFacts } from '../../../src/store/manifest.js';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bnnc-store-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const FACTS: RunFacts = {
  versions: { node: '20' }, engine: { name: 'tensorflow' }, argv: ['train'], seed: 1, data: { path: 'a.csv', sha256: 'ab', rows: 3 },
  target: 'y', task: 'regression', started: '2026-01-01T00:00:00Z', finished: '2026-01-01T00:00:01Z', seconds: { train: 1 },
};

const STATE = '{"schemaVersion": 1, "fits": []}';

/** A lock as another process of this host would have left it. */
const leaveLock = (folder: string, pid: number): void =>
  writeFileSync(join(cwd, folder, LOCK_FILE), JSON.stringify({ bnnc: '0.1.0', host: hostname(), pid, token: 'other' }));
const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;

const code = (name: string): object => ({ problems: [{ code: name }] });

/** Every name below the folder, hidden ones too. */
const everything = (): string[] => (readdirSync(cwd, { recursive: true }) as string[]).sort();

describe('a new run', () => {
  it('counts up, and is complete only with its manifest', async () => {
    const first = await createRun({ cwd, name: 'raisin' });
    expect(first.path).toBe('runs/raisin-1');
    await first.write('inclusion/inputs.csv', 'a\n');
    await first.write('checkpoint/state.json', STATE);
    await expect(openRun('runs/raisin-1', cwd)).rejects.toThrow(/not finished yet/);
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
      expect(await run.release()).toBe(undefined);
      expect(everything()).toEqual([]);
    }
  });

  it('leaves an empty folder that was there, and the neighbours', async () => {
    mkdirSync(join(cwd, 'empty'));
    mkdirSync(join(cwd, 'runs'));
    const given = await createRun({ cwd, path: 'empty' });
    await given.write('config.yaml', 'x');
    await given.release();
    const counted = await createRun({ cwd });
    await counted.release();
    expect(everything()).toEqual(['empty', 'runs']);
  });

  it('is resumed from its checkpoint', async () => {
    const run = await createRun({ cwd, path: 'a' });
    await run.write('checkpoint/state.json', STATE);
    await run.write('metrics.json', 'half');
    expect(await run.release()).toBe('a');
    expect(everything()).toEqual(['a', 'a/checkpoint', 'a/checkpoint/state.json']);
    await expect(openRun('a', cwd)).rejects.toThrow(/interrupted.*train\(\{ resume: 'a' \}\)/);
    const again = await resumeRun('a', cwd);
    expect((await again.read('checkpoint/state.json')).toString()).toBe(STATE);
    await again.commit(FACTS);
    await expect(resumeRun('a', cwd)).rejects.toMatchObject({ problems: [{ code: 'run.complete' }] });
    await expect(resumeRun('b', cwd)).rejects.toMatchObject({ problems: [{ code: 'run.missing' }] });
  });

  it('cannot be resumed without a checkpoint', async () => {
    mkdirSync(join(cwd, 'a'));
    writeFileSync(join(cwd, 'a/config.yaml'), 'x');
    leaveLock('a', deadPid());
    await expect(resumeRun('a', cwd)).rejects.toMatchObject(code('run.no-checkpoint'));
    leaveLock('a', deadPid());
    await expect(openRun('a', cwd)).rejects.toMatchObject(code('run.incomplete'));
    await expect(createRun({ cwd, path: 'a' })).rejects.toMatchObject(code('run.exists'));
    leaveLock('a', deadPid());
    await (await createRun({ cwd, path: 'a', force: true })).commit(FACTS);
    expect(everything()).toEqual(['a', 'a/manifest.json']);
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
    await expect(createRun({ cwd, path: 'a' })).rejects.toThrow(/a run exists here already\. Replace it with force: true, or choose another folder with 'out'\.$/);
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

  it('stays when the new one fails', async () => {
    const run = await createRun({ cwd, path: 'a', force: true });
    await run.write('metrics.json', 'new');
    expect(await run.release()).toBe(undefined);
    expect(metrics()).toBe('old');
    expect(readdirSync(cwd)).toEqual(['a']);
  });

  it('stays when the new one fails or is interrupted with a checkpoint, which is kept beside it', async () => {
    for (const kept of ['a.checkpoint-1', 'a.checkpoint-2']) {
      const run = await createRun({ cwd, path: 'a', force: true });
      await run.write('checkpoint/state.json', STATE);
      await run.write('inclusion/inputs.csv', 'new');
      expect(await run.release()).toBe(kept);
      expect(metrics()).toBe('old');
      expect(readdirSync(join(cwd, kept))).toEqual(['checkpoint']);
      await (await resumeRun(kept, cwd)).release();
    }
    expect(readdirSync(cwd)).toEqual(['a', 'a.checkpoint-1', 'a.checkpoint-2']);
  });

  it.each(['mynotes.txt', 'inclusion/mine.csv', 'pruned/notes.md', '.env'])('is not replaced with %s in it', async (name) => {
    mkdirSync(join(cwd, 'a/inclusion'));
    mkdirSync(join(cwd, 'a/pruned'));
    writeFileSync(join(cwd, 'a/pruned/report.json'), '{"bnnc": "0.1.0"}');
    writeFileSync(join(cwd, 'a', name), 'mine');
    const before = everything();
    await expect(createRun({ cwd, path: 'a', force: true })).rejects.toThrow(`'${name}' in it is not from bnnc`);
    expect(everything()).toEqual(before);
  });

  it('is replaced with the model that was pruned from it', async () => {
    mkdirSync(join(cwd, 'a/pruned'));
    writeFileSync(join(cwd, 'a/pruned/report.json'), '{"bnnc": "0.1.0"}');
    await (await createRun({ cwd, path: 'a', force: true })).commit(FACTS);
    expect(everything()).toEqual(['a', 'a/manifest.json']);
  });
});

describe('two programs and one folder', () => {
  it('the second is refused while the first is at work, whatever it asks for', async () => {
    const first = await createRun({ cwd, path: 'a' });
    await first.write('config.yaml', 'x');
    await first.write('checkpoint/state.json', STATE);
    for (const force of [false, true]) await expect(createRun({ cwd, path: 'a', force })).rejects.toMatchObject(code('run.busy'));
    await expect(resumeRun('a', cwd)).rejects.toMatchObject(code('run.busy'));
    const { manifest } = await first.commit(FACTS);
    expect(Object.keys(manifest.files)).toEqual(['config.yaml']);
    const replacing = await createRun({ cwd, path: 'a', force: true });
    await expect(createRun({ cwd, path: 'a', force: true })).rejects.toThrow(/another process is making a run here \(process \d+\)/);
    await replacing.release();
    await (await createRun({ cwd, path: 'a', force: true })).commit(FACTS);
    expect(everything()).toEqual(['a', 'a/manifest.json']);
  });

  it('a lock of a living process counts, and so does one of another host', async () => {
    mkdirSync(join(cwd, 'a'));
    leaveLock('a', process.ppid);
    await expect(createRun({ cwd, path: 'a', force: true })).rejects.toMatchObject(code('run.busy'));
    const lock = { bnnc: '0.1.0', host: 'elsewhere', pid: deadPid(), token: 'other' };
    writeFileSync(join(cwd, 'a', LOCK_FILE), JSON.stringify(lock));
    await expect(createRun({ cwd, path: 'a', force: true })).rejects.toThrow(/on elsewhere/);
    expect(everything()).toEqual(['a', `a/${LOCK_FILE}`]);
  });

  it('through a link is replaced where the link leads, and the link stays', async () => {
    await (await createRun({ cwd, path: 'real' })).commit(FACTS);
    symlinkSync('real', join(cwd, 'link'));
    const again = await createRun({ cwd, path: 'link', force: true });
    await again.write('config.yaml', 'new');
    await again.commit(FACTS);
    expect(lstatSync(join(cwd, 'link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(cwd, 'real/config.yaml'), 'utf8')).toBe('new');
    expect(readdirSync(cwd).sort()).toEqual(['link', 'real']);
  });

  it('what a killed program began can be replaced, whatever has become of its lock', async () => {
    const begin = async (path: string): Promise<void> => {
      // Killed before its first checkpoint.
      await (await createRun({ cwd, path })).write('config.yaml', 'x');
      leaveLock(path, deadPid());
    };
    await begin('a');
    await expect(createRun({ cwd, path: 'a' })).rejects.toThrow('an interrupted run exists here');
    await expect(resumeRun('a', cwd)).rejects.toMatchObject(code('run.no-checkpoint'));
    await (await createRun({ cwd, path: 'a', force: true })).commit(FACTS);
    await begin('b');
    rmSync(join(cwd, 'b', LOCK_FILE));
    await (await createRun({ cwd, path: 'b', force: true })).commit(FACTS);
    expect(everything()).toEqual(['a', 'a/manifest.json', 'b', 'b/manifest.json']);
    // Of somebody else.
    mkdirSync(join(cwd, 'c'));
    writeFileSync(join(cwd, 'c/config.yaml'), 'x');
    await expect(createRun({ cwd, path: 'c', force: true })).rejects.toMatchObject(code('run.not-a-run'));
  });

  it('ending a run removes only what that run wrote', async () => {
    const run = await createRun({ cwd, path: 'a' });
    await run.write('config.yaml', 'x');
    writeFileSync(join(cwd, 'a/notes.txt'), 'mine');
    expect(await run.release()).toBe(undefined);
    expect(everything()).toEqual(['a', 'a/notes.txt']);
  });

  it('ending a run does not fail where a file of it cannot be removed', async () => {
    const run = await createRun({ cwd, path: 'a' });
    await run.write('config.yaml', 'x');
    rmSync(join(cwd, 'a/config.yaml'));
    mkdirSync(join(cwd, 'a/config.yaml'));
    expect(await run.release()).toBe(undefined);
    expect(existsSync(join(cwd, 'a/.bnnc.lock'))).toBe(false);
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

  it.each([['config.yaml', 'data: {}'], ['checkpoint/weights.bin', 'x'], ['checkpoint/state.json', '{"epoch": 3}']])(
    'a folder with only %s is not ours', async (name, content) => {
      mkdirSync(join(cwd, 'mine/checkpoint'), { recursive: true });
      writeFileSync(join(cwd, 'mine', name), content);
      const before = everything();
      for (const force of [false, true]) await expect(createRun({ cwd, path: 'mine', force })).rejects.toMatchObject(code('run.not-a-run'));
      expect(everything()).toEqual(before);
    });

  it('a checkpoint of ours with other files beside it is left alone', async () => {
    mkdirSync(join(cwd, 'a/checkpoint'), { recursive: true });
    writeFileSync(join(cwd, 'a/checkpoint/state.json'), STATE);
    writeFileSync(join(cwd, 'a/train.py'), 'mine');
    await expect(createRun({ cwd, path: 'a', force: true })).rejects.toThrow(/'train\.py' in it/);
    expect(existsSync(join(cwd, 'a/train.py'))).toBe(true);
  });

  it('what the system refuses is told as such', async () => {
    symlinkSync('circle', join(cwd, 'circle'));
    await expect(openRun('circle', cwd)).rejects.toThrow(/^circle: cannot read: links of the path form a circle/);
    for (const path of ['circle/run', 'n'.repeat(300)]) {
      await expect(createRun({ cwd, path })).rejects.toMatchObject({ exitCode: 6 });
      await expect(resumeRun(path, cwd)).rejects.toMatchObject(code('run.not-readable'));
    }
    await expect(newestRun('circle', cwd)).rejects.toMatchObject(code('run.not-readable'));
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
