/** CSV in: text through csv-parse into tables, whole or in chunks. Reading stops at the first fault. */

import { Readable, pipeline } from 'node:stream';
import type { CsvError, InfoRecord } from 'csv-parse';
import type { BnncError} from '../errors.js';
import { fail } from '../errors.js';
import { afterEnd, cellsOf, endOfLine, QUOTED, RAGGED } from './byte-rows.js';
import { peek } from './bytes.js';
import { checkHeader, DelimiterCount } from './header.js';
import { limitsOf, refuseLine } from './limits.js';
import { PlainLines } from './plain.js';
import type { ReadOptions } from './read-options.js';
import { TableBuilder, type Table } from './table.js';

/** What is read ahead of the parser, at most. */
const AHEAD = 1 << 22;
const UNCLOSED = 'Perhaps a quote opens in it and never closes. ';

/** Delimiters that stand in no number. */
const SIMPLE = /^[\t!#-*,/:-@[-`{-~]$/;

/** A first line longer than this is judged by its beginning. */
const HEADER_LIMIT = 1 << 22;

/** Takes csv-parse's records one by one, knows each one's line, and collects them; cuts a table off every `chunkRows`. */
class RowReader {
  private builder: TableBuilder | undefined;
  private header: string[] = [];
  private nextLine = 1;
  private countedLines = 0;
  private emitted = false;
  private counted = 0;
  private readonly longest: number;

  constructor(
    private readonly file: string,
    private readonly delimiter: string,
    private readonly options: ReadOptions,
    private readonly chunkRows: number,
  ) {
    this.longest = limitsOf(options.limits).line;
  }

  /** @returns a table when it is full, else null */
  readonly accept = (cells: string[], info: InfoRecord): Table | null => this.add(cells, this.advance(cells, info.lines));

  /**
   * Takes lines, each with its end.
   * @returns the place after those that were taken: what follows, if anything, has quotes that take a parser
   */
  *acceptLines(bytes: Buffer): Generator<Table, number> {
    const mayBeLong = bytes.length > this.longest;
    for (let at = 0; at < bytes.length;) {
      const { builder } = this;
      if (mayBeLong && endOfLine(bytes, at) - at > this.longest) throw this.tooLong();
      let end = builder && !builder.mayBeBlank(bytes, at) ? builder.addLine(bytes, at, this.nextLine) : RAGGED;
      if (end === QUOTED) return at;
      if (end !== RAGGED) {
        this.counted++;
        this.nextLine++;
        if (builder!.rows >= this.chunkRows) yield this.cut();
      } else {
        end = endOfLine(bytes, at);
        const cells = cellsOf(bytes.toString('utf8', at, end), this.delimiter, this.options.quote !== 'none');
        if (!cells) return at;
        const table = this.add(cells, this.nextLine++);
        if (table) yield table;
      }
      at = afterEnd(bytes, end);
    }
    return bytes.length;
  }

  /** @param pending bytes of a line that has not ended yet @throws data.line-too-long */
  checkPending(pending: number): void {
    if (pending > this.longest) throw this.tooLong();
  }

  /** How many rows there were, blank ones too. */
  get count(): number {
    return this.counted;
  }

  tooLong(more?: string): BnncError {
    return refuseLine(this.longest, { file: this.file, line: this.nextLine }, more);
  }

  private add(cells: string[], line: number): Table | null {
    this.counted++;
    // Blank lines are no rows.
    if (cells.length === 1 && cells[0].trim() === '') return null;
    if (this.builder === undefined) {
      this.header = checkHeader(cells, { file: this.file, line }, this.options.limits);
      this.builder = new TableBuilder(this.file, this.header, line, this.delimiter, this.options.missing, this.options);
      return null;
    }
    this.builder.add(cells, line);
    return this.builder.rows >= this.chunkRows ? this.cut() : null;
  }

  /** The last table, if any row is left. */
  end(): Table | null {
    const { file, builder } = this;
    if (builder === undefined) {
      const hint = 'It needs a line of column names, and rows below it.';
      throw fail('data.empty-file', 'the file is empty', { where: { file }, hint });
    }
    if (builder.rows > 0) return this.cut();
    if (this.emitted) return null;
    const hint = 'Rows of cells must follow the line of column names.';
    throw fail('data.no-rows', 'the file has column names but no rows', { where: { file }, hint });
  }

  /** csv-parse's complaint in our words. */
  explain(error: CsvError): BnncError {
    const index = Number(error.column);
    const column = this.header.length > index ? `column '${this.header[index]}'` : `cell ${index + 1}`;
    const where = { file: this.file, line: this.nextLine };
    if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
      const hint = 'Close the quote; inside quotes, double each quote ("").';
      return fail('data.unclosed-quote', `${column}: a quote opens in this row and never closes`, { where, hint });
    }
    if (error.code === 'CSV_MAX_RECORD_SIZE') return this.tooLong(UNCLOSED);
    if (/QUOTE/.test(error.code)) {
      const hint = 'Quote the whole cell and double the quotes inside it: "a ""quoted"" word".';
      return fail('data.stray-quote', `${column}: there is a quote inside or beside the cell's text`, { where, hint });
    }
    return fail('data.invalid-csv', error.message, { where, hint: 'The file is not readable as CSV.' });
  }

  private cut(): Table {
    this.emitted = true;
    return this.builder!.take();
  }

  /** The line on which the record begins. `countedLines` rises by 1 for a record without line breaks in its cells. */
  private advance(cells: string[], counted: number): number {
    const line = this.nextLine;
    this.nextLine += 1;
    // csv-parse counts a CRLF inside quotes twice, hence the second, exact count.
    if (counted !== this.countedLines + 1) for (const cell of cells) this.nextLine += cell.match(/\r\n|\n|\r/g)?.length ?? 0;
    this.countedLines = counted;
    return line;
  }
}

