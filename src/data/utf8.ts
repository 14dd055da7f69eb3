/** Guards the CSV parser against bytes that are no text. */

import { isAscii } from 'node:buffer';
import { fail, type BnncError } from '../errors.js';

const ENCODING_HINT = 'Set data.encoding: latin1 if it is Latin-1 or Windows-1252. Or save it as UTF-8 '
  + "(in a spreadsheet: 'CSV UTF-8'): iconv -f latin1 -t utf-8 old.csv > new.csv";

/** Checks a stream of chunks; lines are counted so that an error can name one. */
export class TextGuard {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });
  private lines = 1;
  /** The last bytes of the previous chunk: a character may begin there. */
  private tail = Buffer.alloc(0);
  /** Whether the previous chunk surely ended with a whole character. */
  private whole = true;

  constructor(private readonly file: string) {}

  /** @throws data.not-text for NUL bytes and invalid UTF-8 */
  check(chunk: Buffer): void {
    const nul = chunk.indexOf(0);
    if (nul >= 0) {
      const hint = isTwoByteText(chunk) ? 'It looks like UTF-16: set data.encoding: utf-16.' : 'It is not a text file.';
      throw this.notText(this.lines + countLines(chunk.subarray(0, nul)), 'a NUL byte', hint);
    }
    const ascii = isAscii(chunk);
    // Where no character is cut in two by the chunk's beginning, ASCII is UTF-8.
    if (!ascii || !this.whole) {
      try {
        this.decoder.decode(chunk, { stream: true });
      } catch {
        throw this.notText(this.lines + this.linesBeforeFault(chunk), 'bytes that are not valid UTF-8', ENCODING_HINT);
      }
    }
    this.whole = ascii;
    this.lines += countLines(chunk);
    this.tail = Buffer.from(chunk.length >= 3 ? chunk.subarray(-3) : Buffer.concat([this.tail, chunk]).subarray(-3));
  }

  /** To be called after the last chunk: a character may have been cut off. */
  end(): void {
    try {
      this.decoder.decode();
    } catch {
      throw this.notText(this.lines, 'an incomplete UTF-8 character at its end', ENCODING_HINT);
    }
  }

  private linesBeforeFault(chunk: Buffer): number {
    // Continuation bytes that lead the tail belong to a character that was complete.
    const start = this.tail.findIndex((byte) => (byte & 0xc0) !== 0x80);
    const carried = start < 0 ? Buffer.alloc(0) : this.tail.subarray(start);
    const text = new TextDecoder('utf-8').decode(Buffer.concat([carried, chunk]));
    const before = Buffer.from(text.slice(0, text.indexOf('\ufffd')));
    return countLines(before) - countLines(carried);
  }

  private notText(line: number, what: string, hint: string): BnncError {
    return fail('data.not-text', `this is not a UTF-8 text file: it contains ${what}`, { where: { file: this.file, line }, hint });
  }
}

/** Whether about every second byte is NUL, as in UTF-16 without a byte-order mark. */
function isTwoByteText(bytes: Buffer): boolean {
  const nuls = [0, 0];
  bytes.forEach((byte, at) => { if (byte === 0) nuls[at % 2]++; });
  return Math.max(...nuls) > 0.35 * bytes.length && Math.min(...nuls) < 0.1 * bytes.length;
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}
