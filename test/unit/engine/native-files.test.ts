import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkNativeFiles } from '../../../src/engine/native-files.js';

interface FileRecord {
  path: string;
  bytes: number;
  mtimeMs: number;
  sha256: string;
}

/** The set-up is plain JavaScript. */
const { changedFiles, changedInCache, keepCacheRecords, recordsOf } = await import(
  new URL('../../../scripts/setup/hashes.mjs', import.meta.url).href) as {
  changedFiles(records: FileRecord[], folder: string): string[];
  changedInCache(cache: string): string[];
  keepCacheRecords(cache: string, records: FileRecord[]): void;
  recordsOf(files: string[], folder: string): FileRecord[];
};

let folder: string;
const library = (): string => join(folder, 'lib.so');
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bnnc-native-'));
  writeFileSync(library(), 'abc');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** As the set-up leaves it. */
function stamp(): FileRecord[] {
  const files = recordsOf([library()], folder);
  writeFileSync(join(folder, '.bnnc-engine.json'), JSON.stringify({ tensorflow: '2', files }));
  return files;
}

describe('the native library', () => {
  it('is recorded with its hash, by its place in the package', () => {
    expect(stamp()).toEqual([
      { path: 'lib.so', bytes: 3, mtimeMs: statSync(library()).mtimeMs, sha256: createHash('sha256').update('abc').digest('hex') },
    ]);
  });

  it('passes as it was, with another time, and where nothing was recorded', async () => {
    await expect(checkNativeFiles(folder)).resolves.toBeUndefined();
    const records = stamp();
    await expect(checkNativeFiles(folder)).resolves.toBeUndefined();
    utimesSync(library(), 1, 1);
    await expect(checkNativeFiles(folder)).resolves.toBeUndefined();
    expect(changedFiles(records, folder)).toEqual([]);
  });

  it.each(['abd', 'abcd'])('is refused as %s, and got again by the set-up', async (content) => {
    const records = stamp();
    writeFileSync(library(), content);
    utimesSync(library(), 1, 1);
    await expect(checkNativeFiles(folder)).rejects.toThrow(/lib\.so: this part of the native engine .*npm run setup/);
    expect(changedFiles(records, folder)).toEqual([library()]);
  });

  it('is known in the cache, too', () => {
    expect(changedInCache(folder)).toEqual([]);
    keepCacheRecords(folder, [{ ...stamp()[0], path: library() }]);
    expect(changedInCache(folder)).toEqual([]);
    writeFileSync(library(), 'abd');
    expect(changedInCache(folder)).toEqual([library()]);
  });
});
