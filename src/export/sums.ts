/** SHA256SUMS: checksums of a model's files, as `sha256sum -c SHA256SUMS` reads them; some formats cannot hold their own. */

import { fail, visible } from '../errors.js';
import { sha256 } from './checksum.js';
import type { ExportedFile } from './index.js';

export const SUMS_FILE = 'SHA256SUMS';

/** The file for these files, a line each. */
export const writeSums = (files: readonly ExportedFile[]): string => files.map(({ file, bytes }) => `${sha256(bytes)}  ${file}\n`).join('');

/** The checksums by file. @param place what errors call it @throws run.model-changed where a line is none */
export function readSums(text: string, place: string): Map<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  return new Map(lines.map((line, at) => {
    const [, sum, file] = /^([0-9a-f]{64}) [ *]([^\\/.][^\\]*)$/.exec(line) ?? [];
    // No file has a zero in its name; what is shown as a code is no name that bnnc writes.
    if (file !== undefined && !file.split('/').includes('..') && visible(file) === file) return [file, sum];
    throw fail('run.model-changed', 'this line is no checksum of a file of the model', {
      where: { file: place, line: at + 1 }, hint: 'Copy it again, or remove the file.',
    });
  }));
}