async function resolveDelimiter(
  bytes: AsyncIterable<Buffer>, { delimiter: asked, quote }: ReadOptions,
): Promise<{ delimiter: string; chunks: AsyncIterable<Buffer> }> {
  if (asked !== 'auto') return { delimiter: asked, chunks: bytes };
  // Latin-1 maps bytes to characters one to one: delimiters and quotes are ASCII, and no character can be cut in two.
  const found = new DelimiterCount(quote !== 'none');
  const { all } = await peek(bytes, (length, chunk) => {
    found.take(chunk.toString('latin1'));
    return length >= HEADER_LIMIT || found.complete;
  });
  return { delimiter: found.delimiter, chunks: all };
}

/** Tables of `chunkRows` rows from CSV in UTF-8. @throws (while iterating) what `readTable` throws of CSV */
export async function* csvTables(
  bytes: AsyncIterable<Buffer>, file: string, options: ReadOptions, chunkRows: number,
): AsyncGenerator<Table> {
  const { delimiter, chunks } = await resolveDelimiter(bytes, options);
  const rows = new RowReader(file, delimiter, options, chunkRows);
  const iterator = chunks[Symbol.asyncIterator]();
  const plain = new PlainLines();
  const quotes = options.quote === 'none' ? false : '"';
  try {
    // csv-parse goes through text byte by byte: where quotes are simple, cells are taken from the bytes much sooner.
    const simple = SIMPLE.test(delimiter);
    for (let next = await iterator.next(); ; next = await iterator.next()) {
      const lines = next.done ? plain.lastBytes() : simple ? plain.takeBytes(next.value) : next.value;
      const taken = simple ? yield* rows.acceptLines(lines) : 0;
      if (taken < lines.length) {
        const rest = startingWith(Buffer.concat([lines.subarray(taken), plain.remainder()]), iterator);
        const { line } = limitsOf(options.limits);
        yield* parsed(rest, rows, { delimiter, bom: plain.untouched, quote: quotes, max_record_size: line });
        break;
      }
      if (next.done) break;
      rows.checkPending(plain.pending);
    }
    const last = rows.end();
    if (last) yield last;
  } finally {
    await iterator.return?.();
  }
}

async function* startingWith(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** Tables from what csv-parse, which many a table does without, makes of the bytes. */
async function* parsed(
  bytes: AsyncIterable<Buffer>, rows: RowReader,
  style: { delimiter: string; bom: boolean; quote: '"' | false; max_record_size: number },
): AsyncGenerator<Table> {
  const { CsvError, Parser } = await import('csv-parse');
  const parser = new Parser({
    ...style,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    trim: true,
    // Rows are taken here, in parsing order, rather than from the stream: an error must know how many came before it.
    on_record: rows.accept as never,
  });
  try {
    const source = Readable.from(bounded(bytes, rows, style.max_record_size));
    for await (const table of pipeline(source, parser, () => {})) yield table as Table;
  } catch (error) {
    throw error instanceof CsvError ? rows.explain(error) : error;
  }
}

/** The parser counts the bytes of cells alone: a row that is nothing but delimiters ends here. @throws data.line-too-long */
async function* bounded(bytes: AsyncIterable<Buffer>, rows: RowReader, limit: number): AsyncGenerator<Buffer> {
  let [count, since] = [rows.count, 0];
  for await (const chunk of bytes) {
    if (rows.count !== count) [count, since] = [rows.count, 0];
    since += chunk.length;
    if (since > limit + AHEAD) throw rows.tooLong(UNCLOSED);
    yield chunk;
  }
}
