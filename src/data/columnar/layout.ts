/**
 * A table as a file of columns: what the writer writes and the reader opens. The layout is our own, because little is to be kept:
 * doubles as they are, codes of texts, and lines. It is read on the machine that wrote it.
 *
 *     magic | blocks of rows: their lines, then column by column their cells | what is where, as JSON | its length | SHA-256
 */

import { z } from 'zod';

/** 16 bytes, in which numbers are as in the memory of most machines. */
export const MAGIC = Buffer.from('bnnc columns 1\r\n', 'latin1');
/** Of the JSON, a double. */
export const LENGTH_BYTES = 8;
export const HASH_BYTES = 32;

const place = z.number().int().nonnegative();

/** What is where. */
export const CONTENTS = z.strictObject({
  /** What the table was made of. */
  key: z.string(),
  names: z.array(z.string()),
  headerLine: z.number().optional(),
  delimiter: z.string(),
  missingSeen: z.array(z.string()),
  sha256: z.string(),
  /** Texts of each column; null of one that is numbers. */
  levels: z.array(z.array(z.string()).nullable()),
  foreign: z.array(z.array(place)),
  /** Rows of each block, and where its lines and the cells of each of its columns begin. */
  blocks: z.array(z.strictObject({ rows: place, lines: place, columns: z.array(place) })),
});

export type Contents = z.infer<typeof CONTENTS>;
export type Block = Contents['blocks'][number];
