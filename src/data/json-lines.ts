/** JSON Lines in: an object a line, whose keys are the columns. Its cells are those that a CSV would have. */

import { fail, type Where } from '../errors.js';
import { readObject } from './json-object.js';
import { checkHeader } from './header.js';
import { isLonger, limitsOf, refuseLine } from './limits.js';
import { PlainLines } from './plain.js';
import { isUsed, type ReadOptions } from './read-options.js';
import { plainNumber } from './style.js';
import { TableBuilder, type Table } from './table.js';
import { shorten } from './wording.js';

/** The columns are the keys of so many lines; a later line can leave keys out, but has no others. */
export const KEY_LINES = 1024;

/** A file of this name is JSON Lines, whatever its first line looks like. */
export const isJsonLinesName = (name: string): boolean => /\.(jsonl|ndjson)(\.gz)?$/i.test(name);

/** Whether a text begins with an object of keys. @param head its first bytes */
export const beginsWithObject = (head: Buffer): boolean =>
  /^(\ufeff|ï»¿)?\s*\{\s*"(?:[^"\\]|\\.)*"\s*:/.test(head.toString('latin1', 0, 400));

/** A cell as the table's builder takes it, by key. */
type Cells = Map<string, string | number>;

/** Takes lines one by one; cuts a table off every `chunkRows`. */
class ObjectLines {
  private builder: TableBuilder | undefined;
  private waiting: { cells: Cells; line: number }[] = [];
  private places = new Map<string, number>();
  private line = 0;
  private emitted = false;
  private readonly used: (name: string) => boolean;
  private readonly longest: number;
  private readonly number: (text: string) => string | number;

  constructor(private readonly file: string, private readonly options: ReadOptions, private readonly chunkRows: number) {
    this.used = isUsed(options);
    this.number = plainNumber(options);
    this.longest = limitsOf(options.limits).line;
  }

  /** @returns tables that are full */
  accept(text: string): Table[] {
    this.line++;
    if (isLonger(text, this.longest)) throw refuseLine(this.longest, { file: this.file, line: this.line });
    // Blank lines are no rows.
    if (text.trim() === '') return [];
    const cells = this.cellsOf(text);
    if (this.builder) return this.add(cells, this.line);
    this.waiting.push({ cells, line: this.line });
    return this.waiting.length < KEY_LINES ? [] : this.begin();
  }

  /** @param pending bytes of a line that has not ended yet @throws data.line-too-long */
  checkPending(pending: number): void {
    if (pending > this.longest) throw refuseLine(this.longest, { file: this.file, line: this.line + 1 });
  }

  /** The tables of the last rows. */
  end(): Table[] {
    const { file } = this;
    const full = this.builder ? [] : this.begin();
    if (this.builder!.rows > 0) return [...full, this.cut()];
    if (this.emitted) return full;
    throw fail('data.empty-file', 'the file is empty', { where: { file }, hint: 'It needs an object a line, with a key for each column.' });
  }

  private begin(): Table[] {
    const keys = [...new Set(this.waiting.flatMap(({ cells }) => [...cells.keys()]))];
    const where = { file: this.file, line: this.waiting[0]?.line ?? 1 };
    if (keys.length === 0 && this.waiting.length > 0) {
      throw fail('data.empty-header', 'no object has a key', { where, hint: 'Each column needs a key: {"length": 3.5, "colour": "red"}.' });
    }
    this.places = new Map(keys.map((key, place) => [key, place]));
    this.builder = new TableBuilder(this.file, checkHeader(keys, where, this.options.limits), where.line, '', this.options.missing, this.options);
    return this.waiting.splice(0).flatMap(({ cells, line }) => this.add(cells, line));
  }

  private add(cells: Cells, line: number): Table[] {
    const row = new Array<string | number>(this.places.size).fill('');
    for (const [key, cell] of cells) {
      const place = this.places.get(key);
      if (place !== undefined) row[place] = cell;
      else if (this.used(key.trim())) throw this.lateKey(key, line);
    }
    this.builder!.add(row, line);
    return this.builder!.rows >= this.chunkRows ? [this.cut()] : [];
  }

  private cut(): Table {
    this.emitted = true;
    return this.builder!.take();
  }

  private cellsOf(text: string): Cells {
    const where = { file: this.file, line: this.line };
    const cells: Cells = new Map();
    for (const { key, value, kind, column } of readObject(text, where)) {
      if (cells.has(key)) {
        throw fail('data.duplicate-header', `key '${shorten(key)}' occurs twice in this object`, {
          where: { ...where, column }, hint: 'Rename or remove one of them.',
        });
      }
      if (kind === 'nested' && this.used(key.trim())) throw nestedCell(key.trim(), value, { ...where, column });
      cells.set(key, kind === 'nested' ? '' : kind === 'number' ? this.number(value) : value);
    }
    return cells;
  }

  private lateKey(key: string, line: number) {
    const hint = `Give it in one of the first ${KEY_LINES} lines too: "${shorten(key)}": null is a missing cell.`;
    return fail('data.unknown-key', `no earlier line has the key '${shorten(key)}'`, { where: { file: this.file, line }, hint });
  }
}

/** The fault of a list or an object in the place of a cell. @param value how it is written */
export function nestedCell(name: string, value: string, where: Where): Error {
  const what = value.startsWith('[') ? 'a list' : 'an object';
  const hint = `Give each part a column of its own. A column that is not needed may stay as it is, with kind: ignore in data.columns.`;
  return fail('data.nested-cell', `column '${shorten(name)}': a cell must be a number, a text, true, false or null, not ${what}`, { where, hint });
}

/**
 * Tables of `chunkRows` rows from JSON Lines in UTF-8. A number, true and false are the texts that JSON writes; null and a
 * key that is not there are missing cells.
 * @throws (while iterating) data.line-too-long, data.cell-too-long, data.too-many-columns, data.invalid-json-line,
 *   data.nested-cell, data.unknown-key, data.duplicate-header, data.empty-header, data.empty-file
 */
export async function* jsonLineTables(
  chunks: AsyncIterable<Buffer>, file: string, options: ReadOptions, chunkRows: number,
): AsyncGenerator<Table> {
  const [lines, rows] = [new PlainLines(), new ObjectLines(file, options, chunkRows)];
  for await (const chunk of chunks) {
    for (const line of lines.take(chunk)) yield* rows.accept(line);
    rows.checkPending(lines.pending);
  }
  for (const line of lines.last()) yield* rows.accept(line);
  yield* rows.end();
}
