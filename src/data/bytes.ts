/** From a source to decompressed bytes, and from these to checked UTF-8. */

import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BnncError, fail } from '../errors.js';
import { asUtf8, encodingOf, type Encoding } from './encoding.js';
import { checkUnpacked, limitsOf, type Limits } from './limits.js';
import { otherFormat, TELLING } from './not-csv.js';
import type { CsvSource } from './source.js';
import { TextGuard } from './utf8.js';

/** Takes chunks until there are enough or the stream ends; returns what was taken and the whole stream again. */
export async function peek(
  chunks: AsyncIterable<Buffer>,
  enough: (length: number, chunk: Buffer) => boolean,
): Promise<{ head: Buffer; all: AsyncGenerator<Buffer> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const taken: Buffer[] = [];
  for (let length = 0; ;) {
    const next = await iterator.next();
    if (next.done) break;
    taken.push(next.value);
    length += next.value.length;
    if (enough(length, next.value)) break;
  }
  const head = taken.length === 1 ? taken[0] : Buffer.concat(taken);
  async function* all(): AsyncGenerator<Buffer> {
    try {
      if (head.length > 0) yield head;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { head, all: all() };
}

async function* rawChunks(source: CsvSource, absorb: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const piece of source.open()) {
    const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece;
    absorb(chunk);
    yield chunk;
  }
}

/** @throws data.unpacked-too-large */
async function* gunzip(chunks: AsyncIterable<Buffer>, limit: Limits['unpacked'], file: string): AsyncGenerator<Buffer> {
  let [packed, unpacked] = [0, 0];
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      packed += chunk.length;
      yield chunk;
    }
  }
  // pipeline passes an error of either stream on to the other; the loop then throws it, so the callback has nothing to do.
  const unzipped = pipeline(Readable.from(counted()), createGunzip(), () => {});
  for await (const piece of unzipped) {
    const chunk = piece as Buffer;
    checkUnpacked(unpacked += chunk.length, packed, limit, file);
    yield chunk;
  }
}

function explain(error: unknown, file: string): unknown {
  if (error instanceof BnncError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code?.startsWith('Z_')) {
    const hint = 'The file begins like a gzip file but is damaged or incomplete: copy or download it again.';
    return fail('data.invalid-gzip', `cannot be decompressed (${message})`, { where: { file }, hint });
  }
  if (code !== undefined && code !== 'EMFILE' && /^E[A-Z]+$/.test(code)) {
    return fail('data.unreadable-file', `cannot be read (${message})`, { where: { file }, hint: 'Check its permissions.' });
  }
  return error;
}

/** The bytes of a source, decompressed. */
export interface OpenBytes {
  /** What comes first: {@link TELLING} bytes, or all. */
  head: Buffer;
  /** All, head included. @throws (while iterating) data.unreadable-file, data.invalid-gzip, data.unpacked-too-large */
  chunks: AsyncGenerator<Buffer>;
  /** Whether they came compressed. */
  zipped: boolean;
  /** Hexadecimal SHA-256 of what was read of the source so far, compressed as it came; to be asked once, after the last chunk. */
  digest(): string;
}

/**
 * Opens a source, and decompresses it if it begins with gzip's magic bytes.
 * @throws data.missing-file, data.is-directory, data.unreadable-file, data.invalid-gzip, data.unpacked-too-large
 */
export async function openBytes(source: CsvSource, limits?: Partial<Limits>): Promise<OpenBytes> {
  const hash = createHash('sha256');
  try {
    const raw = await peek(rawChunks(source, (chunk) => hash.update(chunk)), (length) => length >= 4);
    const zipped = raw.head[0] === 0x1f && raw.head[1] === 0x8b;
    const plain = zipped ? gunzip(raw.all, limitsOf(limits).unpacked, source.name) : raw.all;
    const { head, all } = await peek(plain, (length) => length >= TELLING);
    return { head, chunks: explained(all, source.name), zipped, digest: () => hash.digest('hex') };
  } catch (error) {
    throw explain(error, source.name);
  }
}

async function* explained(chunks: AsyncGenerator<Buffer>, file: string): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch (error) {
    throw explain(error, file);
  }
}

/**
 * The same as UTF-8; lets only text pass.
 * @throws (while iterating) data.unreadable-file, data.invalid-gzip, data.not-csv, data.not-text
 */
export async function* textOf({ head, chunks }: OpenBytes, encoding: Encoding = 'auto', file: string): AsyncGenerator<Buffer> {
  const other = otherFormat(head, file);
  if (other) throw other;
  const guard = new TextGuard(file);
  for await (const chunk of asUtf8(chunks, encodingOf(head, encoding), file)) {
    guard.check(chunk);
    yield chunk;
  }
  guard.end();
}
