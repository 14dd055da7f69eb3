/** Files that are there whole or not at all, and what the system says when they cannot be written. */

import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BnncError, fail } from '../errors.js';

/** A name beside `path` that nobody else uses: hidden, on the same file system, telling what it is. */
export function besidePath(path: string, purpose: 'partial' | 'old'): string {
  return join(dirname(path), `.${basename(path)}.${purpose}-${randomUUID().slice(0, 8)}`);
}

/** A file that is written piece by piece and appears at its place on `commit`. */
export interface PendingFile {
  write(content: string | Uint8Array): Promise<void>;
  commit(): Promise<void>;
  /** Leaves no trace of it. */
  discard(): Promise<void>;
}

/**
 * Opens a file beside its place. Missing folders above it are made.
 * @throws run.not-writable (its functions, too)
 */
export async function openPending(path: string): Promise<PendingFile> {
  const temporary = besidePath(path, 'partial');
  const file = await writing(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    return open(temporary, 'w');
  });
  return {
    write: (content) => writing(path, () => file.writeFile(content)),
    commit: () => writing(path, async () => {
      await file.sync();
      await file.close();
      await rename(temporary, path);
      await syncFolder(dirname(path));
    }),
    async discard() {
      await file.close().catch(() => {});
      await rm(temporary, { force: true });
    },
  };
}

/**
 * Writes a file beside its place, syncs it and renames it: a reader sees the old content or the new, never a part.
 * @throws run.not-writable
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  const file = await openPending(path);
  try {
    await file.write(content);
    await file.commit();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** Makes the names in a folder last through a power cut; systems that cannot sync a folder are left alone. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    await folder.sync().finally(() => folder.close());
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EINVAL', 'EBADF', 'ENOTSUP'].includes(systemCode(error))) throw error;
  }
}

/** SHA-256 of a file's bytes, in hexadecimal. */
export async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

const REASONS: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'a folder of the path has gone',
};

/** Does some writing at `path` and turns what the system refuses into `run.not-writable`. */
export async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = REASONS[systemCode(error)];
    if (error instanceof BnncError || reason === undefined) throw error;
    throw fail('run.not-writable', `cannot write: ${reason}`, {
      where: { file: path }, hint: 'Choose another place with --out.',
    });
  }
}

/** The code of a system error (`ENOENT`), or an empty string. */
export function systemCode(error: unknown): string {
  return String((error as NodeJS.ErrnoException | undefined)?.code ?? '');
}

/** JSON as this program writes it: two spaces, a newline at the end. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
