/** Bytes that are read by their place, as formats need them whose end says what is where. */

import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { OpenBytes } from './bytes.js';
import type { CsvSource } from './source.js';

/** Some bytes, wherever they are. */
export interface PlacedBytes {
  byteLength: number;
  /** The file that they are read from; absent where they are in memory. */
  path?: string;
  /** Those from `start` to before `end`. */
  slice(start: number, end?: number): Promise<ArrayBuffer>;
  close(): Promise<void>;
}

/** The bytes of a source that was opened: of a file as they lie there; gzipped, or through a pipe, all in memory. */
export async function placedBytes({ chunks, zipped }: OpenBytes, { path }: CsvSource): Promise<PlacedBytes> {
  if (!zipped && path !== undefined && statSync(path).isFile()) {
    await chunks.return(undefined);
    return fileBytes(path);
  }
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return memoryBytes(Buffer.concat(parts));
}

async function fileBytes(path: string): Promise<PlacedBytes> {
  const file = await open(path, 'r');
  const { size } = await file.stat();
  return {
    byteLength: size, path,
    async slice(start, end = size) {
      const bytes = new Uint8Array(Math.max(0, end - start));
      for (let at = 0; at < bytes.length;) {
        const { bytesRead } = await file.read(bytes, at, bytes.length - at, start + at);
        if (bytesRead === 0) throw new Error('the file ends too early');
        at += bytesRead;
      }
      return bytes.buffer;
    },
    close: () => file.close(),
  };
}

function memoryBytes(bytes: Buffer): PlacedBytes {
  return {
    byteLength: bytes.length,
    slice: (start, end) => Promise.resolve(new Uint8Array(bytes.subarray(start, end)).buffer),
    close: () => Promise.resolve(),
  };
}

/** Bytes of slices that are kept, at most. */
const KEPT = 1 << 23;

/** Bytes of which slices are kept. */
export interface KeptSlices extends Pick<PlacedBytes, 'byteLength' | 'slice'> {
  /** To be called when those that were asked for are not asked for again: kept without need, they would fill all the room. */
  forget(): void;
}

/** The same bytes; slices that are asked for again and again are kept as long as there is room, the latest ones. */
export function keepingSlices(bytes: PlacedBytes): KeptSlices {
  const kept = new Map<string, { slice: Promise<ArrayBuffer>; size: number }>();
  let total = 0;
  const drop = (key: string): void => {
    total -= kept.get(key)?.size ?? 0;
    kept.delete(key);
  };
  return {
    byteLength: bytes.byteLength,
    slice(start, end = bytes.byteLength) {
      const key = `${start} ${end}`;
      const size = end - start;
      const slice = kept.get(key)?.slice ?? bytes.slice(start, end);
      if (size > KEPT / 2) return slice;
      drop(key);
      kept.set(key, { slice, size });
      total += size;
      for (const oldest of kept.keys()) {
        if (total <= KEPT) break;
        drop(oldest);
      }
      return slice;
    },
    forget() {
      kept.clear();
      total = 0;
    },
  };
}

/** SHA-256 of a file's bytes, in hexadecimal. */
export async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
