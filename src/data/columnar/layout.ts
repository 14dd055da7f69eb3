/**
 * A table as a file of columns: what the writer writes and the reader opens. The layout is our own, because little is to be kept:
 * doubles as they are, codes of texts, and lines. It is read on the machine that wrote it.
 *
 *     magic | blocks of rows: their lines, then column by column their cells | what is where, as JSON | its length | SHA-256
 */

import { count, list, optional, orNull, record, text, type Checked } from '../../rules.js';

/** 16 bytes, in which numbers are as in the memory of most machines. */
export const MAGIC = Buffer.from('bnnc columns 1\r\n', 'latin1');
/** Of the JSON, a double. */
export const LENGTH_BYTES = 8;
export const HASH_BYTES = 32;

const place = count();

/** What is where. */
export const contentsRule = record({
  /** What the table was made of. */
  key: text,
  names: list(text),
  headerLine: optional(place),
  delimiter: text,
  missingSeen: list(text),
  sha256: text,
  /** Texts of each column; null of one that is numbers. */
  levels: list(orNull(list(text))),
  foreign: list(list(place)),
  /** Rows of each block, and where its lines and the cells of each of its columns begin. */
  blocks: list(record({ rows: place, lines: place, columns: list(place) })),
});

export type Contents = Checked<typeof contentsRule>;
export type Block = Contents['blocks'][number];
