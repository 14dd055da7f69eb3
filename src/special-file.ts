/**
 * Files that are none: pipes with a name, what a shell puts in the place of `<(command)`, terminals and other devices. Opening
 * one as a file waits in the system until somebody is at its other end, and no signal gets there; here it waits where signals
 * are heard.
 */

import { constants, createReadStream, openSync, statSync, type Stats } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as after } from 'node:timers/promises';
import { isatty, ReadStream } from 'node:tty';

// Windows has no such flags, and no such files.
const { O_RDONLY, O_WRONLY, O_NONBLOCK = 0, O_NOCTTY = 0 } = constants;
/** Between two looks for a reader, in milliseconds. */
const PAUSE = 50;

const isPlain = (found: Stats): boolean => found.isFile() || found.isDirectory();

/** Whether there is something at a path that is neither a file nor a folder. */
export function isSpecial(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && !isPlain(found);
}

/**
 * The bytes of a file or of what is in the place of one.
 * @param chunk bytes that are read of a file at once
 * @throws the system's error
 */
export function openReadable(path: string, chunk = 65_536): Readable {
  const found = statSync(path);
  if (isPlain(found)) return createReadStream(path, { highWaterMark: chunk });
  const fd = openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (found.isFIFO()) return new Socket({ fd, readable: true, writable: false });
  return isatty(fd) ? new ReadStream(fd) : createReadStream(path, { fd });
}

/** A file's bytes, where it is one: what is no file may never end. @throws the system's error; one of code ENOTREG */
export function readPlainFile(path: string): Promise<Buffer>;
/** Its text. */
export function readPlainFile(path: string, encoding: 'utf8'): Promise<string>;
export async function readPlainFile(path: string, encoding?: 'utf8'): Promise<Buffer | string> {
  if (isSpecial(path)) throw Object.assign(new Error('not a file'), { code: 'ENOTREG' });
  return readFile(path, encoding);
}

/** The entrance of a pipe with a name, as soon as somebody reads from it. @throws the system's error */
export async function openEntrance(path: string): Promise<Writable> {
  for (;;) {
    try {
      return new Socket({ fd: openSync(path, O_WRONLY | O_NONBLOCK), readable: false, writable: true });
    } catch (error) {
      // Nobody has it open to read.
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
    }
    await after(PAUSE);
  }
}

/**
 * All bytes of a file or of what is in the place of one, but no more than a bound and what comes with its last piece.
 * @throws the system's error
 */
export async function readBounded(path: string, most: number): Promise<Buffer> {
  if (!isSpecial(path)) return boundedFile(path, most);
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of openReadable(path)) {
    pieces.push(piece as Buffer);
    length += (piece as Buffer).length;
    if (length > most) break;
  }
  return Buffer.concat(pieces);
}

/** Files of the system may have no size and no end. */
async function boundedFile(path: string, most: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(most + 1);
    let length = 0;
    for (let read = 1; read > 0 && length < bytes.length; length += read) {
      ({ bytesRead: read } = await file.read(bytes, length, bytes.length - length, length));
    }
    return bytes.subarray(0, length);
  } finally {
    await file.close();
  }
}
