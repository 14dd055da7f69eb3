import type * as Files from 'node:fs/promises';
import { link, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LOCK_FILE, lockFolder } from '../../../src/store/lock.js';

vi.mock('node:fs/promises', async (actual) => {
  const own = await actual<typeof Files>();
  return { ...own, link: vi.fn(own.link) };
});
const linking = vi.mocked(link);
afterEach(() => linking.mockClear());

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'bnnc-lock-'));

describe('lockFolder', () => {
  it('puts a lock in place that is whole, and leaves nothing', async () => {
    const place = await folder();
    // What a program leaves that is killed before the lock is in place: nothing of its name.
    linking.mockImplementationOnce(async (temporary, file) => {
      expect(await readdir(place)).not.toContain(LOCK_FILE);
      expect(JSON.parse(await readFile(temporary, 'utf8'))).toMatchObject({ pid: process.pid });
      const { link: real } = await vi.importActual<typeof Files>('node:fs/promises');
      await real(temporary, file);
    });
    const unlock = await lockFolder(place, 'a');
    expect(linking).toHaveBeenCalledOnce();
    expect(await readdir(place)).toEqual([LOCK_FILE]);
    await expect(lockFolder(place, 'a')).rejects.toThrow('another process is making a run here');
    await unlock();
    expect(await readdir(place)).toEqual([]);
  });

  it('does without links where there are none, and waits for a lock that is just being written', async () => {
    const place = await folder();
    linking.mockRejectedValueOnce(Object.assign(new Error('no links'), { code: 'EPERM' }));
    const unlock = await lockFolder(place, 'a');
    expect(await readdir(place)).toEqual([LOCK_FILE]);
    await unlock();
    await writeFile(join(place, LOCK_FILE), '');
    await expect(lockFolder(place, 'a')).rejects.toThrow('another process is making a run here');
  });
});
