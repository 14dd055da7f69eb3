/** Where the rows that are predicted come from, and reading them in chunks. */

import { Readable } from 'node:stream';
// From the files themselves: what predicts by an exported model starts without the reader of CSV, and without all that fits.
import { encode, type EncodeOptions } from '../data/encode.js';
import { cellFeatures } from '../data/feature.js';
import { rowFacts } from '../data/row-facts.js';
import { recordTable, ROWS_NAME, type Row } from '../data/records.js';
import { tableSource, type CsvSource } from '../data/source.js';
import type { Table } from '../data/table.js';
import { fail } from '../errors.js';
import { unlessAborted } from '../jobs/abort.js';
import type { Predictor } from '../predict/predictor.js';
import { factsAt } from '../likelihood/index.js';
import { resolveTable } from '../table-path.js';
import type { Encoder, Matrix, RowFacts } from '../types.js';
import { heed, isObject } from './environment.js';
import { limitsSet } from './reading.js';

/**
 * A table, plain or gzipped: the path of a file, a readable stream of its bytes (of Node or of the web), or a named source.
 */
export type CsvInput = string | AsyncIterable<Uint8Array | string> | CsvSource;

const CHUNK_ROWS = 1024;
const STREAM_NAME = '<stream>';

/** A CSV as a source, and the end of it: whatever is still open is closed, a stream that was handed over too. */
export function sourceOf(
  input: CsvInput, { cwd, query }: { cwd: string; query?: string | undefined },
): { source: CsvSource; close: () => void } {
  const named = namedSource(input, cwd, query);
  const opened: unknown[] = isObject(input) ? [input] : [];
  const open = (): NodeJS.ReadableStream => {
    const stream = named.open();
    opened.push(stream);
    return stream;
  };
  const close = (): void => opened.forEach((stream) => void (stream as Partial<Readable>).destroy?.());
  const { name, path, database } = named;
  return { source: { name, ...(path !== undefined && { path }), ...(database && { database }), open }, close };
}

function namedSource(input: CsvInput, cwd: string, query: string | undefined): CsvSource {
  if (typeof input === 'string') return tableSource(resolveTable(cwd, input), input, query);
  if (isObject(input) && 'open' in input) return input;
  if (!isObject(input) || !(Symbol.asyncIterator in input)) {
    throw fail('usage.option', 'rows must be objects in an array, the path of a file with a table, or a readable stream of one');
  }
  return { name: STREAM_NAME, open: () => Readable.from(buffers(input), { objectMode: false }) };
}

async function* buffers(pieces: AsyncIterable<Uint8Array | string>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    yield typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  }
}

/** Encoded rows x [n, d], and the lines that they stood on. */
export interface Chunk {
  x: Matrix;
  table: Pick<Table, 'file' | 'lines'>;
  /** What a prediction needs of the rows beside their inputs. */
  facts: RowFacts;
}

interface Reading {
  predictor: Pick<Predictor, 'encoder' | 'delimiter'>;
  cwd: string;
  /** Which rows of a database. */
  query?: string | undefined;
  /** Assignments to `data.limits`. */
  sets?: readonly string[] | undefined;
  signal?: AbortSignal | undefined;
  onNotice: EncodeOptions['onNotice'];
}

/** Reads and encodes a table of any length at constant memory. @throws data.*; interrupted.stopped */
export async function* csvChunks(
  input: CsvInput, { predictor, cwd, query, sets, signal, onNotice }: Reading,
): AsyncGenerator<Chunk> {
  const { streamChunks } = await import('../data/open-table.js');
  const { encoder, delimiter } = predictor;
  const limits = { ...encoder.style?.limits, ...await limitsSet(sets, cwd) };
  const { source, close } = sourceOf(input, { cwd, query });
  const exposure = encoder.exposure === undefined ? [] : [encoder.exposure];
  const needed = new Set([...cellFeatures(encoder.features).map(({ name }) => name), ...exposure]);
  const options = { ...encoder.style, limits, delimiter, missing: encoder.missing, needed };
  const tables = streamChunks(source, { ...options, chunkRows: CHUNK_ROWS });
  try {
    for (let next = await unlessAborted(tables.next(), signal); !next.done; next = await unlessAborted(tables.next(), signal)) {
      const table = next.value;
      const { x } = encode(table, encoder, undefined, { target: 'none', onNotice });
      yield { x, table, facts: exposureOf(table, encoder) };
    }
  } finally {
    close();
  }
}

/** Encodes rows that are there already. @throws data.*; interrupted.stopped */
export function* rowChunks(
  rows: readonly Row[], { predictor: { encoder }, signal, onNotice }: Omit<Reading, 'cwd'>,
): Generator<Chunk> {
  if (rows.length === 0) return;
  const { features, missing, style, exposure } = encoder;
  const columns = [...cellFeatures(features).map(({ name }) => name), ...(exposure === undefined ? [] : [exposure])];
  const table = recordTable(rows, { columns, missing, style });
  const facts = exposureOf(table, encoder);
  for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
    heed({ signal });
    const places = Int32Array.from({ length: Math.min(CHUNK_ROWS, rows.length - from) }, (_, at) => from + at);
    const { x } = encode(table, encoder, places, { target: 'none', onNotice });
    const lines = table.lines.subarray(from, from + places.length);
    yield { x, table: { file: ROWS_NAME, lines }, facts: factsAt(facts, places) };
  }
}

/** Where the table has their column; otherwise predictions are for an exposure of 1. @throws data.not-an-exposure */
const exposureOf = (table: Table, { exposure }: Encoder): RowFacts =>
  (exposure !== undefined && table.names.includes(exposure) ? rowFacts(table, { exposure }) : {});
