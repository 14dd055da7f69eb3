/** The hash of a table in memory. */

import { createHash } from 'node:crypto';
import type { Table } from './table.js';

/** SHA-256 of the names and cells of a table, for one that was not read from bytes. */
export function contentHash({ names, columns }: Table): string {
  const hash = createHash('sha256').update(JSON.stringify(names));
  for (const column of columns) {
    const { buffer, byteOffset, byteLength } = column.type === 'number' ? column.values : column.codes;
    if (column.type === 'text') hash.update(JSON.stringify(column.levels));
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}
