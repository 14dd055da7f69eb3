/**
 * Whether the native library and its binding are what they were when the set-up found that they work: by size and time, which
 * cost nothing, and by SHA-256 where one of these has changed.
 */

import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync, readdirSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** @typedef {{ path: string, bytes: number, mtimeMs: number, sha256: string }} FileRecord */

const CHUNK = 1 << 22;

/** @param {string} file */
export function fileSha256(file) {
  const hash = createHash('sha256');
  const bytes = Buffer.alloc(CHUNK);
  const descriptor = openSync(file, 'r');
  try {
    for (let read = 1; read > 0;) {
      read = readSync(descriptor, bytes, 0, CHUNK, null);
      hash.update(bytes.subarray(0, read));
    }
  } finally {
    closeSync(descriptor);
  }
  return hash.digest('hex');
}

/** The files of the native part, links followed, each once. @param {{ binding: string, deps: string }} tfjs */
export function nativeFiles({ binding, deps }) {
  const lib = path.join(deps, 'lib');
  const names = existsSync(lib) ? readdirSync(lib).filter((name) => /tensorflow/.test(name)) : [];
  const libraries = names.map((name) => path.join(lib, name));
  return [...new Set([binding, ...libraries].filter((file) => existsSync(file)).map((file) => realpathSync(file)))].sort();
}

/**
 * Paths in the package are seen from its folder, so that the records hold in a copy of it.
 * @param {readonly string[]} files @param {string} folder of the package @returns {FileRecord[]}
 */
export const recordsOf = (files, folder) => files.map((file) => {
  const { size, mtimeMs } = statSync(file);
  const own = path.relative(realpathSync(folder), file);
  return { path: own.startsWith('..') || path.isAbsolute(own) ? file : own, bytes: size, mtimeMs, sha256: fileSha256(file) };
});

/**
 * The files that are not what was recorded, or are gone.
 * @param {readonly FileRecord[]} records @param {string} folder of the package
 */
export const changedFiles = (records, folder) => records.flatMap(({ path: name, bytes, mtimeMs, sha256 }) => {
  const file = path.resolve(folder, name);
  const found = statSync(file, { throwIfNoEntry: false });
  const same = found?.size === bytes && (found.mtimeMs === mtimeMs || fileSha256(file) === sha256);
  return same ? [] : [file];
});

/** What the cache has of its files, by their paths in it. */
const recordFile = (cache) => path.join(cache, 'sha256.json');

function cacheRecords(cache) {
  try {
    return JSON.parse(readFileSync(recordFile(cache), 'utf8'));
  } catch {
    return {};
  }
}

/** Keeps the hashes of those files that lie in the cache. @param {string} cache @param {readonly FileRecord[]} records */
export function keepCacheRecords(cache, records) {
  const own = records.filter((record) => record.path.startsWith(`${cache}${path.sep}`));
  if (own.length === 0) return;
  const known = Object.fromEntries(own.map(({ path: file, sha256 }) => [path.relative(cache, file), sha256]));
  writeFileSync(recordFile(cache), `${JSON.stringify({ ...cacheRecords(cache), ...known }, null, 2)}\n`);
}

/** Files of the cache that are not what they were; of those that nothing is known of, none. */
export const changedInCache = (cache) => Object.entries(cacheRecords(cache))
  .map(([name, sha256]) => ({ file: path.join(cache, name), sha256 }))
  .filter(({ file, sha256 }) => existsSync(file) && fileSha256(file) !== sha256).map(({ file }) => file);
