/** Whether the native library is what it was when the set-up found that it works. */

import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fail } from '../errors.js';
import { count, list, looseRecord, number, optional, text, type Checked } from '../rules.js';

/** What the set-up leaves beside the package. */
const STAMP = '.bnnc-engine.json';
const fileRule = looseRecord({ path: text, bytes: count(), mtimeMs: number(), sha256: text });
const stampRule = looseRecord({ files: optional(list(fileRule)) });

/**
 * Compares size and time of the files with what the set-up recorded, and where these differ their SHA-256. Without a record
 * nothing is compared.
 * @param folder of the package that loads them
 * @throws usage.engine-changed
 */
export async function checkNativeFiles(folder: string): Promise<void> {
  for (const { path: name, bytes, mtimeMs, sha256 } of recorded(folder)) {
    const file = path.resolve(folder, name);
    const found = statSync(file, { throwIfNoEntry: false });
    // One that is gone cannot be loaded, which is told elsewhere.
    if (found === undefined || (found.size === bytes && found.mtimeMs === mtimeMs)) continue;
    if (found.size === bytes && (await hashOf(file)) === sha256) continue;
    throw fail('usage.engine-changed', 'this part of the native engine is not what it was when it was set up', {
      where: { file }, hint: 'Get it again: npm run setup. Until then BNNC_ENGINE=wasm does without.',
    });
  }
}

function recorded(folder: string): Checked<typeof fileRule>[] {
  try {
    const stamp: unknown = JSON.parse(readFileSync(path.join(folder, STAMP), 'utf8'));
    return stampRule(stamp).length === 0 ? (stamp as Checked<typeof stampRule>).files ?? [] : [];
  } catch {
    return [];
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
