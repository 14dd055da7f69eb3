import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileAtomic } from '../../../src/store/files.js';
import { folderKind } from '../../../src/store/folder.js';
import { listFolder } from '../../../src/store/list-runs.js';
import { besidePath, sweepBeside, settleSwapsIn, tellSettled } from '../../../src/store/leftovers.js';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bnnc-leftovers-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;

/** What a program with another number or of another host would call its file. */
function leftover(path: string, purpose: 'partial' | 'old', change: { pid?: number; host?: string }): string {
  const [, stem, host, pid, rest] = /^(.*-)([0-9a-f]{4})-(\d+)(-\w+)$/.exec(besidePath(path, purpose))!;
  return `${stem}${change.host ?? host}-${change.pid ?? pid}${rest}`;
}

describe('what is left beside a place', () => {
  it('goes when its process is dead, and stays while it lives', async () => {
    const place = join(cwd, 'out.csv');
    const [dead, alive] = [leftover(place, 'partial', { pid: deadPid() }), leftover(place, 'partial', { pid: process.ppid })];
    const neighbour = leftover(join(cwd, 'other.csv'), 'partial', { pid: deadPid() });
    for (const path of [dead, alive, neighbour]) writeFileSync(path, 'x');
    mkdirSync(leftover(place, 'partial', { pid: deadPid() }));
    await writeFileAtomic(place, 'new');
    expect(readdirSync(cwd).map((name) => join(cwd, name)).sort()).toEqual([alive, neighbour, place].sort());
  });

  it('of another host goes after a day', async () => {
    const place = join(cwd, 'out.csv');
    const host = leftover(place, 'partial', {}).includes('-0000-') ? '1111' : '0000';
    const [fresh, old] = [leftover(place, 'partial', { host }), leftover(place, 'partial', { host })];
    for (const path of [fresh, old]) writeFileSync(path, 'x');
    utimesSync(old, new Date(0), new Date(0));
    await sweepBeside(place);
    expect([fresh, old].map((path) => existsSync(path))).toEqual([true, false]);
  });

  it('stays when it is the only copy of what was replaced', async () => {
    const old = leftover(join(cwd, 'run'), 'old', { pid: deadPid() });
    mkdirSync(old);
    await sweepBeside(join(cwd, 'run'));
    expect(existsSync(old)).toBe(true);
    mkdirSync(join(cwd, 'run'));
    await sweepBeside(join(cwd, 'run'));
    expect(existsSync(old)).toBe(false);
  });
});

describe('writing a file', () => {
  it('goes through a link and leaves it', async () => {
    writeFileSync(join(cwd, 'file'), 'old');
    symlinkSync('file', join(cwd, 'link'));
    await writeFileAtomic(join(cwd, 'link'), 'new');
    expect(readFileSync(join(cwd, 'file'), 'utf8')).toBe('new');
    expect(readdirSync(cwd)).toEqual(['file', 'link']);
  });

  it('says what is in the way', async () => {
    await expect(writeFileAtomic(cwd, 'x')).rejects.toThrow(/it is a folder/);
    await expect(writeFileAtomic(join(cwd, 'n'.repeat(300)), 'x')).rejects.toMatchObject({ problems: [{ code: 'run.not-writable' }] });
  });
});

describe('a replacement that was cut off between its two renames', () => {
  const told: [string, string][] = [];
  beforeEach(() => {
    told.length = 0;
    tellSettled((path, now) => told.push([path, now]));
  });
  afterEach(() => tellSettled(() => {}));

  function cutOff(name: string, pid: number, parts: readonly ('partial' | 'old')[]): string {
    const place = join(cwd, name);
    for (const part of parts) {
      const folder = leftover(place, part, { pid });
      mkdirSync(folder);
      writeFileSync(join(folder, 'manifest.json'), part);
    }
    return place;
  }

  it('is ended with the new folder, and told', async () => {
    const place = cutOff('a', deadPid(), ['partial', 'old']);
    expect(await folderKind(place)).toBe('run');
    expect(readFileSync(join(place, 'manifest.json'), 'utf8')).toBe('partial');
    expect([readdirSync(cwd), told]).toEqual([['a'], [[place, 'new']]]);
  });

  it('is taken back where the new one is gone', async () => {
    const place = cutOff('a', deadPid(), ['old']);
    expect(await folderKind(place)).toBe('run');
    expect([readFileSync(join(place, 'manifest.json'), 'utf8'), told]).toEqual(['old', [[place, 'old']]]);
  });

  it('is left to the program that still lives', async () => {
    const place = cutOff('a', process.ppid, ['partial', 'old']);
    expect(await folderKind(place)).toBe('free');
    expect(told).toEqual([]);
  });

  it('leaves no old folder when the new one is in its place, unless the program that replaces it lives', async () => {
    for (const [name, pid] of [['a', deadPid()], ['b', process.ppid]] as const) {
      mkdirSync(cutOff(name, pid, ['old']));
    }
    await settleSwapsIn(cwd);
    expect(readdirSync(cwd).filter((name) => name.startsWith('.')).map((name) => name.slice(0, 6))).toEqual(['.b.old']);
    expect(told).toEqual([]);
  });

  it('is seen by what lists runs', async () => {
    cutOff('a', deadPid(), ['partial', 'old']);
    cutOff('b', deadPid(), ['old']);
    expect((await listFolder('.', cwd)).map(({ path }) => path)).toEqual(['a', 'b']);
  });
});
