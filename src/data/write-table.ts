/** Tables out, piece by piece: CSV, JSON Lines or Parquet, gzipped or not. */

import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { csvLine, safeCsvLine, type WrittenColumn, type WrittenRow } from './write-csv.js';

export type { WrittenColumn, WrittenRow };

/** How a table is written. */
export interface TableFormat {
  kind: 'csv' | 'jsonl' | 'parquet';
  gzipped: boolean;
  /** CSV without texts that a spreadsheet would run. */
  safe?: boolean | undefined;
}

/** What the ending of a file asks for; CSV where it asks for nothing. */
export function tableFormat(path = ''): TableFormat {
  const plain = path.replace(/\.gz$/i, '');
  const kind = /\.parquet$/i.test(plain) ? 'parquet' : /\.(jsonl|ndjson)$/i.test(plain) ? 'jsonl' : 'csv';
  return { kind, gzipped: plain !== path };
}

/**
 * The pieces of a file, at constant memory.
 * @param batches rows as they come; nothing is written before the first of them
 * @throws (while iterating) what `batches` throws
 */
export async function* tablePieces(
  { kind, gzipped, safe = false }: TableFormat, columns: readonly WrittenColumn[], batches: AsyncIterable<readonly WrittenRow[]>,
): AsyncGenerator<string | Uint8Array, void, void> {
  if (gzipped) {
    const plain = tablePieces({ kind, gzipped: false, safe }, columns, batches);
    // pipeline passes an error on to the stream that is read, so the callback has nothing to do.
    yield* pipeline(Readable.from(plain, { objectMode: true }), createGzip(), () => {}) as AsyncIterable<Uint8Array>;
  } else if (kind === 'parquet') {
    const { parquetPieces } = await import('./write-parquet.js');
    yield* parquetPieces(columns, batches);
  } else {
    const names = columns.map(({ name }) => name);
    const line = safe ? safeCsvLine : csvLine;
    const lineOf = kind === 'csv' ? line : jsonLine(names);
    let head = kind === 'csv' ? line(names) : '';
    for await (const rows of batches) {
      yield head + rows.map(lineOf).join('');
      head = '';
    }
  }
}

const jsonLine = (names: readonly string[]) => (row: WrittenRow): string =>
  `${JSON.stringify(Object.fromEntries(names.map((name, at) => [name, row[at]])))}\n`;
