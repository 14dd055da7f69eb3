/** Opens a file of columns as a table: each column comes into memory when it is asked for. */

import { createHash } from 'node:crypto';
import { closeSync, fstatSync } from 'node:fs';
import type { Column, NumberColumn, TextColumn } from '../column.js';
import type { Table } from '../table.js';
import { contentsRule, HASH_BYTES, LENGTH_BYTES, MAGIC, type Block, type Contents } from './layout.js';
import { bytesOf, readInto } from './places.js';

/** Bytes that are hashed at once. */
const AT_ONCE = 1 << 22;
/** Columns that are in memory at a time; whoever goes through a table goes column by column. */
const HELD = 2;
/** Of a table whose cells take no more bytes than this all columns are in memory. */
const SMALL = 256e6;

/**
 * The table of a file that {@link ColumnarWriter} wrote.
 * @param file open to read; closed when nobody has the table any more, and at once where there is none
 * @param key what the table is made of
 * @param name what errors call its source
 * @param small a table with no more bytes of cells is taken into memory
 * @param isOwn whether this process has just written it: then it is not compared with its hash
 * @returns undefined where the file is damaged, cut short, or of something else
 */
export function openColumnar(
  file: number, key: string, name: string, { small = SMALL, isOwn = false }: { small?: number | undefined; isOwn?: boolean } = {},
): Table | undefined {
  const contents = checkedContents(file, isOwn);
  if (contents?.key !== key) {
    closeSync(file);
    return undefined;
  }
  return tableOf(contents, file, name, small);
}

function checkedContents(file: number, isOwn: boolean): Contents | undefined {
  const { size } = fstatSync(file);
  const end = size - HASH_BYTES;
  if (end < MAGIC.length + LENGTH_BYTES) return undefined;
  const [magic, tail] = [Buffer.alloc(MAGIC.length), Buffer.alloc(LENGTH_BYTES + HASH_BYTES)];
  readInto(file, magic, 0);
  readInto(file, tail, end - LENGTH_BYTES);
  const length = tail.readDoubleLE(0);
  if (!magic.equals(MAGIC) || !(length >= 0 && length <= end - LENGTH_BYTES)) return undefined;
  if (!isOwn && !hashOf(file, end).equals(tail.subarray(LENGTH_BYTES))) return undefined;
  const json = Buffer.alloc(length);
  readInto(file, json, end - LENGTH_BYTES - length);
  const contents: unknown = JSON.parse(json.toString('utf8'));
  return contentsRule(contents).length > 0 ? undefined : contents as Contents;
}

function hashOf(file: number, end: number): Buffer {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(Math.min(AT_ONCE, end));
  for (let at = 0; at < end;) {
    const part = buffer.subarray(0, Math.min(buffer.length, end - at));
    readInto(file, part, at);
    hash.update(part);
    at += part.length;
  }
  return hash.digest();
}

function tableOf(
  { names, headerLine, delimiter, missingSeen, sha256, levels, foreign, blocks }: Contents,
  file: number, name: string, small: number,
): Table {
  const shelf = new Shelf(file, blocks);
  const { rows } = shelf;
  const bytes = levels.reduce((sum, texts) => sum + rows * (texts ? 4 : 8), 0);
  const columns = levels.map((texts, c): Column => {
    const stored = texts ? new StoredTexts(shelf, c, texts, foreign[c]) : new StoredNumbers(shelf, c);
    return bytes <= small ? inMemory(stored) : stored;
  });
  const lines = shelf.fill(new Int32Array(rows), (block) => block.lines);
  return { file: name, names, columns, rows, lines, headerLine, delimiter, missingSeen, sha256 };
}

const inMemory = (column: StoredNumbers | StoredTexts): Column => {
  if (column.type === 'number') return { type: 'number', values: column.values };
  const { codes, levels, foreign } = column;
  return { type: 'text', codes, levels, ...(foreign && { foreign }) };
};

/** A file without a reader is closed when this is collected. */
const unread = new FinalizationRegistry<number>((file) => closeSync(file));

/** The columns of a file, and which of them are in memory. */
class Shelf {
  readonly rows: number;
  private held: { column: number; cells: Float64Array | Int32Array }[] = [];

  constructor(private readonly file: number, private readonly blocks: readonly Block[]) {
    this.rows = blocks.reduce((sum, { rows }) => sum + rows, 0);
    unread.register(this, file);
  }

  /** The cells of a column, all rows. */
  cells<A extends Float64Array | Int32Array>(column: number, make: (rows: number) => A): A {
    const [latest] = this.held;
    if (latest?.column === column) return latest.cells as A;
    const there = this.held.find((each) => each.column === column);
    // What is to go goes before its successor comes.
    const others = this.held.filter((each) => each !== there);
    this.held = others.slice(0, HELD - 1);
    const cells = there?.cells as A | undefined ?? this.fill(make(this.rows), ({ columns }) => columns[column]);
    this.held.unshift({ column, cells });
    return cells;
  }

  fill<A extends Float64Array | Int32Array>(all: A, place: (block: Block) => number): A {
    let at = 0;
    for (const block of this.blocks) {
      readInto(this.file, bytesOf(all.subarray(at, at + block.rows)), place(block));
      at += block.rows;
    }
    return all;
  }

  /** Some rows, from `from` to before `to`. */
  part<A extends Float64Array | Int32Array>(column: number, from: number, to: number, cells: A): A {
    let first = 0;
    for (const { rows, columns } of this.blocks) {
      const [start, end] = [Math.max(from, first), Math.min(to, first + rows)];
      const place = columns[column] + (start - first) * cells.BYTES_PER_ELEMENT;
      if (start < end) readInto(this.file, bytesOf(cells.subarray(start - from, end - from)), place);
      first += rows;
    }
    return cells;
  }
}

class StoredNumbers implements NumberColumn {
  readonly type = 'number';

  constructor(private readonly shelf: Shelf, private readonly column: number) {}

  get values(): Float64Array {
    return this.shelf.cells(this.column, (rows) => new Float64Array(rows));
  }

  slice(from: number, to: number): NumberColumn {
    return { type: 'number', values: this.shelf.part(this.column, from, to, new Float64Array(to - from)) };
  }
}

class StoredTexts implements TextColumn {
  readonly type = 'text';
  readonly foreign?: Set<number>;

  constructor(
    private readonly shelf: Shelf, private readonly column: number, readonly levels: string[], foreign: readonly number[],
  ) {
    if (foreign.length > 0) this.foreign = new Set(foreign);
  }

  get codes(): Int32Array {
    return this.shelf.cells(this.column, (rows) => new Int32Array(rows));
  }

  slice(from: number, to: number): TextColumn {
    const { levels, foreign } = this;
    const codes = this.shelf.part(this.column, from, to, new Int32Array(to - from));
    return { type: 'text', codes, levels, ...(foreign && { foreign }) };
  }
}

/** The rows of a table from `from` to before `to`, without any column as a whole. */
export function rowsBetween(table: Table, from: number, to: number): Table {
  const columns = table.columns.map((column): Column => {
    if (column instanceof StoredNumbers || column instanceof StoredTexts) return column.slice(from, to);
    return column.type === 'number' ? { type: 'number', values: column.values.subarray(from, to) }
      : { ...column, codes: column.codes.subarray(from, to) };
  });
  return { ...table, columns, rows: to - from, lines: table.lines.subarray(from, to) };
}
