/** Text in other encodings than UTF-8, as UTF-8. */

import type { Config } from '../config/schema.js';
import { fail } from '../errors.js';

export type Encoding = Config['data']['encoding'];

/** What windows-1252, which files called Latin-1 mostly are, has in place of control characters, from 0x80 on. */
const WINDOWS = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** The encoding of a file that begins so. @param head at least two bytes, unless the file is shorter */
export function encodingOf(head: Buffer, asked: Encoding): 'utf-8' | 'latin1' | 'utf-16le' | 'utf-16be' {
  const [first, second] = head;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (asked === 'latin1') return first === 0xef && second === 0xbb ? 'utf-8' : 'latin1';
  // Without a mark: a name of a column begins with a letter below 256, whose other byte is 0.
  const wide = head.length > 1 && (first === 0) !== (second === 0);
  if (asked === 'utf-16' || (asked === 'auto' && wide)) return first === 0 ? 'utf-16be' : 'utf-16le';
  return 'utf-8';
}

/** Chunks of a text in UTF-8. @param file for errors @throws (while iterating) data.not-text */
export async function* asUtf8(
  chunks: AsyncIterable<Buffer>, encoding: ReturnType<typeof encodingOf>, file: string,
): AsyncGenerator<Buffer> {
  if (encoding === 'utf-8') {
    yield* chunks;
    return;
  }
  if (encoding === 'latin1') {
    for await (const chunk of chunks) yield Buffer.from(fromLatin1(chunk));
    return;
  }
  // It takes the byte-order mark away.
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
    yield Buffer.from(decoder.decode());
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw fail('data.not-text', 'this is not a text file in UTF-16: it contains half a character', {
      where: { file }, hint: 'Set another data.encoding, or save it as UTF-8.',
    });
  }
}

const fromLatin1 = (chunk: Buffer): string =>
  chunk.toString('latin1').replace(/[\x80-\x9f]/g, (sign) => WINDOWS[sign.charCodeAt(0) - 0x80]);
