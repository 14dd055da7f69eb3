/** The log of a command: what it says to the person, line by line with its time, appended to a file. */

import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { fail, visible } from '../errors.js';

export type LogLevel = 'start' | 'note' | 'warning' | 'progress' | 'error' | 'end';

export interface Log {
  /** Writes each line of the text. */
  write(level: LogLevel, text: string): void;
  close(): void;
}

const LINE = /^\d{4}-\d\d-\d\dT[\d:.]+Z (start|note|warning|progress|error|end) /;

/**
 * Opens a log, which goes on where it is one already.
 * @param path as typed
 * @throws usage.log-file for a file that is something else, or that cannot be written
 */
export function openLog(path: string, cwd: string, now: () => Date = () => new Date()): Log {
  const file = opened(path, cwd);
  return {
    write(level, text) {
      const time = now().toISOString();
      for (const line of text.trimEnd().split('\n')) writeSync(file, `${time} ${level} ${visible(line)}\n`);
    },
    close: () => closeSync(file),
  };
}

function opened(path: string, cwd: string): number {
  const where = { file: path };
  let file: number;
  try {
    file = openSync(resolve(cwd, path), 'a+');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw fail('usage.log-file', `the log cannot be written (${reason})`, { where, hint: 'Name another file with --log-file.' });
  }
  if (fstatSync(file).size === 0) return file;
  const head = Buffer.alloc(200);
  readSync(file, head, 0, head.length, 0);
  if (LINE.test(head.toString('latin1'))) return file;
  closeSync(file);
  throw fail('usage.log-file', 'this file is no log, and stays as it is', { where, hint: 'Name another file with --log-file.' });
}
