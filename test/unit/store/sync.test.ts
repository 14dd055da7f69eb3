import type * as FS from 'node:fs/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { makeFolders } from '../../../src/store/files.js';

const synced: string[] = [];
vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof FS>();
  const open: typeof real.open = async (path, ...rest) => {
    const file = await real.open(path, ...rest);
    const sync = file.sync.bind(file);
    file.sync = () => {
      synced.push(String(path));
      return sync();
    };
    return file;
  };
  return { ...real, open };
});

describe.skipIf(process.platform === 'win32')('new folders', () => {
  it('are synced into those above them, and those that are there are left alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bnnc-sync-'));
    try {
      expect(await makeFolders(join(folder, 'a/b'))).toBe(join(folder, 'a'));
      expect(synced).toEqual([folder, join(folder, 'a')]);
      expect(await makeFolders(join(folder, 'a/b'))).toBeUndefined();
      expect(synced).toHaveLength(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
