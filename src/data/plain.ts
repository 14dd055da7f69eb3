/** Lines of a CSV that has no quotes: every line is a row and every delimiter ends a cell. Most files of numbers are so. */

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const BYTE_ORDER_MARK = '\ufeff';

/** Takes bytes chunk by chunk and gives back the lines that are complete. */
export class PlainLines {
  /** Pieces of a line that has not ended yet: joined once, however many they are. */
  private rest: Buffer[] = [];
  private restLength = 0;
  private started = false;

  /** Whether a chunk can be read this way. */
  static suits(chunk: Buffer): boolean {
    return !chunk.includes(QUOTE);
  }

  /** The lines that end in this chunk, without their ends (LF, CRLF or CR). */
  take(chunk: Buffer): string[] {
    const afterReturn = this.rest.at(-1)?.at(-1) === RETURN && chunk.length > 0;
    const end = lastLineEnd(chunk);
    if (end === 0 && !afterReturn) {
      this.keep(chunk);
      return [];
    }
    // A CR at the end of what is kept ends a line, if only because something follows.
    const text = Buffer.concat([...this.rest, chunk.subarray(0, end)]).toString('utf8');
    [this.rest, this.restLength] = [[], 0];
    this.keep(chunk.subarray(end));
    return this.split(text).slice(0, -1);
  }

  /** What follows the last complete line: the last line of a file that does not end with a line end, else nothing. */
  last(): string[] {
    const lines = this.split(this.remainder().toString('utf8'));
    return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
  }

  /** Bytes that were taken but not given back as lines. */
  remainder(): Buffer {
    return Buffer.concat(this.rest);
  }

  /** How many they are. */
  get pending(): number {
    return this.restLength;
  }

  /** Whether no line was given back yet. */
  get untouched(): boolean {
    return !this.started;
  }

  private keep(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.rest.push(bytes);
    this.restLength += bytes.length;
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
