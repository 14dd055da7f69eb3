/** Writes a table to a file of columns, a block of rows at a time. */

import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { canonical, type Column, type NumberColumn, type TextColumn } from '../column.js';
import type { Table } from '../table.js';
import { LENGTH_BYTES, MAGIC, type Block } from './layout.js';
import { bytesOf, readInto } from './places.js';

/** A column of texts on its way: its dictionary is that of all blocks so far. */
class Texts {
  readonly codes = new Map<string, number>();
  readonly foreign = new Set<number>();

  /** The cells of a block as codes of the whole table. */
  take(column: Column): Int32Array {
    return column.type === 'text' ? this.takeTexts(column) : this.takeNumbers(column);
  }

  private takeTexts({ codes, levels, foreign }: TextColumn): Int32Array {
    const places = levels.map((level) => this.code(level));
    for (const code of foreign ?? []) this.foreign.add(places[code]);
    return codes.map((code) => (code < 0 ? -1 : places[code]));
  }

  private takeNumbers({ values }: NumberColumn): Int32Array {
    return Int32Array.from(values, (value) => (Number.isNaN(value) ? -1 : this.code(canonical(value))));
  }

  private code(text: string): number {
    let code = this.codes.get(text);
    if (code === undefined) this.codes.set(text, (code = this.codes.size));
    return code;
  }
}

/** Takes the blocks of a table one after the other; cells come out as if the table had been read as one. */
export class ColumnarWriter {
  private readonly blocks: Block[] = [];
  private readonly hash = createHash('sha256');
  private texts: (Texts | undefined)[] = [];
  private last: Table | undefined;
  private at = 0;

  /** @param file open to read and write, and empty */
  constructor(private readonly file: number) {
    this.write(MAGIC);
  }

  /** @throws the system's error, as where the disk is full */
  add(table: Table): void {
    this.last = table;
    if (this.blocks.length === 0) this.texts = table.columns.map(() => undefined);
    const lines = this.write(bytesOf(table.lines));
    const columns = table.columns.map((column, c) => this.addCells(column, c));
    this.blocks.push({ rows: table.rows, lines, columns });
  }

  /**
   * Writes what is where.
   * @param key what the table is made of, as {@link openColumnar} is to find it again
   */
  finish(key: string, sha256: string): void {
    const { names, headerLine, delimiter, missingSeen } = this.last!;
    const { blocks, texts } = this;
    const contents = Buffer.from(JSON.stringify({
      key, names, headerLine, delimiter, missingSeen, sha256, blocks,
      levels: texts.map((each) => (each ? [...each.codes.keys()] : null)), foreign: texts.map((each) => [...each?.foreign ?? []]),
    }));
    this.write(contents);
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeDoubleLE(contents.length);
    this.write(length);
    this.put(this.hash.digest());
  }

  private addCells(column: Column, c: number): number {
    if (column.type === 'text') this.texts[c] ??= this.toTexts(c);
    const texts = this.texts[c];
    return this.write(bytesOf(texts ? texts.take(column) : (column as NumberColumn).values));
  }

  /** Numbers that were written before the first text came are written anew, as the texts that they now are. */
  private toTexts(c: number): Texts {
    const texts = new Texts();
    for (const block of this.blocks) {
      const values = new Float64Array(block.rows);
      readInto(this.file, bytesOf(values), block.columns[c]);
      block.columns[c] = this.write(bytesOf(texts.take({ type: 'number', values })));
    }
    return texts;
  }

  /** @returns the place where the bytes begin */
  private write(bytes: Uint8Array): number {
    this.hash.update(bytes);
    return this.put(bytes);
  }

  private put(bytes: Uint8Array): number {
    const start = this.at;
    for (let done = 0; done < bytes.length;) done += writeSync(this.file, bytes, done, bytes.length - done, start + done);
    this.at += bytes.length;
    return start;
  }
}
