import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const SCRIPT = new URL('../../scripts/setup/lock.mjs', import.meta.url).href;
const { withLock } = (await import(SCRIPT)) as { withLock<T>(file: string, work: () => Promise<T>): Promise<T> };

const folder = mkdtempSync(path.join(tmpdir(), 'bnnc-lock-'));
const file = path.join(folder, 'deep', 'setup.lock');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the lock of the set-up', () => {
  it('lets one in at a time', async () => {
    let inside = 0;
    const most: number[] = [];
    const work = async (): Promise<void> => {
      most.push(++inside);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside--;
    };
    await Promise.all([withLock(file, work), withLock(file, work), withLock(file, work)]);
    expect(most).toEqual([1, 1, 1]);
    expect(existsSync(file)).toBe(false);
  });

  it('is given back when the work fails', async () => {
    await expect(withLock(file, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await withLock(file, async () => 'next')).toBe('next');
  });

  it('is taken from a process that is gone', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(file, String(pid));
    expect(await withLock(file, async () => 'mine')).toBe('mine');
  });

  it('that is empty is nobody\'s', async () => {
    writeFileSync(file, '');
    expect(await withLock(file, async () => 'mine')).toBe('mine');
    expect(readdirSync(path.dirname(file))).toEqual([]);
  });
});
