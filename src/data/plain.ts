/** Lines of a CSV that has no quotes: every line is a row and every delimiter ends a cell. Most files of numbers are so. */

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const BYTE_ORDER_MARK = '\ufeff';

/** Takes bytes chunk by chunk and gives back the lines that are complete. */
export class PlainLines {
  private rest: Buffer = Buffer.alloc(0);
  private started = false;

  /** Whether a chunk can be read this way. */
  static suits(chunk: Buffer): boolean {
    return !chunk.includes(QUOTE);
  }

  /** The lines that end in this chunk, without their ends (LF, CRLF or CR). */
  take(chunk: Buffer): string[] {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const end = lastLineEnd(bytes);
    this.rest = bytes.subarray(end);
    return end === 0 ? [] : this.split(bytes.toString('utf8', 0, end)).slice(0, -1);
  }

  /** What follows the last complete line: the last line of a file that does not end with a line end, else nothing. */
  last(): string[] {
    const lines = this.split(this.remainder().toString('utf8'));
    return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
  }

  /** Bytes that were taken but not given back as lines. */
  remainder(): Buffer {
    return this.rest;
  }

  /** Whether no line was given back yet. */
  get untouched(): boolean {
    return !this.started;
  }

  private split(text: string): string[] {
    const from = !this.started && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
    this.started = true;
    return from.includes('\r') ? from.split(/\r\n|\n|\r/) : from.split('\n');
  }
}

/** The place after the last line end; a CR at the very end may yet become a CRLF. */
function lastLineEnd(bytes: Buffer): number {
  for (let at = bytes.length - 1; at >= 0; at--) {
    if (bytes[at] === LINE_FEED || (bytes[at] === RETURN && at < bytes.length - 1)) return at + 1;
  }
  return 0;
}
