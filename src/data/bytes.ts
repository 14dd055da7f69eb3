/** From a source to decompressed bytes, and from these to checked UTF-8. */

import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BnncError, fail } from '../errors.js';
import { asUtf8, encodingOf, type Encoding } from './encoding.js';
import { otherFormat, TELLING } from './not-csv.js';
import type { CsvSource } from './source.js';
import { TextGuard } from './utf8.js';

/** Takes chunks until at least `wanted(head)` holds or the stream ends; returns what was taken and the whole stream again. */
export async function peek(
  chunks: AsyncIterable<Buffer>,
  enough: (head: Buffer) => boolean,
): Promise<{ head: Buffer; all: AsyncGenerator<Buffer> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (!enough(head)) {
    const next = await iterator.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
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

async function* gunzip(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  // pipeline passes an error of either stream on to the other; the loop then throws it, so the callback has nothing to do.
  const unzipped = pipeline(Readable.from(chunks), createGunzip(), () => {});
  for await (const chunk of unzipped) yield chunk as Buffer;
}

function explain(error: unknown, file: string): unknown {
  if (error instanceof BnncError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code?.startsWith('Z_')) {
    const hint = 'The file begins like a gzip file but is damaged or incomplete: copy or download it again.';
    return fail('data.invalid-gzip', `cannot be decompressed (${message})`, { where: { file }, hint });
  }
  if (code !== undefined && /^E[A-Z]+$/.test(code)) {
    return fail('data.unreadable-file', `cannot be read (${message})`, { where: { file }, hint: 'Check its permissions.' });
  }
  return error;
}

/** The bytes of a source, decompressed. */
export interface OpenBytes {
  /** What comes first: {@link TELLING} bytes, or all. */
  head: Buffer;
  /** All, head included. @throws (while iterating) data.unreadable-file, data.invalid-gzip */
  chunks: AsyncGenerator<Buffer>;
  /** Whether they came compressed. */
  zipped: boolean;
  /** Hexadecimal SHA-256 of what was read of the source so far, compressed as it came; to be asked once, after the last chunk. */
  digest(): string;
}

/**
 * Opens a source, and decompresses it if it begins with gzip's magic bytes.
 * @throws data.missing-file, data.is-directory, data.unreadable-file, data.invalid-gzip
 */
export async function openBytes(source: CsvSource): Promise<OpenBytes> {
  const hash = createHash('sha256');
  try {
    const raw = await peek(rawChunks(source, (chunk) => hash.update(chunk)), (start) => start.length >= 4);
    const zipped = raw.head[0] === 0x1f && raw.head[1] === 0x8b;
    const { head, all } = await peek(zipped ? gunzip(raw.all) : raw.all, (start) => start.length >= TELLING);
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
