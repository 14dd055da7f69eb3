/** Lines of a text, whose ends end rows: of a CSV where no cell has line breaks. */

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const MARK = Buffer.from('\ufeff');
const NOTHING = Buffer.alloc(0);

/** Takes bytes chunk by chunk and gives back the lines that are complete. */
export class PlainLines {
  /** Pieces of a line that has not ended yet: joined once, however many they are. */
  private rest: Buffer[] = [];
  private restLength = 0;
  private started = false;
  private joint = NOTHING;

  /** The lines that end in this chunk, without their ends (LF, CRLF or CR). */
  take(chunk: Buffer): string[] {
    return split(this.takeBytes(chunk).toString('utf8')).slice(0, -1);
  }

  /** The same as bytes, each line with its end; they are good until the next call. */
  takeBytes(chunk: Buffer): Buffer {
    const afterReturn = this.rest.at(-1)?.at(-1) === RETURN && chunk.length > 0;
    const end = lastLineEnd(chunk);
    if (end === 0 && !afterReturn) {
      this.keep(chunk);
      return NOTHING;
    }
    // A CR at the end of what is kept ends a line, if only because something follows.
    const whole = this.rest.length === 0 ? chunk.subarray(0, end) : this.joined(chunk.subarray(0, end));
    [this.rest, this.restLength] = [[], 0];
    this.keep(chunk.subarray(end));
    return this.begun(whole);
  }

  /** What follows the last complete line: the last line of a file that does not end with a line end, else nothing. */
  last(): string[] {
    return split(this.lastBytes().toString('utf8')).slice(0, -1);
  }

  /** The same as bytes, with an end. */
  lastBytes(): Buffer {
    const rest = this.begun(this.remainder());
    [this.rest, this.restLength] = [[], 0];
    return rest.length === 0 || rest.at(-1) === RETURN ? rest : Buffer.concat([rest, Buffer.of(LINE_FEED)]);
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

  /** What is kept and what follows, in memory that is used again and again. */
  private joined(next: Buffer): Buffer {
    const length = this.restLength + next.length;
    if (this.joint.length < length) this.joint = Buffer.allocUnsafeSlow(2 * length);
    let at = 0;
    for (const piece of [...this.rest, next]) at += piece.copy(this.joint, at);
    return this.joint.subarray(0, length);
  }

  private keep(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.rest.push(bytes);
    this.restLength += bytes.length;
  }

  /** Without a byte-order mark before the first line. */
  private begun(bytes: Buffer): Buffer {
    const marked = !this.started && MARK.equals(bytes.subarray(0, MARK.length));
    this.started = true;
    return marked ? bytes.subarray(MARK.length) : bytes;
  }
}

const split = (text: string): string[] => (text.includes('\r') ? text.split(/\r\n|\n|\r/) : text.split('\n'));

/** The place after the last line end; a CR at the very end may yet become a CRLF. */
function lastLineEnd(bytes: Buffer): number {
  for (let at = bytes.length - 1; at >= 0; at--) {
    if (bytes[at] === LINE_FEED || (bytes[at] === RETURN && at < bytes.length - 1)) return at + 1;
  }
  return 0;
}
