/** Where the bytes of a table come from. A source is opened by the reader, so that its errors carry the name the person typed. */

import { createReadStream, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { closest } from '../suggest.js';
import { fail } from '../errors.js';

/** A named stream of bytes, plain or gzipped. */
export interface CsvSource {
  /** What errors call it: the path as typed, or `<stdin>`. */
  name: string;
  /** Where it lies as a file, if it does: formats that are read by place, such as Parquet, are then not held in memory. */
  path?: string;
  /** A fresh stream of the bytes. May throw an error of kind `data`. */
  open(): NodeJS.ReadableStream;
}

/** A neighbour of the missing file with a similar name, written the way the person wrote theirs. */
function neighbour(path: string, name: string): string | undefined {
  try {
    const near = closest(basename(path), readdirSync(dirname(path)));
    return near === undefined ? undefined : join(dirname(name), near);
  } catch {
    return undefined;
  }
}

/**
 * A file on disk. `name` is the path as the person typed it, when `path` was resolved against another folder.
 * @throws (on open) data.missing-file, data.is-directory
 */
export function fileSource(path: string, name: string = path): CsvSource {
  return {
    name, path,
    open() {
      const status = statSync(path, { throwIfNoEntry: false });
      if (status === undefined) {
        const near = neighbour(path, name);
        const hint = near === undefined ? 'Check the path.' : `Did you mean '${near}'?`;
        throw fail('data.missing-file', 'no such file', { where: { file: name }, hint });
      }
      if (status.isDirectory()) {
        const hint = 'Name the file itself.';
        throw fail('data.is-directory', 'this is a folder, not a file with a table', { where: { file: name }, hint });
      }
      return createReadStream(path);
    },
  };
}
