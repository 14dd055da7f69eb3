/** From a source to checked, decompressed UTF-8 bytes. */

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

/** @throws (while iterating) data.not-csv, data.not-text */
async function* decoded(chunks: AsyncIterable<Buffer>, encoding: Encoding, file: string): AsyncGenerator<Buffer> {
  const { head, all } = await peek(chunks, (start) => start.length >= TELLING);
  const other = otherFormat(head, file);
  if (other) throw other;
  yield* asUtf8(all, encodingOf(head, encoding), file);
}

/** The bytes of a source, and the SHA-256 of what was read of it so far. */
export interface TextBytes {
  chunks: AsyncGenerator<Buffer>;
  /** Hexadecimal digest of the raw (compressed) bytes; to be asked once, after the last chunk. */
  digest(): string;
}

/**
 * Opens a source, decompresses it if it begins with gzip's magic bytes, turns it into UTF-8 and lets only text pass.
 * @throws (while iterating) data.missing-file, data.is-directory, data.unreadable-file, data.invalid-gzip, data.not-csv,
 *   data.not-text
 */
export function textBytes(source: CsvSource, encoding: Encoding = 'auto'): TextBytes {
  const hash = createHash('sha256');
  async function* chunks(): AsyncGenerator<Buffer> {
    const guard = new TextGuard(source.name);
    try {
      const { head, all } = await peek(rawChunks(source, (chunk) => hash.update(chunk)), (start) => start.length >= 4);
      const zipped = head[0] === 0x1f && head[1] === 0x8b;
      for await (const chunk of decoded(zipped ? gunzip(all) : all, encoding, source.name)) {
        guard.check(chunk);
        yield chunk;
      }
      guard.end();
    } catch (error) {
      throw explain(error, source.name);
    }
  }
  return { chunks: chunks(), digest: () => hash.digest('hex') };
}
